package tftp

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// newTestGuard is a guard with a test's socket in place of pin's client.
func newTestGuard(t *testing.T) (*guard, *net.UDPConn) {
	server := listenLoopback(t).LocalAddr().(*net.UDPAddr).AddrPort()
	g := steady().newGuard(server, "f", &sink{w: io.Discard}, false)
	if err := g.open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.close)
	return g, listenLoopback(t)
}

func address(c *net.UDPConn) netip.AddrPort { return c.LocalAddr().(*net.UDPAddr).AddrPort() }

func TestGuardListensToOneClientOnly(t *testing.T) {
	g, client := newTestGuard(t)
	other := listenLoopback(t)
	buffer := make([]byte, maxWord)
	inside := address(g.inside)
	client.WriteToUDPAddrPort([]byte("\x00\x01f\x00octet\x00"), inside)
	if _, _, err := g.listen(buffer); err != nil || g.pin != address(client) {
		t.Fatalf("%v, %v", g.pin, err)
	}
	for _, word := range [][]byte{packACK(7), packError(codeUndefined, ""), nil} {
		other.WriteToUDPAddrPort(word, inside)
	}
	client.WriteToUDPAddrPort(packACK(0), inside)
	if fresh, _, err := g.listen(buffer); err != nil || !fresh || g.pin != address(client) || !bytes.Equal(g.said, packACK(0)) {
		t.Errorf("%v said %x, %v", g.pin, g.said, err)
	}
}

// A local program that guesses the port of pin's client comes too late.
func TestClientListensToItsGuardOnly(t *testing.T) {
	g, _ := newTestGuard(t)
	var data bytes.Buffer
	g.to = &sink{w: &data}
	result := make(chan error)
	go func() { result <- g.fetch() }()
	if _, _, err := g.listen(make([]byte, maxWord)); err != nil {
		t.Fatal(err)
	}
	listenLoopback(t).WriteToUDPAddrPort([]byte("\x00\x03\x00\x01evil"), g.pin)
	if err := g.tell([]byte("\x00\x03\x00\x01good")); err != nil {
		t.Fatal(err)
	}
	if err := <-result; data.String() != "good" || err != nil {
		t.Errorf("%q, %v", data.String(), err)
	}
}

func TestParallelFetchesDoNotInterfere(t *testing.T) {
	server := pinServer(t, func(name string) ([]byte, error) {
		n, err := strconv.Atoi(name)
		return bytes.Repeat([]byte{byte(n)}, 20_000+n), err
	})
	c := steady()
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			data, err := fetch(t, c, server, strconv.Itoa(i))
			if err != nil || !bytes.Equal(data, bytes.Repeat([]byte{byte(i)}, 20_000+i)) {
				t.Errorf("file %d: %d bytes, %v", i, len(data), err)
			}
		})
	}
	all.Wait()
}

func TestServersByIPv6(t *testing.T) {
	conn, err := net.ListenUDP("udp6", &net.UDPAddr{IP: net.IPv6loopback})
	if err != nil {
		t.Skipf("no IPv6 here: %v", err)
	}
	server := pinServerOn(t, conn, func(string) ([]byte, error) { return text(5000), nil })
	if data, err := fetch(t, steady(), server, "f"); err != nil || !bytes.Equal(data, text(5000)) {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}

// The counting is that of pin's client, so it is tried with as many blocks.
func TestFileOfMoreThan65535Blocks(t *testing.T) {
	t.Parallel()
	content := text(512*65_600 + 17)
	server := pinServer(t, func(string) ([]byte, error) { return content, nil })
	c := &Client{Timeout: 5 * time.Second, BlockSize: 512, MaxSize: int64(len(content))}
	if data, err := c.Fetch(t.Context(), server, "f"); err != nil || !bytes.Equal(data, content) {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}

func TestNothingRunsOnAfterFetch(t *testing.T) {
	silent := address(listenLoopback(t))
	before := goleak.IgnoreCurrent()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := (&Client{}).Fetch(ctx, silent, "f"); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if _, err := quick().Fetch(t.Context(), silent, "f"); !errors.Is(err, ErrTimeout) {
		t.Error(err)
	}
	goleak.VerifyNone(t, before)
}

func TestDeadServerIsGivenUpAfterThreeSeconds(t *testing.T) {
	t.Parallel()
	conn := listenLoopback(t)
	began := time.Now()
	_, err := (&Client{}).Fetch(t.Context(), address(conn), "f")
	if took := time.Since(began); !errors.Is(err, ErrTimeout) || took < 3*time.Second || took > 5*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
}

// Whatever a server answers to a request, pin's client gets nothing but the
// first block, whole, or the options as the guard has understood them.
func FuzzGuardPassesOnWhatIsSound(f *testing.F) {
	f.Add([]byte("\x00\x03\x00\x01x"), false)
	f.Add([]byte("\x00\x06BLKSIZE\x001428\x00tsize\x009\x00"), false)
	f.Add([]byte("\x00\x06blksize\x008\x00"), true)
	f.Add([]byte("\x00\x05\x00\x01\x1b[0m\x00"), true)
	server := address(listenLoopback(f))
	f.Fuzz(func(t *testing.T, datagram []byte, plain bool) {
		g := steady().newGuard(server, "f", &sink{w: io.Discard}, plain)
		if err := g.open(); err != nil {
			t.Skip(err)
		}
		defer g.close()
		client := listenLoopback(t)
		g.pin, g.said = address(client), []byte{0, byte(opRRQ)}
		if err := g.handle(datagram); err != nil || !g.answered {
			return
		}
		buffer := make([]byte, 1<<16)
		client.SetReadDeadline(time.Now().Add(time.Second))
		n, _, err := client.ReadFromUDPAddrPort(buffer)
		block := bytes.HasPrefix(datagram, []byte{0, 3, 0, 1}) && bytes.Equal(buffer[:n], datagram)
		options := !plain && bytes.Equal(buffer[:n], packOptions(g.blockSize))
		if err != nil || !block && !options || g.blockSize < 512 || g.blockSize > 1428 || n > headerLength+g.blockSize {
			t.Errorf("%x became %x, blocks of %d, %v", datagram, buffer[:n], g.blockSize, err)
		}
	})
}
