//go:build linux

package interop

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"deskset/provisioning/link/netnstest"
)

// TFTPD is tftpd-hpa serving a directory of its own.
type TFTPD struct {
	*Process
	Addr string // host:port
	dir  string
}

// StartTFTPD serves files by name until the test ends.
func StartTFTPD(t testing.TB, files map[string]string) *TFTPD {
	t.Helper()
	return startTFTPD(t, nil, fmt.Sprintf("127.0.0.1:%d", FreePort(t)), files)
}

// startTFTPD runs it at an address of a network namespace.
func startTFTPD(t testing.TB, in *netnstest.Space, addr string, files map[string]string) *TFTPD {
	t.Helper()
	need(t, "peers", "in.tftpd")
	if os.Getuid() != 0 {
		t.Skip("in.tftpd changes its user and its root directory: only root can start it")
	}
	s := &TFTPD{Addr: addr, dir: t.TempDir()}
	for name, text := range files {
		s.Put(name, text)
	}
	s.Process = start(t, commandIn(in, "in.tftpd", "--foreground", "--address", s.Addr, "--user", "root", "--verbose", "--secure", s.dir))
	WaitFor(t, 10*time.Second, "tftpd to answer", func() bool {
		if !s.Running() {
			t.Fatalf("in.tftpd ended: %s", s.Log())
		}
		return within(in, s.answers)
	})
	return s
}

// Put adds or replaces a file; others must be able to read it (in.tftpd(8)).
func (s *TFTPD) Put(name, text string) {
	path := filepath.Join(s.dir, name)
	err := os.WriteFile(path, []byte(text), 0o644)
	if err == nil {
		err = os.Chmod(path, 0o644) // whatever the umask is
	}
	if err != nil {
		panic(err) // the directory is ours
	}
}

// answers asks for a file that is not there: any packet back will do.
func (s *TFTPD) answers() bool {
	conn, err := net.ListenPacket("udp4", ":0")
	if err != nil {
		return false
	}
	defer conn.Close()
	addr, err := net.ResolveUDPAddr("udp4", s.Addr)
	if err != nil {
		return false
	}
	if _, err := conn.WriteTo([]byte("\x00\x01proof-of-life\x00octet\x00"), addr); err != nil { // RRQ, RFC 1350
		return false
	}
	_ = conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	_, _, err = conn.ReadFrom(make([]byte, 600))
	return err == nil
}
