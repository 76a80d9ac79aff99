package transport

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// record is a NAPTR record as RFC 3403 section 4.1 lays it out.
func record(order, preference uint16, flags, service, replacement string) []byte {
	b := binary.BigEndian.AppendUint16(nil, order)
	b = binary.BigEndian.AppendUint16(b, preference)
	for _, word := range []string{flags, service, ""} {
		b = append(append(b, byte(len(word))), word...)
	}
	for label := range slices.Values(labels(replacement)) {
		b = append(append(b, byte(len(label))), label...)
	}
	return append(b, 0)
}

func labels(name string) (list []string) {
	for name != "" {
		label := name
		name = ""
		for i := range label {
			if label[i] == '.' {
				label, name = label[:i], label[i+1:]
				break
			}
		}
		list = append(list, label)
	}
	return list
}

// rfc3263 are the records of the example in RFC 3263 section 4.1.
var rfc3263 = [][]byte{
	record(90, 50, "s", "SIP+D2T", "_sip._tcp.example.com"),
	record(50, 50, "s", "SIPS+D2T", "_sips._tcp.example.com"),
	record(100, 50, "s", "SIP+D2U", "_sip._udp.example.com"),
	record(10, 50, "u", "E2U+sip", ""),
}

func answer(t testing.TB, question []byte, truncated bool, records [][]byte) []byte {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		t.Error(err)
	}
	m.Header.Response, m.Header.Truncated = true, truncated
	for _, r := range records {
		m.Answers = append(m.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Type: typeNAPTR, Class: dnsmessage.ClassINET, TTL: 60},
			Body:   &dnsmessage.UnknownResource{Type: typeNAPTR, Data: r},
		})
	}
	b, err := m.Pack()
	if err != nil {
		t.Error(err)
	}
	return b
}

// nameServer answers by UDP that the answer does not fit, after a packet that
// nobody asked for, and by TCP in full.
func nameServer(t *testing.T) string {
	tcp, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	udp, err := net.ListenPacket("udp4", tcp.Addr().String())
	if err != nil {
		t.Skip("the UDP port of a free TCP port is taken:", err)
	}
	t.Cleanup(func() { tcp.Close(); udp.Close() })
	go func() {
		buf := make([]byte, 512)
		for {
			n, from, err := udp.ReadFrom(buf)
			if err != nil {
				return
			}
			udp.WriteTo([]byte("nobody asked"), from)
			udp.WriteTo(answer(t, buf[:n], true, nil), from)
		}
	}()
	go func() {
		for {
			conn, err := tcp.Accept()
			if err != nil {
				return
			}
			var size [2]byte
			io.ReadFull(conn, size[:])
			question := make([]byte, binary.BigEndian.Uint16(size[:]))
			io.ReadFull(conn, question)
			a := answer(t, question, false, rfc3263)
			conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(a))), a...))
			conn.Close()
		}
	}()
	return tcp.Addr().String()
}

func TestNAPTRIsAskedByUDPThenTCP(t *testing.T) {
	at := nameServer(t)
	got, err := askNAPTR(t.Context(), (&net.Dialer{}).DialContext, at, "example.com")
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(rfc3263) || got[1] != (NAPTR{50, 50, "s", "SIPS+D2T", "_sips._tcp.example.com"}) {
		t.Errorf("%+v", got)
	}
}

func TestNameServersOfTheHost(t *testing.T) {
	file := filepath.Join(t.TempDir(), "resolv.conf")
	if err := os.WriteFile(file, []byte("# nameserver 192.0.2.9\nsearch example\nnameserver 192.0.2.1\nnameserver 2001:db8::1\nnameserver\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := nameServers(file); !slices.Equal(got, []string{"192.0.2.1:53", "[2001:db8::1]:53"}) {
		t.Error(got)
	}
}

// domain is DNS with the records of the RFC's example; what lacks is as if its
// SRV records were missing.
type domain struct{ lacks string }

func (d domain) LookupNAPTR(context.Context, string) (list []NAPTR, _ error) {
	for _, r := range rfc3263 {
		n, err := parseNAPTR(r)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}

func (d domain) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if service != "" || proto != "" || name == d.lacks {
		return "", nil, errNoNameServer
	}
	return "", []*net.SRV{{Target: "server.example.com.", Port: 5099}}, nil
}

func (domain) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("192.0.2.7")}, nil
}

// TestNAPTRChoosesTheTransport: the lowest order counts, and what leads nowhere
// is passed over. A transport that is given is not asked about.
func TestNAPTRChoosesTheTransport(t *testing.T) {
	for _, c := range []struct {
		lacks  string
		target Target
		want   Destination
	}{
		{"", Target{Host: "example.com"}, Destination{Network: TLS, Addr: netip.MustParseAddrPort("192.0.2.7:5099"), Host: "example.com"}},
		{"_sips._tcp.example.com", Target{Host: "example.com"}, Destination{Network: TCP, Addr: netip.MustParseAddrPort("192.0.2.7:5099"), Host: "example.com"}},
		{"", Target{Host: "example.com", Network: UDP}, Destination{Network: UDP, Addr: netip.MustParseAddrPort("192.0.2.7:5060"), Host: "example.com"}},
		{"", Target{Host: "example.com", Port: 5070}, Destination{Network: UDP, Addr: netip.MustParseAddrPort("192.0.2.7:5070"), Host: "example.com"}},
	} {
		got, err := DNS{Lookup: domain{c.lacks}}.Resolve(t.Context(), c.target)
		if err != nil || len(got) != 1 || got[0] != c.want {
			t.Errorf("%+v without %q: %+v, %v, want %+v", c.target, c.lacks, got, err, c.want)
		}
	}
}

func FuzzNAPTR(f *testing.F) {
	question, err := naptrQuestion(7, "example.com")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(answer(f, question, false, rfc3263))
	f.Add(answer(f, question, true, rfc3263[:1]))
	f.Add(question)
	f.Fuzz(func(t *testing.T, message []byte) {
		records, whole, err := naptrAnswer(message)
		if len(records) > maxNAPTR || err != nil && (whole || len(records) > 0) {
			t.Errorf("%d records, whole %v, %v", len(records), whole, err)
		}
	})
}
