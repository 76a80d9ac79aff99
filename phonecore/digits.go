package phonecore

import (
	"strings"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/call"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// Digits within a call: which way they go (dtmf_outofband, dtmf_inband: guide,
// Table 3-1; dtmf_info is ours), and what the far side has sent.

// legDigits is how digits go within a call.
type legDigits struct {
	method audio.DigitMethod
	// eventType is the payload type of the events that are sent.
	eventType uint8
	// infoRefused: the peer does not take INFO.
	infoRefused bool
	// heard are the digits that have come by INFO.
	heard audio.HeardDigits
}

// dtmf_db_level 3 is nominal, each step is 3 dB (guide, Table 3-1).
const (
	nominalLevel = 3
	levelStep    = 3
)

// shortestDigit is what INFO tells of a key however briefly it was pressed, as
// with the other ways.
const shortestDigit = 100 * time.Millisecond

// chooseDTMF applies dtmf_outofband and dtmf_inband: avt sends events if the
// peer asked for them, avt_always in any case; in-band tones are for peers
// without events. dtmf_info comes before all, or where there are no events,
// until the peer refuses it.
func (p *Phone) chooseDTMF(l *leg, c *call.Call, params *audio.Params) {
	params.HearTones = p.params.Bool("dtmf_inband")
	params.InbandLevel = (p.params.Int("dtmf_db_level") - nominalLevel) * levelStep
	switch p.params.Text("dtmf_outofband") {
	case "none":
		params.EventSend = 0
	case "avt_always":
		if params.EventSend == 0 {
			params.EventSend = uint8(p.params.Int("dtmf_avt_payload"))
		}
	}
	info := p.params.Text("dtmf_info")
	connected := c.State == call.Connected || c.State == call.Held
	switch {
	case connected && !l.infoRefused && (info == "always" || info == "fallback" && params.EventSend == 0):
		params.EventSend = 0
		l.method = audio.DigitsInfo
	case params.EventSend != 0:
		l.method, l.eventType = audio.DigitsEvents, params.EventSend
	case p.params.Bool("dtmf_inband"):
		params.Inband = true
		l.method = audio.DigitsTones
	default:
		l.method = audio.DigitsNone
	}
}

// sendDigit sends DTMF for as long as the key is down, to all of a conference,
// and lets the person hear it.
func (p *Phone) sendDigit(c *call.Call, k view.Key) {
	var calls []*call.Call
	for _, x := range p.together(c) {
		if l := p.legs[x]; l != nil && l.stream != nil {
			calls = append(calls, x)
		}
	}
	if len(calls) == 0 {
		return
	}
	p.releaseDigits()
	digit := k.Digit()
	var up []func()
	for _, x := range calls {
		up = append(up, p.beginDigit(x, p.legs[x], digit))
	}
	p.voice.KeyDown(digit)
	p.down[k] = func() {
		for _, f := range up {
			f()
		}
		p.voice.KeyUp()
	}
}

// beginDigit begins a digit in one call and gives what ends it.
func (p *Phone) beginDigit(c *call.Call, l *leg, digit byte) (up func()) {
	if l.method != audio.DigitsInfo {
		l.stream.DigitDown(digit)
		return func() {
			if l.stream != nil { // the call may have ended in between
				l.stream.DigitUp()
			}
		}
	}
	began := time.Now()
	return func() {
		err := l.sip.SendDigit(digit, max(shortestDigit, time.Since(began)), func(code int) { p.infoRefused(c, l, code) })
		if err != nil && l.stream != nil {
			p.log.Warn("a digit was not sent", "cause", err)
		}
	}
}

// infoRefused goes over to the other ways.
func (p *Phone) infoRefused(c *call.Call, l *leg, code int) {
	if p.legs[c] != l || l.infoRefused {
		return
	}
	l.infoRefused = true
	p.report(nil, text.StatusInfoRefused, code)
	p.applyMedia(c)
}

// releaseDigits ends the digit that is still held: stream and ear play one at
// a time, and its release would end the next one.
func (p *Phone) releaseDigits() {
	for k := range p.down {
		if k.Digit() != 0 {
			p.release(k)
		}
	}
}

// digitsSent names the way of our digits, digitsHeard those of the far side with
// theirs.
func (l *leg) digitsSent() string {
	switch l.method {
	case audio.DigitsEvents:
		return text.Get(text.DigitsEvents, l.eventType)
	case audio.DigitsTones:
		return text.Get(text.DigitsTones)
	case audio.DigitsInfo:
		return text.Get(text.DigitsInfo)
	}
	return text.Get(text.DigitsNone)
}

func (l *leg) digitsHeard(stats audio.Stats) string {
	heard := stats.Heard
	if l.heard[audio.MaxHeardDigits-1].Key != 0 {
		heard = l.heard
	}
	last := heard[audio.MaxHeardDigits-1]
	if last.Key == 0 {
		return text.Get(text.DigitsNone)
	}
	var keys strings.Builder
	for _, d := range heard {
		if d.Key != 0 {
			keys.WriteByte(d.Key)
		}
	}
	way := map[audio.DigitMethod]text.ID{audio.DigitsEvents: text.DigitsByEvents, audio.DigitsTones: text.DigitsByTones, audio.DigitsInfo: text.DigitsByInfo}
	return text.Get(way[last.Method], keys.String())
}

// tones chooses the country whose tones are played.
func (p *Phone) tones() {
	if taker, ok := p.voice.(audio.CountryTaker); ok {
		taker.SetCountry(tone.Country(p.params.Text("tone_country")))
	}
}
