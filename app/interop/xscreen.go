//go:build linux

package interop

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Screen is what stands on an X server's screen, read where the server itself
// keeps it: nothing is asked of the server, so looking does not disturb.
type Screen struct {
	file   *os.File
	start  int64
	stride int
}

// framebuffer is the file of Xvfb -fbdir: an X window dump whose pixels change.
const framebuffer = "Xvfb_screen0"

// Screen opens it.
func (x *Xvfb) Screen(t testing.TB) *Screen {
	t.Helper()
	file, err := os.Open(filepath.Join(x.dir, framebuffer))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	var head [25]uint32 // XWDFile.h
	if err := binary.Read(file, binary.BigEndian, &head); err != nil {
		t.Fatal(err)
	}
	const headerSize, bitsPerPixel, bytesPerLine, numColours, colourSize = 0, 11, 12, 19, 12
	if head[bitsPerPixel] != 32 {
		t.Fatalf("a screen of %d bits per pixel", head[bitsPerPixel])
	}
	return &Screen{file, int64(head[headerSize] + colourSize*head[numColours]), int(head[bytesPerLine])}
}

// Copy reads the lines of a part of the screen, whole from left to right.
func (s *Screen) Copy(into []byte, part image.Rectangle) ([]byte, error) {
	size := part.Dy() * s.stride
	if cap(into) < size {
		into = make([]byte, size)
	}
	into = into[:size]
	_, err := s.file.ReadAt(into, s.start+int64(part.Min.Y*s.stride))
	return into, err
}

// Changed tells whether two copies differ within the part.
func (s *Screen) Changed(a, b []byte, part image.Rectangle) bool {
	for y := range part.Dy() {
		from, to := y*s.stride+4*part.Min.X, y*s.stride+4*part.Max.X
		if !bytes.Equal(a[from:to], b[from:to]) {
			return true
		}
	}
	return false
}

// Keyboard presses keys by the X server's own extension for tests, XTEST, in the
// moment in which it is told to. A program started for each key would be late by
// its start.
type Keyboard struct {
	conn net.Conn
	xt   byte // XTEST's opcode
}

// Codes of keys on the X server's keyboard.
const (
	KeycodeFive      = 14
	KeycodeBackspace = 22
)

// Keyboard connects to the server.
func (x *Xvfb) Keyboard(t testing.TB) *Keyboard {
	t.Helper()
	conn, err := net.Dial("unix", "/tmp/.X11-unix/X"+strings.TrimPrefix(x.Display, ":"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	k := &Keyboard{conn: conn}
	if err := k.open(); err != nil {
		t.Fatalf("X server %s: %v", x.Display, err)
	}
	return k
}

// open is the X protocol's greeting and the question for XTEST (X Window System
// Protocol, "Connection Setup" and QueryExtension).
func (k *Keyboard) open() error {
	_ = k.conn.SetDeadline(time.Now().Add(10 * time.Second))
	defer func() { _ = k.conn.SetDeadline(time.Time{}) }()
	if _, err := k.conn.Write([]byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		return err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(k.conn, head); err != nil {
		return err
	}
	if _, err := io.CopyN(io.Discard, k.conn, 4*int64(binary.LittleEndian.Uint16(head[6:]))); err != nil {
		return err
	}
	if head[0] != 1 {
		return errors.New("does not let us in")
	}
	const name, queryExtension = "XTEST", 98
	ask := append([]byte{queryExtension, 0, 4, 0, byte(len(name)), 0, 0, 0}, name+"\x00\x00\x00"...)
	if _, err := k.conn.Write(ask); err != nil {
		return err
	}
	reply := make([]byte, 32)
	if _, err := io.ReadFull(k.conn, reply); err != nil {
		return err
	}
	if reply[8] == 0 {
		return fmt.Errorf("has no %s", name)
	}
	k.xt = reply[9]
	return nil
}

// Press presses a key, and lets it go when told to.
func (k *Keyboard) Press(code byte) error { return k.fake(2, code) }

// Release lets a key go.
func (k *Keyboard) Release(code byte) error { return k.fake(3, code) }

// fake is XTestFakeInput.
func (k *Keyboard) fake(event, code byte) error {
	request := make([]byte, 36)
	request[0], request[1], request[2], request[4], request[5] = k.xt, 2, 9, event, code
	_, err := k.conn.Write(request)
	return err
}
