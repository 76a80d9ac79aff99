package tftp

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	pin "github.com/pin/tftp/v3"
)

func TestServersInTheField(t *testing.T) {
	root := t.TempDir()
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	// The directories above belong to the test's user; the servers change theirs.
	for _, size := range sizes {
		if err := os.WriteFile(filepath.Join(root, strconv.Itoa(size)), text(size), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "hidden"), []byte("x"), 0); err != nil {
		t.Fatal(err)
	}
	t.Run("tftpd-hpa", func(t *testing.T) {
		server := freePort(t)
		start(t, "in.tftpd", "--foreground", "--user", "root", "--address", server.String(), "--secure", root)
		tryServer(t, server)
		if _, err := fetch(t, steady(), server, "hidden"); !errors.Is(err, ErrAccess) {
			t.Errorf("unreadable file: %v", err)
		}
	})
	t.Run("dnsmasq", func(t *testing.T) {
		// dnsmasq serves TFTP on port 69 only, so it gets an address of its own.
		pid := os.Getpid()
		server := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 69, byte(pid >> 8), byte(pid)}), 69)
		start(t, "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--user=root", "--pid-file=",
			"--listen-address="+server.Addr().String(), "--bind-interfaces", "--enable-tftp", "--tftp-root="+root)
		tryServer(t, server)
	})
	t.Run("pin/tftp", func(t *testing.T) {
		tryServer(t, pinServer(t, func(name string) ([]byte, error) {
			return os.ReadFile(filepath.Join(root, filepath.Base(name)))
		}))
	})
}

func pinServer(t testing.TB, read func(name string) ([]byte, error)) netip.AddrPort {
	return pinServerOn(t, listenLoopback(t), read)
}

func pinServerOn(t testing.TB, conn *net.UDPConn, read func(name string) ([]byte, error)) netip.AddrPort {
	s := pin.NewServer(func(name string, to io.ReaderFrom) error {
		data, err := read(name)
		if err != nil {
			return err
		}
		to.(pin.OutgoingTransfer).SetSize(int64(len(data)))
		_, err = to.ReadFrom(bytes.NewReader(data))
		return err
	}, nil)
	done := make(chan error)
	go func() { done <- s.Serve(conn) }()
	t.Cleanup(func() { s.Shutdown(); <-done })
	return conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

func freePort(t *testing.T) netip.AddrPort {
	conn := listenLoopback(t)
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

// start runs a server until the test ends.
func start(t *testing.T, program string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(program)
	for _, dir := range []string{"/usr/sbin", "/usr/local/sbin"} {
		if err != nil {
			path, err = exec.LookPath(filepath.Join(dir, program))
		}
	}
	if err != nil {
		t.Skipf("%s is not installed", program)
	}
	if os.Getuid() != 0 {
		t.Skipf("%s wants to be started by root", program)
	}
	cmd := exec.Command(path, args...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Skipf("%s does not start: %v", program, err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
}

// tryServer fetches every file of every block size, and what is not there.
func tryServer(t *testing.T, server netip.AddrPort) {
	t.Helper()
	ready := time.Now().Add(5 * time.Second)
	for {
		_, err := fetch(t, steady(), server, "0")
		if err == nil {
			break
		}
		if time.Now().After(ready) {
			t.Skipf("the server does not come up: %v", err)
		}
	}
	for _, blockSize := range []int{512, 1428, 8192} {
		for _, size := range sizes {
			c := steady()
			c.BlockSize = blockSize
			if data, err := fetch(t, c, server, strconv.Itoa(size)); err != nil || !bytes.Equal(data, text(size)) {
				t.Errorf("%d bytes in blocks of %d: got %d, %v", size, blockSize, len(data), err)
			}
		}
	}
	if _, err := fetch(t, steady(), server, "SIPDefault.cnf"); !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrServer) {
		t.Errorf("missing file: %v", err)
	}
}

func BenchmarkFetch(b *testing.B) {
	content := text(1 << 20)
	server := pinServer(b, func(string) ([]byte, error) { return content, nil })
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		if _, err := steady().Fetch(b.Context(), server, "f"); err != nil {
			b.Fatal(err)
		}
	}
}
