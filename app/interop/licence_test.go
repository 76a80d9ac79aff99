package interop_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Phrases that only one kind of licence has.
var (
	permissive = map[string]string{
		"MIT":        "Permission is hereby granted, free of charge",
		"BSD":        "Redistribution and use in source and binary forms",
		"Apache-2.0": "Apache License",
		"ISC":        "Permission to use, copy, modify, and/or distribute",
		"ISC (old)":  "Permission to use, copy, modify, and distribute this software",
		"Unlicense":  "This is free and unencumbered software",
		"CC0-1.0":    "CC0 1.0 Universal",
	}
	copyleft = regexp.MustCompile(`(?i)GNU (Affero |Lesser |Library )?General Public|Mozilla Public License|Eclipse Public License`)

	// withoutFile are modules that state their licence elsewhere.
	withoutFile = map[string]string{
		"github.com/gotranspile/g722": "README: BSD and public domain, like the C code it was translated from",
	}
)

// TestLinkedModulesArePermissive reads the licence of each module that is
// linked into the program: Deskset is Apache-2.0, and what it ships must let
// others ship it too.
func TestLinkedModulesArePermissive(t *testing.T) {
	all, _ := packages(t)
	seen := map[string]bool{}
	for _, p := range all {
		if p.Standard || p.Module == nil || p.Module.Path == "deskset" || seen[p.Module.Path] {
			continue
		}
		seen[p.Module.Path] = true
		if _, known := withoutFile[p.Module.Path]; known {
			continue
		}
		licence, why := moduleLicence(p.Module.Dir)
		if licence == "" {
			t.Errorf("%s %s: %s", p.Module.Path, p.Module.Version, why)
		}
	}
	if len(seen) == 0 {
		t.Error("no module was looked at")
	}
}

// moduleLicence names the licence found in a module's directory; if there is
// none that may be linked, why says what was found.
func moduleLicence(dir string) (name, why string) {
	why = "no licence file in " + dir
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err.Error()
	}
	for _, entry := range entries {
		upper := strings.ToUpper(entry.Name())
		if entry.IsDir() || !strings.HasPrefix(upper, "LICEN") && !strings.HasPrefix(upper, "COPYING") && !strings.HasPrefix(upper, "UNLICENSE") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return "", err.Error()
		}
		if found := copyleft.FindString(string(text)); found != "" {
			return "", entry.Name() + " says " + found
		}
		words := strings.Join(strings.Fields(string(text)), " ")
		why = entry.Name() + " is no licence this test knows"
		for licence, phrase := range permissive {
			if strings.Contains(words, phrase) {
				name = licence
			}
		}
	}
	return name, why
}
