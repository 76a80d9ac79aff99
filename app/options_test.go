package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskset/provisioning/param"
)

// devNull is standard input that holds nothing.
func devNull(t *testing.T) *os.File {
	t.Helper()
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func parse(t *testing.T, args ...string) (*param.Set, []param.Problem) {
	t.Helper()
	o, err := parseOptions(t.Context(), args, devNull(t), io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return param.Merge(param.ProfileGuide, o.local...)
}

// noSettings keeps the developer's own settings file out of a test.
func noSettings(t *testing.T) string {
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", dir)
	t.Setenv("HOME", dir)
	return dir
}

func TestFlagsWinOverEnvironmentOverSettingsFile(t *testing.T) {
	dir := noSettings(t)
	file := filepath.Join(dir, "deskset", "deskset.cnf")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	text := "line1_name: file ; mine\nline2_name: file\nline3_name: file\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DESKSET_LINE1_NAME", "env")
	t.Setenv("DESKSET_LINE2_NAME", "env")
	set, problems := parse(t, "-line1_name", "flag")
	if len(problems) > 0 {
		t.Errorf("problems: %v", problems)
	}
	for name, want := range map[string]param.Origin{
		"line1_name": param.FromFlag, "line2_name": param.FromEnvironment, "line3_name": param.FromSettings,
	} {
		if v := set.Value(name); v.Origin != want {
			t.Errorf("%s = %q from layer %d, want %d", name, v.Text, v.Origin, want)
		}
	}
}

func TestParameterFlagBeatsTheAccountShorthand(t *testing.T) {
	noSettings(t)
	set, _ := parse(t, "-line1_authname", "ada", "-account", "sip:1001@192.0.2.1")
	if set.Text("line1_authname") != "ada" || set.Text("line1_name") != "1001" {
		t.Errorf("authname %q, name %q", set.Text("line1_authname"), set.Text("line1_name"))
	}
}

func TestShortFlagsOfTheTFTPServer(t *testing.T) {
	noSettings(t)
	set, _ := parse(t, "-tftp", "192.0.2.1", "-mac", "00503EFFD842")
	if set.Text("tftp_server") != "192.0.2.1" || set.Text("mac") != "00503EFFD842" {
		t.Errorf("tftp_server %q, mac %q", set.Text("tftp_server"), set.Text("mac"))
	}
}

func TestUnknownArgumentsAndMissingSettingsFileAreErrors(t *testing.T) {
	noSettings(t)
	for _, args := range [][]string{{"hello"}, {"-lab", "lint"}, {"tel:+12015550123", "lint"}, {"-no-such-flag"}, {"-settings", "/no/such/file"}, {"-password-stdin"}} {
		if _, err := parseOptions(t.Context(), args, devNull(t), io.Discard, io.Discard); err == nil {
			t.Errorf("%v: no error", args)
		}
	}
}

func TestWhoMistypesACommandIsToldWhichThereAre(t *testing.T) {
	noSettings(t)
	_, err := parseOptions(t.Context(), []string{"lnt", "/srv/tftp"}, devNull(t), io.Discard, io.Discard)
	if err == nil {
		t.Fatal("no error")
	}
	for name := range commands {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%v: lacks %s", err, name)
		}
	}
}

func TestHelpNamesEveryParameter(t *testing.T) {
	noSettings(t)
	var out bytes.Buffer
	if _, err := parseOptions(t.Context(), []string{"-help"}, devNull(t), &out, io.Discard); err == nil {
		t.Error("-help should end the program")
	}
	for _, p := range param.All() {
		if !strings.Contains(out.String(), "-"+p.Name) {
			t.Errorf("help lacks -%s", p.Name)
		}
	}
}
