package tftpd

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"deskset/app/lab/tftpd/tftptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var content = bytes.Repeat([]byte("0123456789abcde\n"), 100) // 1600 bytes

func start(t *testing.T, f Fault) *Server {
	t.Helper()
	files := map[string][]byte{"f": content, "empty": {}, "full": content[:1024], "big": bytes.Repeat(content, 328)}
	s, err := Start(Options{Listen: netip.MustParseAddr("127.0.0.1"), Fault: f, Open: func(name string) ([]byte, error) {
		if name == "broken" {
			return nil, errors.New("it cannot be read")
		}
		if data, ok := files[name]; ok {
			return data, nil
		}
		return nil, fs.ErrNotExist
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestFilesArriveWhole(t *testing.T) {
	s := start(t, Fault{})
	for _, c := range []struct {
		r       tftptest.Request
		bytes   int
		blocks  int
		options map[string]string
	}{
		{tftptest.Request{Name: "f"}, 1600, 4, nil},
		{tftptest.Request{Name: "empty"}, 0, 1, nil},
		{tftptest.Request{Name: "full"}, 1024, 3, nil},
		{tftptest.Request{Name: "f", BlockSize: 1600, Size: true}, 1600, 2, map[string]string{"blksize": "1428", "tsize": "1600"}},
		{tftptest.Request{Name: "f", BlockSize: 8}, 1600, 201, map[string]string{"blksize": "8"}},
		{tftptest.Request{Name: "f", BlockSize: 7, Size: true}, 1600, 4, map[string]string{"tsize": "1600"}},
		{tftptest.Request{Name: "f", Mode: "NetASCII"}, 1700, 4, nil},
		{tftptest.Request{Name: "big", BlockSize: 8}, 524800, 65601, map[string]string{"blksize": "8"}}, // beyond block 65535
	} {
		a, err := tftptest.Get(s.Addr(), c.r)
		if err != nil || len(a.Data) != c.bytes || a.Blocks != c.blocks {
			t.Errorf("%+v: %d bytes in %d blocks, %v", c.r, len(a.Data), a.Blocks, err)
		}
		for name, value := range c.options {
			if a.Options[name] != value {
				t.Errorf("%+v: options %v", c.r, a.Options)
			}
		}
		if len(a.Options) != len(c.options) {
			t.Errorf("%+v: options %v", c.r, a.Options)
		}
	}
	if got := s.Requests(); len(got) != 8 || !slices.Contains(got, "empty") {
		t.Errorf("requests: %v", got)
	}
}

func TestWhatCannotBeGivenIsRefusedByCode(t *testing.T) {
	s := start(t, Fault{})
	for name, want := range map[string]tftptest.Error{
		"none":   {Code: 1, Text: "File not found"},
		"broken": {Code: 0, Text: "it cannot be read"},
	} {
		if _, err := tftptest.Get(s.Addr(), tftptest.Request{Name: name}); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for packet, code := range map[string]byte{
		"\x00\x02f\x00octet\x00":            codeAccess,
		"\x00\x01f\x00mail\x00":             codeIllegal,
		"\x00\x01f\x00octet":                codeIllegal,
		"\x00\x01f\x00octet\x00blksize\x00": codeIllegal,
		"\x00\x03\x00\x01data\x00":          codeIllegal,
		"x":                                 codeIllegal,
	} {
		if got := once(t, s, packet); len(got) < 4 || got[1] != opERROR || got[3] != code {
			t.Errorf("%q: %q", packet, got)
		}
	}
}

// once sends one datagram and gives the first answer.
func once(t *testing.T, s *Server, packet string) []byte {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = conn.WriteToUDPAddrPort([]byte(packet), s.Addr())
	buf := make([]byte, 2048)
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	n, _, err := conn.ReadFromUDPAddrPort(buf)
	if err != nil {
		t.Fatalf("%q: %v", packet, err)
	}
	return buf[:n]
}

func TestFaultsOfTheServer(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault Fault
		r     tftptest.Request
		ok    func(tftptest.Answer, error) bool
	}{
		{"silent", Fault{Silent: true}, tftptest.Request{Name: "f"}, func(_ tftptest.Answer, err error) bool { return errors.Is(err, tftptest.ErrTimeout) }},
		{"error", Fault{Error: "\x1b[2J"}, tftptest.Request{Name: "f"}, func(_ tftptest.Answer, err error) bool {
			return errors.Is(err, tftptest.Error{Text: "\x1b[2J"})
		}},
		{"slow", Fault{Delay: 20 * time.Millisecond}, tftptest.Request{Name: "f"}, func(a tftptest.Answer, err error) bool {
			return err == nil && a.Took >= 80*time.Millisecond && bytes.Equal(a.Data, content)
		}},
		{"lossy", Fault{Loss: 0.3, Seed: 1}, tftptest.Request{Name: "f", BlockSize: 100, Tries: 50, Wait: 20 * time.Millisecond}, func(a tftptest.Answer, err error) bool {
			return err == nil && bytes.Equal(a.Data, content)
		}},
		{"lies", Fault{Extra: 5}, tftptest.Request{Name: "f", Size: true}, func(a tftptest.Answer, err error) bool {
			return err == nil && a.Options["tsize"] == "1605" && len(a.Data) == 1600
		}},
		{"endless", Fault{Endless: true}, tftptest.Request{Name: "f", Size: true}, func(a tftptest.Answer, err error) bool {
			return errors.Is(err, tftptest.ErrMost) && a.Options == nil
		}},
		{"endless nothing", Fault{Endless: true}, tftptest.Request{Name: "empty"}, func(a tftptest.Answer, err error) bool { return errors.Is(err, tftptest.ErrMost) }},
	} {
		s := start(t, c.fault)
		if a, err := tftptest.Get(s.Addr(), c.r); !c.ok(a, err) {
			t.Errorf("%s: %d bytes, options %v, %v, %v", c.name, len(a.Data), a.Options, a.Took, err)
		}
		s.SetFault(Fault{})
		if a, err := tftptest.Get(s.Addr(), tftptest.Request{Name: "f", Wait: time.Second}); err != nil || len(a.Data) != 1600 {
			t.Errorf("%s: not cured: %v", c.name, err)
		}
	}
}

// RFC 1350 section 4, RFC 1123 section 4.2.3.1.
func TestStrangersAndRepetitionsDoNotDisturb(t *testing.T) {
	s := start(t, Fault{})
	peer, stranger := listener(t), listener(t)
	rrq := []byte("\x00\x01f\x00octet\x00")
	write(t, peer, rrq, s.Addr())
	first, tid := read(t, peer)
	write(t, peer, rrq, s.Addr()) // the network has doubled it
	if again, from := read(t, peer); from != tid || !bytes.Equal(again, first) {
		t.Errorf("a second transfer from %v, the first is from %v", from, tid)
	}
	write(t, stranger, []byte{0, 4, 0, 1}, tid)
	if got, _ := read(t, stranger); got[1] != opERROR || got[3] != codeUnknownTID {
		t.Errorf("the stranger got %q", got)
	}
	for range 5 {
		write(t, peer, []byte{0, 4, 0, 1}, tid)
	}
	var numbers []byte
	for range 3 {
		got, _ := read(t, peer)
		if got[3] != 1 { // the repetition of block 1 may still be on its way
			numbers = append(numbers, got[3])
		}
	}
	if len(numbers) > 1 && !bytes.Equal(numbers, bytes.Repeat([]byte{2}, len(numbers))) {
		t.Errorf("blocks %v", numbers)
	}
	// Another request of the same port ends what went on there.
	write(t, peer, []byte("\x00\x01empty\x00octet\x00"), s.Addr())
	for {
		got, from := read(t, peer)
		if from != tid && bytes.Equal(got, []byte{0, 3, 0, 1}) {
			break
		}
	}
}

func listener(t *testing.T) *net.UDPConn {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func write(t *testing.T, conn *net.UDPConn, packet []byte, to netip.AddrPort) {
	t.Helper()
	if _, err := conn.WriteToUDPAddrPort(packet, to); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, conn *net.UDPConn) ([]byte, netip.AddrPort) {
	t.Helper()
	buf := make([]byte, 2048)
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	n, from, err := conn.ReadFromUDPAddrPort(buf)
	if err != nil {
		t.Fatal(err)
	}
	return buf[:n], plain(from)
}

func TestFloodOfRequestsIsBounded(t *testing.T) {
	s := start(t, Fault{})
	for range 3 * maxTransfers {
		conn := listener(t)
		write(t, conn, []byte("\x00\x01f\x00octet\x00"), s.Addr())
	}
	busy := once(t, s, "\x00\x01f\x00octet\x00")
	if !strings.Contains(string(busy), "busy") {
		t.Errorf("got %q", busy)
	}
	// Nor does a client gain by changing its mind.
	fickle := listener(t)
	for i := range 1000 {
		write(t, fickle, fmt.Appendf(nil, "\x00\x01f%d\x00octet\x00", i%2), s.Addr())
	}
	if n := runtime.NumGoroutine(); n > maxTransfers+20 {
		t.Errorf("%d goroutines", n)
	}
	begin := time.Now()
	s.Close()
	if took := time.Since(begin); took > time.Second {
		t.Errorf("closing took %v", took)
	}
}

func FuzzParseRequest(f *testing.F) {
	f.Add([]byte("\x00\x01SIPDefault.cnf\x00octet\x00blksize\x00512\x00tsize\x000\x00timeout\x003\x00"))
	f.Add([]byte("\x00\x02\x00netascii\x00BLKSIZE\x0099999999999\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := parseRequest(data)
		if err != nil {
			return
		}
		if r.blockSize < minBlockSize || r.blockSize > maxBlockSize || r.timeout > 255*time.Second || len(r.options) > 3 {
			t.Errorf("%+v", r)
		}
		if b := r.oack(1); b != nil && (b[1] != opOACK || b[len(b)-1] != 0) {
			t.Errorf("%q", b)
		}
	})
}
