package terminal

import (
	"slices"
	"strings"
	"unicode/utf8"

	"deskset/phonecore/view"
)

// maxPrompt bounds a command that is typed on the screen.
const maxPrompt = 40

// prompt is the line behind ":" on which a person types a command. The zero
// value is closed.
type prompt struct {
	open  bool
	text  string
	error string // what was wrong with the last command
}

// promptNames are the commands of the screen, in the order of the help.
func promptNames() []string {
	names := []string{"startup"}
	for _, c := range view.Controls() {
		names = append(names, c.String())
	}
	return names
}

// take edits the line. It gives the command when Enter ends it; used is false
// for what the prompt leaves to the screen.
func (p *prompt) take(in input) (command string, used bool) {
	switch in.key {
	case keyText:
		if in.alt {
			return "", false
		}
		if utf8.RuneCountInString(p.text) < maxPrompt {
			p.text += clean(in.text)
		}
	case keyBackspace:
		if p.text == "" {
			*p = prompt{}
			break
		}
		_, n := utf8.DecodeLastRuneInString(p.text)
		p.text = p.text[:len(p.text)-n]
	case keyEscape:
		*p = prompt{}
	case keyEnter:
		command = strings.TrimSpace(p.text)
		*p = prompt{}
	default:
		return "", false
	}
	return command, true
}

// line is the prompt as it stands below the phone; nil if there is nothing to
// show.
func (p *prompt) line() line {
	switch {
	case p.open:
		return line{{":" + p.text, bold}, {" ", inverse}}
	case p.error != "":
		return line{{p.error, red}}
	}
	return nil
}

// command does what was typed behind ":".
func (f *screen) command(name string) {
	if name == "" {
		return
	}
	if name == "startup" {
		f.showTimeline = !f.showTimeline
		return
	}
	all := view.Controls()
	i := slices.IndexFunc(all, func(c view.Control) bool { return c.String() == name })
	if i < 0 {
		f.prompt.error = "no command " + name + "; there are " + strings.Join(promptNames(), ", ")
		return
	}
	f.phone.Control(all[i])
}
