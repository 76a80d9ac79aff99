package phonecore

import (
	"strings"
	"testing"
	"time"

	"deskset/audio/codec"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/view"
)

// speaks is the peer's description with formats of its own.
func speaks(version, formats string, attributes ...string) string {
	s := "v=0\r\no=- 1 " + version + " IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 40000 RTP/AVP " + formats + "\r\n"
	for _, a := range attributes {
		s += "a=" + a + "\r\n"
	}
	return s
}

// TestWhatIsOfferedIsWhatIsSet: preferred_codec (guide, Table 3-1) comes first,
// then our list in its order; enable_vad adds comfort noise and Annex B.
func TestWhatIsOfferedIsWhatIsSet(t *testing.T) {
	for _, row := range []struct {
		flags []string
		want  []string
	}{
		{nil, []string{"m=audio ", " RTP/AVP 0 96 9 8 18 101 97\r\n", "a=fmtp:18 annexb=no\r\n", "a=rtpmap:97 telephone-event/48000\r\n", "a=ptime:20\r\n"}},
		{[]string{"preferred_codec", "g729a"}, []string{" RTP/AVP 18 96 9 0 8 101 97\r\n"}},
		{[]string{"preferred_codec", "opus", "codecs", "g711alaw", "packet_time", "10"}, []string{" RTP/AVP 96 8 101 97\r\n", "a=ptime:10\r\n"}},
		{[]string{"preferred_codec", "none", "codecs", "g722,g711ulaw"}, []string{" RTP/AVP 9 0 101\r\n"}},
		{[]string{"enable_vad", "1", "codecs", "g729a g711ulaw"}, []string{" RTP/AVP 0 18 13 101\r\n", "a=fmtp:18 annexb=yes\r\n", "a=rtpmap:13 CN/8000\r\n"}},
		{[]string{"dtmf_avt_payload", "96", "codecs", "opus"}, []string{" RTP/AVP 0 97 96 98\r\n", "a=rtpmap:97 opus/48000/2\r\n"}},
		{[]string{"dtmf_outofband", "none", "codecs", "opus"}, []string{" RTP/AVP 0 96\r\n"}},
	} {
		t.Run(strings.Join(row.flags, " "), func(t *testing.T) {
			onDesk(t, func(d *desk) {
				peer := d.peer()
				d.phone.Type("sip:ada@" + peerAddr)
				d.soft("Dial")
				invite := peer.Await("INVITE")
				for _, want := range row.want {
					if !strings.Contains(string(invite.Body), want) {
						t.Errorf("no %q in\n%s", want, invite.Body)
					}
				}
			}, withFlags(row.flags...))
		})
	}
}

// TestCodecsOfCallers: whoever calls with one of our codecs only is let in, and
// what was agreed reaches the stream; in mid-call the codec changes.
func TestCodecsOfCallers(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		invite := peer.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.With("From", `"Ada" <sip:ada@192.0.2.9>;tag=a1`),
			siptest.SDP(speaks("1", "9 100", "rtpmap:9 G722/8000", "rtpmap:100 telephone-event/8000", "ptime:30")))
		peer.SendTo(phoneAddr, invite)
		peer.Await("180")
		d.press(view.KeyHandset)
		ok := peer.Await("200")
		if !strings.Contains(string(ok.Body), " RTP/AVP 9 100\r\n") || !strings.Contains(string(ok.Body), "a=ptime:30\r\n") {
			t.Errorf("answered\n%s", ok.Body)
		}
		peer.SendTo(phoneAddr, peer.Within(invite, ok, "ACK"))
		d.expect("connected")
		s := func() *stream { return d.heard().streams[0] }
		if p := s().last(); p.Send.Codec != codec.G722 || p.PacketTime != 30*time.Millisecond || p.EventSend != 100 || p.Silence || p.NoiseSend != 0 {
			t.Errorf("%+v", p)
		}
		// RFC 3264 section 8.3.2, to a codec with another clock.
		again := peer.Within(invite, ok, "INVITE", siptest.SDP(speaks("2", "111 110 13", "rtpmap:111 opus/48000/2", "fmtp:111 maxaveragebitrate=20000;usedtx=0",
			"rtpmap:110 telephone-event/48000", "ptime:30")))
		peer.SendTo(phoneAddr, again)
		peer.Await("200")
		if p := s().last(); p.Send.Codec != codec.Opus || p.Send.PayloadType != 111 || p.Send.Fmtp != "maxaveragebitrate=20000;usedtx=0" ||
			p.PacketTime != 20*time.Millisecond || p.EventSend != 110 || !p.EventSendWide || p.EventReceiveWide != 110 {
			t.Errorf("%+v", p)
		}
		d.press(view.KeyInfo, view.KeyInfo)
		d.wait(time.Second)
		d.expect("menu.call.statistics")
	})
}

// TestSilenceIsAgreed: enable_vad (release 2.1) reaches the stream with the
// peer's number of comfort noise, or without any.
func TestSilenceIsAgreed(t *testing.T) {
	for formats, noise := range map[string]uint8{"0 13 101": 13, "0 101": 0} {
		onDesk(t, func(d *desk) {
			peer := d.peer()
			d.connectedTo(peer, speaks("1", formats, "rtpmap:101 telephone-event/8000"))
			if p := d.heard().streams[0].last(); !p.Silence || p.NoiseSend != noise || p.PacketTime != 20*time.Millisecond {
				t.Errorf("%+v", p)
			}
		}, withFlags("enable_vad", "1"))
	}
}
