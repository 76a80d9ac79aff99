// Command gen turns the X11 bitmap fonts in ../source (PCF, gzipped, byte for
// byte as Debian ships them) into the compact files that faceplate/lcd reads.
// Run it with "go generate ./assets/fonts"; the same sources always give the
// same files, and a test of faceplate/lcd says when they are stale.
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
)

// A job makes one font file.
type job struct {
	name string
	// without names a font whose runes are left out: a fall-back need not
	// hold what the face before it has.
	without string
}

var jobs = []job{
	{name: "helvR10"},
	{name: "helvR12"},
	{name: "helvB12"},
	{name: "helvB14"},
	{name: "helvB18"},
	{name: "6x13"},
	{name: "6x13B"},
	{name: "12x13ja", without: "6x13"},
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("fonts/gen: ")
	dir := "."
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	for _, j := range jobs {
		if err := j.run(dir); err != nil {
			log.Fatalf("%s: %v", j.name, err)
		}
	}
}

func (j job) run(dir string) error {
	f, err := load(dir, j.name)
	if err != nil {
		return err
	}
	skip := map[rune]bool{}
	if j.without != "" {
		other, err := load(dir, j.without)
		if err != nil {
			return err
		}
		for _, g := range other.glyphs {
			skip[g.r] = true
		}
	}
	data, err := encode(f, skip)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, strings.ToLower(j.name)+".font"), data, 0o644)
}

func load(dir, name string) (*face, error) {
	packed, err := os.ReadFile(filepath.Join(dir, "source", name+".pcf.gz"))
	if err != nil {
		return nil, err
	}
	unpack, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(unpack)
	if err != nil {
		return nil, err
	}
	f, err := decodePCF(data)
	if err != nil {
		return nil, fmt.Errorf("%s.pcf.gz: %w", name, err)
	}
	return f, nil
}
