package talk

import (
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/sdp/v3"
	"go.uber.org/goleak"

	"deskset/audio/codec"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var loopback = netip.MustParseAddr("127.0.0.1")

func newSession(t testing.TB, service Service) *Session {
	t.Helper()
	s, err := New(Options{Local: loopback, Service: service})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(); <-s.Done() })
	return s
}

const offer = "v=0\r\no=x 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" +
	"m=audio 40000 RTP/AVP 18 8 0 97 13\r\na=rtpmap:18 G729/8000\r\na=rtpmap:97 telephone-event/8000\r\na=fmtp:97 0-16\r\na=sendonly\r\n"

func TestAnswerKeepsTheOffersOrderAndNumbers(t *testing.T) {
	s := newSession(t, Echo)
	answer, err := s.Answer([]byte(offer))
	if err != nil {
		t.Fatal(err)
	}
	text := string(answer)
	for _, want := range []string{"RTP/AVP 8 0 97\r\n", "a=rtpmap:97 telephone-event/8000\r\n", "a=recvonly\r\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	// pion's strict parser is the oracle of what is written.
	for _, written := range [][]byte{answer, s.Offer()} {
		var d sdp.SessionDescription
		if err := d.Unmarshal(written); err != nil {
			t.Errorf("%v:\n%s", err, written)
		}
	}
	f := s.flow.Load()
	if f.send.payloadType != 8 || f.events != 97 || f.sends || !f.receives || f.remote.Port() != 40000 {
		t.Errorf("agreed: %+v", f)
	}
}

func TestLenientDescriptions(t *testing.T) {
	for name, text := range map[string]string{
		"LF only, no session lines": "v=0\nc=IN IP4 127.0.0.1\nm=audio 4000 RTP/AVP 0\n",
		"no final line end":         "v=0\nc=IN IP4 127.0.0.1\nm=audio 4000/2 RTP/AVP 0",
		"second of two audios":      "v=0\nc=IN IP4 127.0.0.1\nm=audio 4000 RTP/SAVP 0\nm=audio 4002 RTP/AVP 0\n",
		"mapped dynamically":        "v=0\nm=audio 4000 RTP/AVP 120\nc=IN IP4 127.0.0.1\na=rtpmap:120 pcmu/8000/1\n",
	} {
		if _, err := newSession(t, Echo).Answer([]byte(text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"empty": "", "no media": "v=0\r\n", "no lines": "hello\r\n", "bad port": "m=audio x RTP/AVP 0\r\n",
		"too many": strings.Repeat("m=audio 0 RTP/AVP 0\r\n", 17),
	} {
		if _, err := newSession(t, Echo).Answer([]byte(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// A loopback session cannot be aimed at somebody else.
func TestNothingIsSentToForeignAddresses(t *testing.T) {
	s := newSession(t, Music)
	if _, err := s.Answer([]byte(strings.ReplaceAll(offer, "127.0.0.1", "192.0.2.1"))); err != nil {
		t.Fatal(err)
	}
	if to := s.destination(s.flow.Load()); to.IsValid() {
		t.Errorf("sends to %s", to)
	}
}

func TestReportCountsLossAndDelay(t *testing.T) {
	var r reception
	now := time.Unix(1000, 0)
	for _, sequence := range []uint16{65534, 65535, 1, 2, 3} { // 0 is lost
		r.count(sequence, uint32(sequence)*160, now)
	}
	b := r.block(7, &senderReport{0x12345678, now.Add(-time.Second / 2)}, now)
	if b.TotalLost != 1 || b.FractionLost != 256/6 || b.LastSequenceNumber != 1<<16+3 || b.Delay != 32768 || b.LastSenderReport != 0x12345678 {
		t.Errorf("block: %+v", b)
	}
	if b = r.block(7, nil, now); b.FractionLost != 0 || b.LastSenderReport != 0 {
		t.Errorf("second block: %+v", b)
	}
	if got := ntp(time.Unix(0, 500_000_000)); got != 2208988800<<32|1<<31 {
		t.Errorf("NTP time %x", got)
	}
	var _ rtcp.ReceptionReport = b
}

func TestMilliwattNeverDrifts(t *testing.T) {
	var m milliwatt
	first := make([]int16, 2000)
	m.frame(first)
	m.at += 2000 * 1_000_000
	again := make([]int16, 2000)
	m.frame(again)
	if !slices.Equal(first, again) {
		t.Error("an hour later the samples differ")
	}
}

func TestMusicHasNoSeamAndDoesNotClip(t *testing.T) {
	pcm := music()
	peak, jump := 0.0, 0.0
	for i := range pcm {
		peak = max(peak, math.Abs(float64(pcm[i])))
		jump = max(jump, math.Abs(float64(pcm[i])-float64(pcm[(i+1)%len(pcm)])))
	}
	if peak > 32000 || peak < 8000 {
		t.Errorf("peak %.0f", peak)
	}
	if seam := math.Abs(float64(pcm[0]) - float64(pcm[len(pcm)-1])); seam > jump/2 {
		t.Errorf("seam %.0f, steepest %.0f", seam, jump)
	}
}

// The menu ends by itself, and so does the farewell.
func TestMenuSaysGoodbye(t *testing.T) {
	s := newSession(t, Menu)
	ended := false
	s.OnEnd = func(o Outcome) { ended = o == Done }
	frame := make([]int16, frameSamples)
	for range 120 * 50 {
		clear(frame)
		s.act.frame(frame)
	}
	if !ended {
		t.Error("after two minutes it still talks")
	}
}

func TestMenuKnowsEveryKey(t *testing.T) {
	s := newSession(t, Menu)
	for _, key := range []byte("89*#ABCD0") {
		s.digit(key, "event")
		if s.service != Menu {
			t.Errorf("%c leads to %d", key, s.service)
		}
	}
	for key, service := range choices {
		s.become(Menu)
		if s.digit(key, "event"); s.service != service {
			t.Errorf("%c leads to %d", key, s.service)
		}
	}
}

func FuzzSDP(f *testing.F) {
	f.Add([]byte(offer))
	f.Fuzz(func(t *testing.T, data []byte) {
		sections, err := parseSDP(data)
		if err != nil {
			return
		}
		for i := range sections {
			if flow, err := agree(&sections[i], []codec.Name{codec.PCMU, codec.PCMA}); err == nil && len(flow.accept) == 0 {
				t.Error("agreed on nothing")
			}
			refusedSection(&sections[i])
		}
	})
}

func FuzzRTP(f *testing.F) {
	s := newSession(f, ReadBack)
	if _, err := s.Answer([]byte(strings.Replace(offer, "sendonly", "sendrecv", 1))); err != nil {
		f.Fatal(err)
	}
	from := netip.AddrPortFrom(loopback, 40000)
	f.Add([]byte("\x80\x08\x00\x01\x00\x00\x00\x00\x00\x00\x00\x07voice"))
	f.Add([]byte("\x80\x61\x00\x01\x00\x00\x00\x00\x00\x00\x00\x07\x05\x0a\x00\xa0"))
	f.Add([]byte("\xb0\x08\x00\x01\x00\x00\x00\x00\x00\x00\x00\x07\xbe\xde\x00\x01\x10\x01\x00\x00v\x01"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		for _, service := range []Service{Echo, ReadBack} {
			s.become(service)
			s.receive(data, from)
		}
	})
}

// TestOneCodecAlone: a session that speaks one codec only offers and takes that,
// and what it encodes at the lab's rate is heard at the lab's rate.
func TestOneCodecAlone(t *testing.T) {
	for name, want := range map[codec.Name]string{
		codec.PCMA: "RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n",
		codec.G722: "RTP/AVP 9 101\r\na=rtpmap:9 G722/8000\r\n",
		codec.G729: "RTP/AVP 18 101\r\na=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\n",
		codec.Opus: "RTP/AVP 96 101\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\n",
	} {
		s, err := New(Options{Local: netip.MustParseAddr("127.0.0.1"), Service: Music, Codec: name})
		if err != nil {
			t.Fatal(err)
		}
		if got := string(s.Offer()); !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
		offer := "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 40000 RTP/AVP 0 111 9 8 18 101\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\n"
		answer, err := s.Answer([]byte(offer))
		if f := s.flow.Load(); err != nil || f.send.codec != name || len(f.accept) != 1 {
			t.Errorf("%s: %v\n%s", name, err, answer)
		}
		if _, err := s.Answer([]byte("v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 40000 RTP/AVP 0\r\n")); err == nil {
			t.Errorf("%s: µ-law is taken", name)
		}
		c := newCodecs(s.speaks())[name]
		frame, heard, loud := make([]int16, frameSamples), []int16{}, 0
		tone := &milliwatt{}
		for range 20 {
			tone.frame(frame)
			if heard, err = c.Decode(heard, c.Encode(nil, frame)); err != nil {
				t.Fatal(err)
			}
		}
		for _, v := range heard[len(heard)/2:] {
			if v > 8000 || v < -8000 {
				loud++
			}
		}
		if len(heard) != 20*frameSamples || loud < len(heard)/4 {
			t.Errorf("%s: %d samples, %d of them loud", name, len(heard), loud)
		}
		s.Close()
	}
}
