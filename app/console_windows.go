package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// attachParentProcess is ATTACH_PARENT_PROCESS: the console of whoever started
// the program.
const attachParentProcess = ^uintptr(0)

var attachConsole = windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")

// A program with a window has no console: one would stand behind the phone. When
// it is started from one it speaks and listens there; what was redirected stays
// so.
func init() {
	if attached, _, _ := attachConsole.Call(attachParentProcess); attached == 0 {
		return
	}
	for _, stream := range []struct {
		file **os.File
		name string
	}{{&os.Stdin, "CONIN$"}, {&os.Stdout, "CONOUT$"}, {&os.Stderr, "CONOUT$"}} {
		if leadsSomewhere(*stream.file) {
			continue
		}
		if f, err := os.OpenFile(stream.name, os.O_RDWR, 0); err == nil {
			*stream.file = f
		}
	}
}

func leadsSomewhere(f *os.File) bool {
	kind, err := windows.GetFileType(windows.Handle(f.Fd()))
	return err == nil && kind != windows.FILE_TYPE_UNKNOWN
}

// complain tells a person who has no console why the program ends.
func complain(err error) {
	if leadsSomewhere(os.Stderr) {
		return
	}
	text, textErr := windows.UTF16PtrFromString(err.Error())
	title, titleErr := windows.UTF16PtrFromString("Deskset")
	if textErr == nil && titleErr == nil {
		_, _ = windows.MessageBox(0, text, title, windows.MB_ICONERROR|windows.MB_OK)
	}
}
