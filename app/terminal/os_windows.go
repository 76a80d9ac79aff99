package terminal

import (
	"os"
	"time"

	"golang.org/x/sys/windows"
)

const windowsConsole = true

// prepareOutput lets the console understand control codes.
func prepareOutput(out *os.File) (restore func()) {
	handle := windows.Handle(out.Fd())
	var mode uint32
	if windows.GetConsoleMode(handle, &mode) != nil {
		return func() {}
	}
	windows.SetConsoleMode(handle, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING)
	return func() { windows.SetConsoleMode(handle, mode) }
}

// watchSize looks at the size every second: Windows sends no signal.
func watchSize() (resized <-chan time.Time, stop func()) {
	t := time.NewTicker(time.Second)
	return t.C, t.Stop
}
