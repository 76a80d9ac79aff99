package phonecore

import (
	"slices"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
	"deskset/phonecore/view"
	"deskset/provisioning/param"
)

const withoutEvents = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"

// connectedTo makes a call to a peer that answers with a description.
func (d *desk) connectedTo(peer *siptest.Peer, sdp string) (invite, ok *wire.Message) {
	d.t.Helper()
	d.wait(time.Second)
	d.press(view.KeySpeaker)
	d.phone.Type("sip:ada@192.0.2.9\r")
	invite = peer.Await("INVITE")
	ok = peer.Reply(invite, 200, siptest.SDP(sdp))
	peer.Await("ACK")
	d.expect("connected")
	return invite, ok
}

// TestWayOfDigits is Table 3-1's dtmf_outofband and dtmf_inband, and our
// dtmf_info.
func TestWayOfDigits(t *testing.T) {
	for _, test := range []struct {
		outofband, inband, info string
		events                  bool // the far side asks for them
		event                   uint8
		tones                   bool
		shown                   string
	}{
		{"avt", "1", "never", true, 101, false, "RFC 4733, type 101"},
		{"avt", "1", "never", false, 0, true, "tones"},
		{"avt", "0", "never", false, 0, false, "none"},
		{"avt_always", "1", "never", false, 101, false, "RFC 4733, type 101"},
		{"none", "1", "never", true, 0, true, "tones"},
		{"none", "0", "never", true, 0, false, "none"},
		{"avt", "1", "fallback", true, 101, false, "RFC 4733, type 101"},
		{"avt", "1", "fallback", false, 0, false, "SIP INFO"},
		{"avt", "1", "always", true, 0, false, "SIP INFO"},
		{"none", "0", "fallback", true, 0, false, "SIP INFO"},
	} {
		onDesk(t, func(d *desk) {
			sdp := withoutEvents
			if test.events {
				sdp += "a=rtpmap:101 telephone-event/8000\r\n"
				sdp = replaceMedia(sdp)
			}
			d.connectedTo(d.peer(), sdp)
			p := d.heard().streams[0].last()
			if p.EventSend != test.event || p.Inband != test.tones || p.HearTones != (test.inband == "1") {
				t.Errorf("%+v: event %d, in-band %v, hears %v", test, p.EventSend, p.Inband, p.HearTones)
			}
			d.press(view.KeyInfo, view.KeyInfo)
			d.expect("menu.call.statistics", "Digits sent "+test.shown)
		}, withFlags("dtmf_outofband", test.outofband, "dtmf_inband", test.inband, "dtmf_info", test.info, "proxy_register", "0"))
	}
}

// replaceMedia adds the event's type to the media line.
func replaceMedia(sdp string) string {
	const line = "m=audio 4000 RTP/AVP 0\r\n"
	i := len(withoutEvents) - len(line)
	return sdp[:i] + "m=audio 4000 RTP/AVP 0 101\r\n" + sdp[i+len(line):]
}

func TestDigitsByInfo(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada := d.peer()
		invite, ok := d.connectedTo(ada, withoutEvents)
		d.phone.Press(view.Key5)
		d.wait(300 * time.Millisecond)
		ada.Quiet(0)
		d.phone.Release(view.Key5)
		info := ada.Await("INFO")
		if string(info.Body) != "Signal=5\r\nDuration=300\r\n" {
			t.Errorf("%q", info.Body)
		}
		ada.Reply(info, 200)
		d.press(view.KeyPound)
		info = ada.Await("INFO")
		if string(info.Body) != "Signal=#\r\nDuration=100\r\n" {
			t.Errorf("%q", info.Body)
		}
		ada.Reply(info, 200)
		if got := d.heard().streams[0].digits; got != "" {
			t.Errorf("the stream sent %q as well", got)
		}
		for _, body := range []string{"Signal=1\r\n", "Signal=2\r\n"} {
			ada.SendTo(phoneAddr, ada.Within(invite, ok, "INFO", func(m *wire.Message) { m.SetBody("application/dtmf-relay", []byte(body)) }))
			ada.Await("200")
		}
		d.press(view.KeyInfo, view.KeyInfo)
		d.expect("menu.call.statistics", "Digits heard 12 (SIP INFO)")
	}, withFlags("dtmf_info", "fallback", "proxy_register", "0"))
}

func TestPeerThatTakesNoInfoHearsTones(t *testing.T) {
	onDesk(t, func(d *desk) {
		ada := d.peer()
		d.connectedTo(ada, withoutEvents)
		d.press(view.Key5)
		ada.Reply(ada.Await("INFO"), 405)
		d.wait(time.Second)
		d.expectStatus("SIP INFO refused (405)")
		if p := d.heard().streams[0].last(); !p.Inband {
			t.Errorf("%+v", p)
		}
		d.press(view.Key6)
		if got := d.heard().streams[0].digits; got != "6." {
			t.Errorf("the stream sent %q, want 6", got)
		}
	}, withFlags("dtmf_info", "fallback", "proxy_register", "0"))
}

func TestDigitsOfTheFarSideAreShown(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.connectedTo(d.peer(), withoutEvents)
		d.press(view.KeyInfo, view.KeyInfo)
		d.expect("menu.call.statistics", "Digits heard none")
		d.on(func() {
			heard := &d.voice.streams[0].stats.Heard
			heard.Add(audio.HeardDigit{Key: '4', Method: audio.DigitsTones})
			heard.Add(audio.HeardDigit{Key: '2', Method: audio.DigitsEvents})
		})
		d.wait(2 * time.Second)
		d.expect("menu.call.statistics", "Digits heard 42 (RFC 4733)")
	}, withFlags("proxy_register", "0"))
}

func TestTonesOfTheChosenCountry(t *testing.T) {
	onDesk(t, func(d *desk) {
		var choices []tone.Country
		row, _ := param.Lookup("tone_country")
		for _, c := range row.Choices {
			choices = append(choices, tone.Country(c))
		}
		if !slices.Equal(choices, tone.Countries()) {
			t.Errorf("tone_country offers %v, audio/tone has %v", choices, tone.Countries())
		}
		d.press(view.KeySpeaker)
		if v := d.heard(); v.country != tone.DE || v.tone != tone.Dial {
			t.Errorf("tone %v of %q", v.tone, v.country)
		}
	}, withFlags("tone_country", "DE", "proxy_register", "0"))
}
