package main

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"deskset/app/play"
)

// TestCommandsOfTheReadmeAreThere: a newcomer copies them. Each names a command,
// demos and flags that the program has.
func TestCommandsOfTheReadmeAreThere(t *testing.T) {
	file, err := os.Open("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	found := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "    ") {
			found += checkCommand(t, line)
		}
		for i, code := range strings.Split(line, "`") {
			if i%2 == 1 && strings.HasPrefix(code, "build/deskset") {
				found += checkCommand(t, code)
			}
		}
	}
	if found < 25 {
		t.Errorf("%d commands: the README has more", found)
	}
}

// checkCommand checks what a line starts, and tells whether it starts the
// program.
func checkCommand(t *testing.T, line string) int {
	t.Helper()
	_, rest, ok := strings.Cut(line, "build/deskset")
	if !ok || strings.HasPrefix(rest, "_") || strings.HasPrefix(rest, "-") { // a package
		return 0
	}
	command, _, _ := strings.Cut(rest, "#")
	words := strings.Fields(strings.NewReplacer("'", "", " & ", " ", " | ", " ").Replace(strings.TrimSuffix(strings.TrimSpace(command), "&")))
	switch {
	case len(words) == 0 || strings.HasPrefix(words[0], "tel:"):
		return 1
	case words[0] == "trace":
		words = words[2:] // its file
	case words[0] == "play":
		for _, word := range words[1:] {
			if strings.HasPrefix(word, "-") {
				break
			}
			if _, err := play.Open(word); err != nil && !strings.HasSuffix(word, ".demo") {
				t.Errorf("%s: %v", line, err)
			}
		}
		return 1
	case !strings.HasPrefix(words[0], "-"):
		if commands[words[0]] == nil {
			t.Errorf("%s: no command %s", line, words[0])
		}
		return 1
	}
	flags, _ := (&options{}).flagSet()
	for _, word := range words {
		if name := strings.TrimPrefix(word, "-"); name != word && name != "help" && flags.Lookup(name) == nil {
			t.Errorf("%s: no flag -%s", line, name)
		}
	}
	return 1
}
