package main

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"

	"deskset/app/directory"
	"deskset/app/image"
	"deskset/app/lab"
	"deskset/app/lint"
	"deskset/app/play"
	"deskset/app/port"
	"deskset/app/terminal"
	"deskset/faceplate"
	"deskset/faceplate/art"
	"deskset/phonecore/call"
	"deskset/phonecore/flash"
	"deskset/phonecore/text"
)

// sections are the manual, in the order of its pages.
func sections(ctx context.Context) ([]section, error) {
	demos, err := play.All()
	if err != nil {
		return nil, err
	}
	fs, _ := (&options{}).flagSet()
	all := []section{
		{title: "Ways to start it", columns: []string{"command", "what it does"},
			rows: rows(ways, func(w way) []string { return []string{w.line, w.help} })},
		{title: "Flags", words: "Of the phone; those of the other commands stand at the end.", columns: []string{"flag", "meaning"},
			rows: rows(ownFlags(fs), func(f aFlag) []string { return []string{strings.TrimSpace("-" + f.name + " " + f.value), f.help} })},
		{title: "Parameters", words: "Each is a line of the configuration files, a flag (`-preferred_codec g711alaw`), an environment variable " +
			"(`DESKSET_PREFERRED_CODEC`) and a line of the settings file. N is the number of a line or key. \"since\" is the firmware generation that brought it.",
			columns: []string{"parameter", "meaning", "values", "default", "set by", "since"},
			rows: rows(parameters(), func(d described) []string {
				return []string{d.name, d.Help, d.values(), d.defaults(), d.where(), d.since()}
			})},
		{title: "Environment", columns: []string{"variable", "meaning"}, rows: environment},
		{title: "Files", words: "On Windows `%AppData%` stands for `~/.config`, on macOS `~/Library/Application Support`.",
			columns: []string{"file", "what is in it"}, rows: files},
		{title: "Exit codes", columns: []string{"command", "0", "1", "2"}, rows: exitCodes},
		{title: "Keyboard, in the window", columns: []string{"keys", "what they do"},
			rows: rows(faceplate.ShortCuts(), func(l art.HelpLine) []string { return []string{l.Keys, l.What} })},
		{title: "Keyboard, in the terminal", columns: []string{"keys", "what they do"},
			rows: rows(terminal.ShortCuts(), func(c terminal.ShortCut) []string { return []string{c.Keys, c.What} })},
		{title: "Soft keys", words: "The words above the four keys. What is of no use at the moment is not shown; where there are more than four, the last of them goes round.",
			columns: languages(), rows: softKeyRows()},
		{title: "Scripts", words: "What `deskset -terminal` reads from a pipe, and demos are made of. KEY is a digit or `" + strings.Join(terminal.KeyNames(), "`, `") + "`.",
			columns: []string{"command"}, rows: rows(terminal.Commands(), func(c string) []string { return []string{c} })},
		{title: "The lab's numbers", columns: []string{"dial", "and"},
			rows: rows(lab.Extensions(), func(e lab.Extension) []string { return []string{e.Number, e.Does} })},
		{title: "The lab's faults", words: "For `-lab-fault`, `deskset lab -fault` and the demos.", columns: []string{"fault", "what is wrong", "what the phone should show"},
			rows: rows(lab.Scenarios(), func(s lab.Scenario) []string { return []string{s.Name, s.Does, s.Shows} })},
		{title: "Demos", words: "For `deskset play`.", columns: []string{"demo", "shows"},
			rows: rows(demos, func(d play.Demo) []string { return []string{d.Name, d.Title} })},
	}
	for _, h := range helped {
		var text bytes.Buffer
		h.main(ctx, h.args, &text, &text)
		all = append(all, section{title: "deskset " + h.name, text: strings.ReplaceAll(text.String(), "\t", "  ")})
	}
	return all, nil
}

func rows[T any](list []T, row func(T) []string) [][]string {
	all := make([][]string, len(list))
	for i, v := range list {
		all[i] = row(v)
	}
	return all
}

// environment are the variables that the program reads beside those of the
// parameters.
var environment = [][]string{
	{"DESKSET_NAME", "any parameter: DESKSET_LINE1_NAME is line1_name"},
	{"LC_ALL, LC_MESSAGES, LANG", "the language, while the parameter language says nothing; the terminal's characters"},
	{"DISPLAY, WAYLAND_DISPLAY", "where the window opens; without either the phone is shown in the terminal"},
	{"XDG_CONFIG_HOME", "in place of ~/.config"},
	{"XDG_RUNTIME_DIR", "where a second start finds the phone that runs"},
	{"TERM, NO_COLOR, COLUMNS", "what the terminal can do"},
	{"GOGC, GOMEMLIMIT", "how Go collects garbage, in place of our own measure"},
	{"SOURCE_DATE_EPOCH", "the time in images that deskset image build makes"},
	{"SUDO_UID", "whose phone deskset port serves"},
}

// files are where the program keeps things.
var files = [][]string{
	{"~/.config/deskset/deskset.cnf", "settings of this computer (-settings): parameters, one a line, as in SIPDefault.cnf"},
	{"~/.config/deskset/flash/" + flash.File, "the phone's memory (-flash): what was saved in the menus, call log, personal directory, trusted certificates, the window's place"},
	{"~/.config/deskset/flash/images/", "the two image slots"},
	{"~/.config/deskset/flash/recordings/", "recordings of calls (record_folder)"},
	{"$XDG_RUNTIME_DIR/deskset/", "sockets by which a second start hands a link to the phone that runs"},
	{port.DefaultSocket, "socket of deskset port (-socket)"},
}

// exitCodes are what the commands end with.
var exitCodes = [][]string{
	{"deskset", "it ended as it was asked to", "it could not start, or a line of the script failed", "a wrong command line"},
	{"deskset directory", "done", "–", "not done, or a wrong command line"},
	{"deskset image", "all is well", "a shown file is none that phones take", "a file that cannot be read or written, or a wrong command line"},
	{"deskset lab", "ended by a signal", "it could not start", "a wrong command line"},
	{"deskset lint", "nothing worse than a note, or a warning without -strict", "warnings, with -strict", "errors, or a wrong command line"},
	{"deskset play", "all demos went well", "one did not", "a wrong command line"},
	{"deskset port", "ended by a signal", "it could not start", "a wrong command line"},
	{"deskset reference", "written", "it could not be written", "a wrong command line"},
	{"deskset trace", "as deskset", "as deskset", "as deskset"},
}

// helped are the commands whose own help is part of the manual.
var helped = []struct {
	name string
	main func(ctx context.Context, args []string, stdout, stderr io.Writer) int
	args []string
}{
	{"directory", directory.Main, []string{"-help"}},
	{"image", image.Main, []string{"build", "-help"}},
	{"lab", lab.Main, []string{"-help"}},
	{"lint", lint.Main, []string{"-help"}},
	{"play", played, []string{"-help"}},
	{"port", port.Main, []string{"-help"}},
	{"trace", traced, []string{"-help"}},
}

func languages() (names []string) {
	for _, l := range text.Languages() {
		names = append(names, l.Name)
	}
	return names
}

// softKeyRows are the words of all soft keys in all languages, in the order of
// the one table of soft keys.
func softKeyRows() (all [][]string) {
	var keys []call.SoftKey
	for row := range call.NumContexts {
		for _, k := range call.Keys(row, func(call.SoftKey) bool { return true }) {
			if k != text.None && !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	keys = append(keys, text.SoftMore)
	all = make([][]string, len(keys))
	defer text.Use(text.InUse().Code)
	for _, l := range text.Languages() {
		text.Use(l.Code)
		for i, k := range keys {
			all[i] = append(all[i], text.Get(k))
		}
	}
	return all
}
