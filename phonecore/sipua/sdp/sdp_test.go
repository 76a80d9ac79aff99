package sdp

import (
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/codec"
)

func local(names ...codec.Name) Local {
	if names == nil {
		names = []codec.Name{codec.PCMU, codec.PCMA}
	}
	return Local{Addr: netip.MustParseAddr("192.0.2.1"), Port: 16384, Codecs: names, EventPayloadType: 101}
}

// text makes a description of lines; CRLF is added.
func text(lines ...string) []byte { return []byte(strings.Join(lines, "\r\n") + "\r\n") }

// media is a whole description around some lines.
func described(lines ...string) []byte {
	return text(append([]string{"v=0", "o=- 1 1 IN IP4 192.0.2.9", "s=-", "c=IN IP4 192.0.2.9", "t=0 0"}, lines...)...)
}

func lines(body []byte) []string { return strings.Split(strings.TrimSpace(string(body)), "\r\n") }

func has(t *testing.T, body []byte, want ...string) {
	t.Helper()
	for _, w := range want {
		found := false
		for _, l := range lines(body) {
			found = found || l == w
		}
		if !found {
			t.Errorf("no line %q in\n%s", w, body)
		}
	}
}

func TestOfferIsWhatWeCanDo(t *testing.T) {
	got := lines(NewSession(0x2a * 2).Offer(local()))
	want := []string{"v=0", "o=- 42 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0",
		"m=audio 16384 RTP/AVP 0 8 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000",
		"a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:20", "a=sendrecv"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
}

func TestVersionGrowsByOneWhenSomethingChanges(t *testing.T) {
	s := NewSession(2)
	l := local()
	has(t, s.Offer(l), "o=- 1 1 IN IP4 192.0.2.1")
	has(t, s.Offer(l), "o=- 1 1 IN IP4 192.0.2.1")
	l.Direction = audio.SendOnly
	has(t, s.Offer(l), "o=- 1 2 IN IP4 192.0.2.1", "a=sendonly")
	has(t, s.Offer(l), "o=- 1 2 IN IP4 192.0.2.1")
}

func TestAgreementFromOurOffer(t *testing.T) {
	s := NewSession(2)
	s.Offer(local())
	got, err := s.Accept(described("m=audio 4000 RTP/AVP 8 96", "a=rtpmap:96 Telephone-Event/8000", "a=ptime:30"))
	want := &Agreed{
		Remote:    netip.MustParseAddrPort("192.0.2.9:4000"),
		Send:      audio.Format{Codec: codec.PCMA, PayloadType: 8},
		Receive:   []audio.Format{{Codec: codec.PCMA, PayloadType: 8}},
		EventSend: 96, EventReceive: 101,
		PacketTime: 30 * time.Millisecond,
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v %v", got, err)
	}
}

func TestAnswerMayLeaveOurMapsOut(t *testing.T) {
	s := NewSession(2)
	s.Offer(local())
	a, err := s.Accept(described("m=audio 4000 RTP/AVP 8 101"))
	if err != nil || a.EventSend != 101 || a.EventReceive != 101 || a.Send.Codec != codec.PCMA {
		t.Errorf("%+v %v", a, err)
	}
	// The number may mean something else to the peer.
	a, err = s.Accept(described("m=audio 4000 RTP/AVP 8 101", "a=rtpmap:101 CN/8000"))
	if err != nil || a.EventSend != 0 {
		t.Errorf("%+v %v", a, err)
	}
}

func TestAgreementFromTheirOffer(t *testing.T) {
	body, got, err := NewSession(2).Answer(local(), described("m=audio 4000 RTP/AVP 18 8 0 97",
		"a=rtpmap:18 G729/8000", "a=rtpmap:97 telephone-event/8000", "a=fmtp:97 0-11,16"))
	want := &Agreed{
		Remote:    netip.MustParseAddrPort("192.0.2.9:4000"),
		Send:      audio.Format{Codec: codec.PCMA, PayloadType: 8},
		Receive:   []audio.Format{{Codec: codec.PCMA, PayloadType: 8}, {Codec: codec.PCMU}},
		EventSend: 97, EventReceive: 97,
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v %v", got, err)
	}
	has(t, body, "m=audio 16384 RTP/AVP 8 0 97", "a=fmtp:97 0-15", "a=sendrecv")
}

// RFC 3264 section 6.1, and RFC 2543 appendix B.5 for c=0.0.0.0.
func TestDirectionsMeet(t *testing.T) {
	for _, c := range []struct {
		offer  string
		ours   audio.Direction
		answer string
		hold   bool
	}{
		{"a=sendrecv", audio.SendRecv, "a=sendrecv", false},
		{"a=x", audio.SendRecv, "a=sendrecv", false},
		{"a=sendonly", audio.SendRecv, "a=recvonly", true},
		{"a=inactive", audio.SendRecv, "a=inactive", true},
		{"a=recvonly", audio.SendRecv, "a=sendonly", false},
		{"c=IN IP4 0.0.0.0", audio.SendRecv, "a=recvonly", true},
		{"a=sendrecv", audio.SendOnly, "a=sendonly", false},
		{"a=sendonly", audio.SendOnly, "a=inactive", true},
		{"a=sendrecv", audio.Inactive, "a=inactive", false},
		{"a=SENDONLY", audio.SendRecv, "a=recvonly", true},
	} {
		l := local()
		l.Direction = c.ours
		body, got, err := NewSession(2).Answer(l, described("m=audio 4000 RTP/AVP 0", c.offer))
		if err != nil {
			t.Errorf("%s: %v", c.offer, err)
			continue
		}
		has(t, body, c.answer)
		if got.RemoteHold != c.hold || directionNames[got.Direction] != c.answer[2:] {
			t.Errorf("%s, ours %d: %+v", c.offer, c.ours, got)
		}
		if got.Remote.IsValid() == strings.HasPrefix(c.offer, "c=") {
			t.Errorf("%s: remote %v", c.offer, got.Remote)
		}
	}
}

func TestOurHoldIsNotThePeersHold(t *testing.T) {
	s := NewSession(2)
	l := local()
	l.Direction = audio.SendOnly
	l.ZeroHold = true
	has(t, s.Offer(l), "c=IN IP4 0.0.0.0", "a=sendonly", "o=- 1 1 IN IP4 192.0.2.1")
	for answer, hold := range map[string]bool{"a=recvonly": false, "a=inactive": true, "a=sendrecv": false} {
		got, err := s.Accept(described("m=audio 4000 RTP/AVP 0", answer))
		if err != nil || got.RemoteHold != hold || got.Direction == audio.SendRecv {
			t.Errorf("%s: %+v %v", answer, got, err)
		}
	}
}

func TestOtherMediaAreRefusedInTheirPlace(t *testing.T) {
	s := NewSession(2)
	body, _, err := s.Answer(local(), described(
		"m=image 6000 udptl t38",
		"m=audio 5000 RTP/SAVP 0",
		"m=audio 4000 RTP/AVP 0", "c=IN IP4 192.0.2.10",
		"m=video 4002 RTP/AVP 31 32", "a=sendonly",
		"m=x-unknown 1 weird/proto"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"m=image 0 udptl t38", "m=audio 0 RTP/SAVP 0", "m=audio 16384 RTP/AVP 0", "m=video 0 RTP/AVP 31", "m=x-unknown 0 weird/proto 0"}
	var got []string
	for _, l := range lines(body) {
		if strings.HasPrefix(l, "m=") {
			got = append(got, l)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
	// Our own next offer keeps the places (RFC 3264 section 8).
	has(t, s.Offer(local()), "m=image 0 udptl t38", "m=audio 16384 RTP/AVP 0 8 101", "m=video 0 RTP/AVP 31")
	if a, err := s.Accept(described("m=image 0 udptl t38", "m=audio 0 RTP/SAVP 0", "m=audio 4000 RTP/AVP 8")); err != nil || a.Send.Codec != codec.PCMA {
		t.Errorf("%+v %v", a, err)
	}
}

func TestCarelessDescriptionsAreUnderstood(t *testing.T) {
	for name, body := range map[string]string{
		"line feeds only, no o s t":   "v=0\nc=IN IP4 192.0.2.9\nm=audio 4000 RTP/AVP 0\n",
		"no final line end":           "v=0\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2.9",
		"address only in o=":          "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\nm=audio 4000 RTP/AVP 0\r\n",
		"unknown lines and rubbish":   "v=0\r\nz=1\r\nrubbish\r\nc=IN IP4 192.0.2.9/127\r\n\r\nm=audio 4000/2 rtp/avp 0 x 999\r\nb=AS:64\r\na=rtpmap:0 pcmu/8000/1\r\n",
		"media c= before session's":   "v=0\r\nc=IN IP4 198.51.100.1\r\nm=audio 4000 RTP/AVP 0\r\nc=IN IP4 192.0.2.9\r\na=rtpmap:0\r\na=ptime:x\r\n",
		"mapped IPv4 address":         "v=0\r\nc=IN IP6 ::ffff:192.0.2.9\r\nm=audio 4000 RTP/AVPF 0\r\n",
		"rtpmap of a dynamic type":    "v=0\r\nc=IN IP4 192.0.2.9\r\nm=audio 4000 RTP/AVP 99\r\na=rtpmap:99 PCMU/8000\r\n",
		"wideband under our own name": "v=0\r\nc=IN IP4 192.0.2.9\r\nm=audio 4000 RTP/AVP 98 0\r\na=rtpmap:98 PCMU/16000\r\n",
	} {
		_, got, err := NewSession(2).Answer(local(), []byte(body))
		if err != nil || got.Remote != netip.MustParseAddrPort("192.0.2.9:4000") || got.Send.Codec != codec.PCMU {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func TestWhatCannotBeAnsweredIsRefused(t *testing.T) {
	for want, bodies := range map[error][]string{
		ErrMalformed: {"", "hello", "v=0\r\n", "m=audio\r\n", "m=audio 99999 RTP/AVP 0\r\n", "m=audio x RTP/AVP 0\r\n",
			"m=audio 4000 RTP/AVP 0\r\n", "c=IN IP4 pbx.example.com\r\nm=audio 4000 RTP/AVP 0\r\n",
			"c=IN IP4 224.2.1.1/127\r\nm=audio 4000 RTP/AVP 0\r\n", "c=IN IP4 255.255.255.255\r\nm=audio 4000 RTP/AVP 0\r\n",
			strings.Repeat("m=audio 1 RTP/AVP 0\r\n", 40), strings.Repeat("x", 40<<10)},
		ErrNoAudio:    {"c=IN IP4 192.0.2.9\r\nm=video 4000 RTP/AVP 31\r\n", "c=IN IP4 192.0.2.9\r\nm=audio 0 RTP/AVP 0\r\n"},
		ErrEncryption: {"c=IN IP4 192.0.2.9\r\nm=audio 4000 RTP/SAVP 0\r\n"},
		ErrNoCodec: {"c=IN IP4 192.0.2.9\r\nm=audio 4000 RTP/AVP 18\r\n", "c=IN IP4 192.0.2.9\r\nm=audio 4000 RTP/AVP\r\n",
			"c=IN IP4 192.0.2.9\r\nm=audio 4000 RTP/AVP 0\r\na=rtpmap:0 foo/8000\r\n"},
	} {
		for _, body := range bodies {
			if _, _, err := NewSession(2).Answer(local(), []byte(body)); !errors.Is(err, want) {
				t.Errorf("%.60q: %v, want %v", body, err, want)
			}
		}
	}
}

func TestStreamSwitchedOffInMidCallIsAHold(t *testing.T) {
	s := NewSession(2)
	if _, _, err := s.Answer(local(), described("m=audio 4000 RTP/AVP 0")); err != nil {
		t.Fatal(err)
	}
	body, got, err := s.Answer(local(), described("m=audio 0 RTP/AVP 0"))
	if err != nil || got.Direction != audio.Inactive || !got.RemoteHold {
		t.Errorf("%+v %v", got, err)
	}
	has(t, body, "m=audio 0 RTP/AVP 0")
	s.Offer(local())
	if got, err := s.Accept(described("m=audio 0 RTP/AVP 0")); err != nil || got.Direction != audio.Inactive {
		t.Errorf("%+v %v", got, err)
	}
}

func TestPacketTimes(t *testing.T) {
	for attributes, want := range map[string]time.Duration{
		"a=ptime:30":                  30 * time.Millisecond,
		"a=ptime: 10 ":                10 * time.Millisecond,
		"a=ptime:40\r\na=maxptime:30": 30 * time.Millisecond,
		"a=maxptime:10":               10 * time.Millisecond,
		"a=maxptime:150":              0,
		"a=ptime:0":                   0,
		"a=ptime:-20":                 0,
		"a=ptime:1e9":                 0,
		"a=ptime:NaN":                 0,
	} {
		_, got, err := NewSession(2).Answer(local(), described("m=audio 4000 RTP/AVP 0", attributes))
		if err != nil || got.PacketTime != want {
			t.Errorf("%s: %v %v", attributes, got.PacketTime, err)
		}
	}
}

// Codecs that come later are data: nothing here names them.
func TestCodecsToComeAreData(t *testing.T) {
	future := map[codec.Name]codec.Info{
		"G729": {Name: "G729", ClockRate: 8000, PayloadType: 18, Static: true},
		"G722": {Name: "G722", ClockRate: 8000, SampleRate: 16000, PayloadType: 9, Static: true}, // RFC 3551 section 4.5.2
		"opus": {Name: "opus", ClockRate: 48000, Channels: 2},
	}
	lookup = func(n codec.Name) (codec.Info, bool) { i, ok := future[n]; return i, ok }
	defer func() { lookup = codec.Lookup }()
	l := local("opus", "G722", "G729", "nothing")
	s := NewSession(2)
	has(t, s.Offer(l), "m=audio 16384 RTP/AVP 96 9 18 101 97", "a=rtpmap:96 opus/48000/2", "a=rtpmap:9 G722/8000", "a=rtpmap:18 G729/8000")
	got, err := s.Accept(described("m=audio 4000 RTP/AVP 111 9", "a=rtpmap:111 OPUS/48000/2", "a=fmtp:111 useinbandfec=1"))
	if err != nil || got.Send.PayloadType != 111 || got.Receive[0].PayloadType != 96 || len(got.Receive) != 2 {
		t.Errorf("%+v %v", got, err)
	}
	// A payload type keeps its meaning for the whole session (RFC 3264 8.3.2).
	body, _, err := s.Answer(l, described("m=audio 4000 RTP/AVP 105", "a=rtpmap:105 opus/48000/2"))
	if err != nil {
		t.Fatal(err)
	}
	has(t, body, "m=audio 16384 RTP/AVP 105")
}

func TestIPv6(t *testing.T) {
	l := local()
	l.Addr = netip.MustParseAddr("2001:db8::1%eth0")
	s := NewSession(2)
	has(t, s.Offer(l), "c=IN IP6 2001:db8::1", "o=- 1 1 IN IP6 2001:db8::1")
	got, err := s.Accept(text("v=0", "c=IN IP6 2001:db8::2", "m=audio 4000 RTP/AVP 0"))
	if err != nil || got.Remote != netip.MustParseAddrPort("[2001:db8::2]:4000") {
		t.Errorf("%+v %v", got, err)
	}
	l.ZeroHold = true
	has(t, s.Offer(l), "c=IN IP6 ::")
}

func FuzzDescription(f *testing.F) {
	f.Add([]byte("v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\nc=IN IP4 0.0.0.0\r\nm=video 0 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\na=sendonly\r\n"), uint8(0))
	f.Fuzz(func(t *testing.T, body []byte, dir uint8) {
		l := local()
		l.Direction = audio.Direction(dir % 4)
		s := NewSession(2)
		if answer, a, err := s.Answer(l, body); err == nil {
			if a.Direction.Sends() && !a.Remote.IsValid() {
				t.Errorf("we would send to nobody: %+v", a)
			}
			if d, err := parse(answer); err != nil || len(d.media) == 0 {
				t.Errorf("our own answer cannot be read: %v\n%s", err, answer)
			}
			if len(answer) > 2*len(body)+1000 {
				t.Errorf("%d bytes answered with %d", len(body), len(answer))
			}
		}
		s.Offer(l)
		if a, err := s.Accept(body); err == nil && a.Direction.Sends() && !a.Remote.IsValid() {
			t.Errorf("we would send to nobody: %+v", a)
		}
	})
}
