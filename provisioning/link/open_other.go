//go:build !linux

package link

import (
	"fmt"
	"log/slog"
	"runtime"
)

// Open fails with ErrNotHere: only Linux lets a program have a port for itself.
func Open(name string, _ *slog.Logger) (Port, error) {
	return nil, fmt.Errorf("interface %s: %w: a port of the phone's own needs Linux, this is %s", name, ErrNotHere, runtime.GOOS)
}
