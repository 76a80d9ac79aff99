//go:build unix

package lint

import (
	"net"
	"path/filepath"
	"syscall"
	"testing"
)

// odd puts a pipe and a socket where phones' files should be.
func odd(t *testing.T, dir string) {
	t.Helper()
	if err := syscall.Mkfifo(filepath.Join(dir, "SIP00503EFFD841.cnf"), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(dir, "SIP00503EFFD842.cnf"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
}
