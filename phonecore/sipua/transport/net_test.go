package transport_test

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is the deadline of everything that real sockets do here.
const patience = 10 * time.Second

// ear keeps what a transport tells.
type ear struct {
	packets chan transport.Packet
	closed  chan error
	trouble chan error
}

func (e *ear) Receive(p transport.Packet) { e.packets <- p }
func (e *ear) Closed(_ transport.Destination, err error) {
	select {
	case e.closed <- err:
	default:
	}
}
func (e *ear) Trouble(err error) { e.trouble <- err }

func start(t *testing.T, o transport.Options) (*transport.Net, *ear) {
	t.Helper()
	o.Local = netip.MustParseAddr("127.0.0.1")
	n, err := transport.New(o)
	if err != nil {
		t.Fatal(err)
	}
	e := &ear{make(chan transport.Packet, 100), make(chan error, 10), make(chan error, 10)}
	n.Start(e)
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n, e
}

func wait[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("no %s within %v", what, patience)
		panic("unreachable")
	}
}

func at(network string, port uint16) transport.Destination {
	return transport.Destination{Network: network, Addr: netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port)}
}

func options(id string) *wire.Message {
	m := wire.NewRequest("OPTIONS", "sip:x@y")
	m.Header.Add("Call-ID", id)
	return m
}

func TestMessagesTravelByUDPAndTCPAndBack(t *testing.T) {
	a, aEar := start(t, transport.Options{})
	b, bEar := start(t, transport.Options{})
	for _, network := range []string{transport.UDP, transport.TCP} {
		for i := range 3 {
			if err := a.Send(at(network, b.Port()), options(fmt.Sprint(i)), nil); err != nil {
				t.Fatal(err)
			}
			p := wait(t, bEar.packets, network)
			if p.Message.CallID() != fmt.Sprint(i) || p.From.Network != network {
				t.Errorf("%+v", p)
			}
			// The answer comes back the same way.
			p.From.Reply = true
			if err := b.Send(p.From, wire.NewResponse(p.Message, 200, "", "x"), nil); err != nil {
				t.Fatal(err)
			}
			if r := wait(t, aEar.packets, "response"); r.Message.Status != 200 {
				t.Errorf("%+v", r)
			}
		}
	}
}

func TestPortInUseIsReplacedAndTold(t *testing.T) {
	a, _ := start(t, transport.Options{})
	b, bEar := start(t, transport.Options{Port: a.Port()})
	err := wait(t, bEar.trouble, "trouble")
	for _, want := range []string{fmt.Sprint(a.Port()), "voip_control_port", fmt.Sprint(b.Port())} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %q", err, want)
		}
	}
	if a.Port() == b.Port() {
		t.Error("two listeners on one port")
	}
}

func TestBadDatagramsLeaveTheListenerAlone(t *testing.T) {
	a, aEar := start(t, transport.Options{})
	c, err := net.Dial("udp", fmt.Sprintf("127.0.0.1:%d", a.Port()))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, bad := range [][]byte{{}, []byte("\r\n\r\n"), {0}, bytes.Repeat([]byte{0xff}, 60000), []byte("INVITE"), []byte("SIP/2.0 x y\r\n\r\n")} {
		if _, err := c.Write(bad); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Write(options("good").Encode()); err != nil {
		t.Fatal(err)
	}
	for {
		if p := wait(t, aEar.packets, "good message"); p.Message != nil && p.Message.CallID() == "good" {
			return
		}
	}
}

func TestRefusedConnectionFailsTheMessage(t *testing.T) {
	a, aEar := start(t, transport.Options{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := uint16(l.Addr().(*net.TCPAddr).Port)
	l.Close()
	failed := make(chan error, 1)
	if err := a.Send(at(transport.TCP, port), options("x"), func(err error) { failed <- err }); err != nil {
		failed <- err // it was that quick
	}
	if err := wait(t, failed, "failure"); !strings.Contains(err.Error(), "refused") {
		t.Error(err)
	}
	wait(t, aEar.closed, "end of the connection")
	reply := at(transport.TCP, port)
	reply.Reply = true
	if err := a.Send(reply, options("x"), nil); err == nil {
		t.Error("a response opened a connection")
	}
}

func TestConnectionThatBreaksIsTold(t *testing.T) {
	a, aEar := start(t, transport.Options{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := a.Send(at(transport.TCP, uint16(l.Addr().(*net.TCPAddr).Port)), options("x"), nil); err != nil {
		t.Fatal(err)
	}
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	wait(t, aEar.closed, "end of the connection")
}

func TestKeepAliveGetsAPongAndGarbageIsCutOff(t *testing.T) {
	a, aEar := start(t, transport.Options{})
	dial := func() (net.Conn, *bufio.Reader) {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", a.Port()))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		return c, bufio.NewReader(c)
	}
	c, r := dial()
	defer c.Close()
	fmt.Fprint(c, "\r\n\r\n")
	if line, err := r.ReadString('\n'); line != "\r\n" || err != nil {
		t.Errorf("pong %q %v", line, err)
	}
	fmt.Fprintf(c, "\r\n\r\n%s", options("behind a ping").Encode())
	if p := wait(t, aEar.packets, "message"); p.Message.CallID() != "behind a ping" {
		t.Errorf("%+v", p)
	}
	g, r := dial()
	defer g.Close()
	fmt.Fprint(g, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if _, err := r.ReadByte(); err == nil {
		t.Error("HTTP was answered")
	}
}

func TestGuestsAreBounded(t *testing.T) {
	a, _ := start(t, transport.Options{})
	open := 0
	for range 80 {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", a.Port()))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprint(c, "\r\n\r\n")
		if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(make([]byte, 2)); err == nil {
			open++
		}
	}
	if open != 64 {
		t.Errorf("%d connections were taken", open)
	}
}

// TestConnectionForOneLongRequestDoesNotStay: such connections would add up over a
// day, until there are too many. What a line is reached by stays.
func TestConnectionForOneLongRequestDoesNotStay(t *testing.T) {
	defer transport.SetPassingTimeout(100 * time.Millisecond)()
	a, _ := start(t, transport.Options{})
	lasting, mine := start(t, transport.Options{})
	both, shared := start(t, transport.Options{})
	passing, theirs := start(t, transport.Options{})
	send := func(to *transport.Net, pass bool, from *ear) transport.Destination {
		t.Helper()
		d := at(transport.TCP, to.Port())
		d.Passing = pass
		if err := a.Send(d, options("1"), nil); err != nil {
			t.Fatal(err)
		}
		return wait(t, from.packets, "message").From
	}
	first := send(lasting, false, mine)
	send(both, true, shared)
	second := send(both, false, shared)
	send(passing, true, theirs)
	wait(t, theirs.closed, "end of the connection that was taken for one message")
	if again := send(lasting, false, mine); again != first {
		t.Errorf("a lasting connection from %v has become one from %v", first, again)
	}
	if again := send(both, false, shared); again != second {
		t.Errorf("a connection from %v that has come to last has become one from %v", second, again)
	}
}

// certificate makes a server certificate for a name.
func certificate(t *testing.T, name string) (tls.Certificate, *x509.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, parsed
}

func TestTLSChecksTheNameThatWasAskedFor(t *testing.T) {
	cert, authority := certificate(t, "pbx.example.com")
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	got, from := make(chan string, 10), make(chan string, 10)
	served := make(chan struct{})
	go func() {
		defer close(served)
		for range 2 {
			c, err := l.Accept()
			if err != nil {
				return
			}
			line, _ := bufio.NewReader(c).ReadString('\n')
			from <- c.RemoteAddr().String()
			got <- line
			c.Close()
		}
	}()
	trust := transport.NewTrust()
	trust.Add([]*x509.Certificate{authority})
	a, _ := start(t, transport.Options{Trust: trust})
	to := at(transport.TLS, uint16(l.Addr().(*net.TCPAddr).Port))
	failed := make(chan error, 1)
	to.Host = "evil.example.com"
	if err := a.Send(to, options("x"), func(err error) { failed <- err }); err != nil {
		t.Fatal(err)
	}
	if err := wait(t, failed, "refusal"); !strings.Contains(err.Error(), "evil.example.com") {
		t.Error(err)
	}
	if line := wait(t, got, "end of the bad connection"); line != "" {
		t.Errorf("sent to the wrong server: %q", line)
	}
	to.Host = "pbx.example.com"
	local, err := a.LocalAddr(to)
	if err != nil || local.Port() == a.Port() {
		t.Errorf("Contact is the connection itself: %v %v", local, err)
	}
	if err := a.Send(to, options("x"), func(err error) { failed <- err }); err != nil {
		t.Fatal(err)
	}
	if line := wait(t, got, "message by TLS"); line != "OPTIONS sip:x@y SIP/2.0\r\n" {
		t.Errorf("%q", line)
	}
	wait(t, from, "address of the bad connection")
	if addr := wait(t, from, "address of the good connection"); addr != local.String() {
		t.Errorf("connected from %s, Contact says %v", addr, local)
	}
	<-served
}

func TestLocalAddressFollowsTheRoute(t *testing.T) {
	n, err := transport.New(transport.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n.Start(&ear{})
	defer n.Close()
	got, err := n.LocalAddr(at(transport.UDP, 5060))
	if err != nil || got != netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), n.Port()) {
		t.Errorf("%v %v", got, err)
	}
	if got, err := n.LocalAddr(transport.Destination{}); err != nil || !got.Addr().IsValid() || got.Addr().IsUnspecified() {
		t.Errorf("default route: %v %v", got, err)
	}
}

func TestZoneOfAnAddressStaysAtHome(t *testing.T) {
	a, err := transport.New(transport.Options{Local: netip.MustParseAddr("::1%lo")})
	if err != nil {
		t.Skip("no IPv6 on loopback:", err)
	}
	defer a.Close()
	a.Start(&ear{})
	if got, err := a.LocalAddr(transport.Destination{Network: transport.UDP, Addr: netip.MustParseAddrPort("[::1]:5060")}); err != nil || got.Addr().String() != "::1" {
		t.Errorf("%v %v", got, err)
	}
}

func TestCloseEndsEverythingAtOnce(t *testing.T) {
	n, err := transport.New(transport.Options{Local: netip.MustParseAddr("127.0.0.1")})
	if err != nil {
		t.Fatal(err)
	}
	n.Start(&ear{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := n.Send(at(transport.TCP, uint16(l.Addr().(*net.TCPAddr).Port)), options("x"), nil); err != nil {
		t.Fatal(err)
	}
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := n.Close(); err != nil {
		t.Error(err)
	}
	if err := n.Send(at(transport.TCP, 1), options("x"), nil); err == nil {
		t.Error("sent by a closed transport")
	}
}
