//go:build unix

package terminal

import (
	"os"
	"os/signal"
	"syscall"
)

const windowsConsole = false

// prepareOutput has nothing to do: terminals here understand control codes.
func prepareOutput(*os.File) (restore func()) { return func() {} }

// watchSize tells when the terminal's size changed, until stop.
func watchSize() (resized <-chan os.Signal, stop func()) {
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, syscall.SIGWINCH)
	return ch, func() { signal.Stop(ch) }
}
