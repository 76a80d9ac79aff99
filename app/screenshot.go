package main

import (
	"errors"
	"fmt"
	"image/png"
	"os"
	"strings"

	"deskset/faceplate"
	"deskset/faceplate/lcd/samples"
)

// Widths of a screenshot: what can be read, and twice the largest window.
const (
	minWidth = 200
	maxWidth = 5120
)

// screenshot writes the whole face with one of the sample screens.
func screenshot(path, screen string, width int) error {
	if width < minWidth || width > maxWidth {
		return fmt.Errorf("-width %d: want %d to %d pixels", width, minWidth, maxWidth)
	}
	v, ok := samples.Get(screen)
	if !ok {
		var names []string
		for _, s := range samples.All() {
			names = append(names, s.Name)
		}
		return fmt.Errorf("-screen %q: want one of %s", screen, strings.Join(names, ", "))
	}
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("screenshot: %w; name another file with -screenshot FILE", err)
	}
	return errors.Join(png.Encode(f, faceplate.Render(v, width, 1)), f.Close())
}
