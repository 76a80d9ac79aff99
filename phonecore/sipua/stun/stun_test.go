package stun

import (
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"
)

// The sample responses of RFC 5769, sections 2.2 and 2.3: they have attributes
// that we pass over.
func TestSamplesOfRFC5769(t *testing.T) {
	for want, text := range map[string]string{
		"192.0.2.1:32853": `0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643
			000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96`,
		"[2001:db8:1234:5678:11:2233:4455:6677]:32853": `010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a147
			0113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c`,
	} {
		data, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			t.Fatal(err)
		}
		id, seen, err := Answer(data)
		if err != nil || seen.String() != want || hex.EncodeToString(id[:]) != "b7e7a701bc34d686fa87dfae" {
			t.Errorf("%v %x %v, want %s", seen, id, err, want)
		}
	}
}

func TestRequestAndReply(t *testing.T) {
	for _, text := range []string{"203.0.113.7:40123", "[2001:db8::7]:5060"} {
		want := netip.MustParseAddrPort(text)
		id, request := Request()
		got, seen, err := Answer(Reply(request, want))
		if err != nil || seen != want || got != id {
			t.Errorf("%v %v", seen, err)
		}
		if _, _, err := Answer(request); err == nil {
			t.Error("a request is no answer")
		}
	}
	if Is([]byte("OPTIONS sip:x SIP/2.0\r\n\r\n")) || Is([]byte("\x80\x00aaaabbbbccccddddeeee")) {
		t.Error("SIP and RTP are no STUN")
	}
}

func FuzzAnswer(f *testing.F) {
	_, request := Request()
	f.Add(Reply(request, netip.MustParseAddrPort("203.0.113.7:40123")))
	f.Add(Reply(request, netip.MustParseAddrPort("[2001:db8::7]:5060")))
	f.Add(request)
	f.Fuzz(func(t *testing.T, data []byte) {
		_, seen, err := Answer(data)
		if (err == nil) != seen.IsValid() || err == nil && (seen.Port() == 0 || seen.Addr().IsUnspecified()) {
			t.Errorf("%v %v", seen, err)
		}
		Reply(data, netip.MustParseAddrPort("203.0.113.7:40123"))
	})
}
