package transport_test

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua/transport"
)

// A server that has answered our line ends and does so no more is gone, whatever
// TCP thinks of it (RFC 5626 section 4.4.1); one that never has is none.
func TestMissingPongClosesTheConnection(t *testing.T) {
	defer transport.SetPongTimeout(200 * time.Millisecond)()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conns := make(chan net.Conn, 2)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns <- c
			go func() { _, _ = io.Copy(io.Discard, c) }()
		}
	}()
	n, e := start(t, transport.Options{})
	to := at(transport.TCP, uint16(l.Addr().(*net.TCPAddr).Port))
	if err := n.SendRaw(to, transport.Ping, nil); err == nil {
		t.Error("a keep-alive has opened a connection")
	}
	if err := n.Send(to, options("1"), nil); err != nil {
		t.Fatal(err)
	}
	c := wait(t, conns, "connection")
	defer c.Close()
	if err := n.SendRaw(to, transport.Ping, nil); err != nil {
		t.Fatal(err)
	}
	select { // it may not know of them
	case err := <-e.closed:
		t.Fatal(err)
	case <-time.After(time.Second):
	}
	if _, err := c.Write([]byte("\r\n")); err != nil {
		t.Fatal(err)
	}
	// When the pong has been read, the next silence counts.
	deadline := time.After(patience)
	for {
		_ = n.SendRaw(to, transport.Ping, nil) // it may be closed at this moment
		select {
		case err := <-e.closed:
			if !strings.Contains(err.Error(), "keep-alive") {
				t.Error(err)
			}
			return
		case <-time.After(50 * time.Millisecond):
		case <-deadline:
			t.Fatal("the connection stays open")
		}
	}
}

func TestIPv6CanComeFirst(t *testing.T) {
	z := zone{"A pbx": "192.0.2.8 2001:db8::8"}
	for first, want := range map[bool]string{false: "192.0.2.8:5060 [2001:db8::8]:5060", true: "[2001:db8::8]:5060 192.0.2.8:5060"} {
		list, err := transport.DNS{Lookup: z, IPv6First: first}.Resolve(context.Background(), transport.Target{Host: "pbx"})
		var got []string
		for _, to := range list {
			got = append(got, to.Addr.String())
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%v %v, want %s", got, err, want)
		}
	}
}
