package stream

import (
	"sync"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/dtmf"
	"deskset/audio/resample"
)

// digits collects what a stream reports.
type digits struct {
	mu  sync.Mutex
	got []byte
}

func (d *digits) add(digit byte) {
	d.mu.Lock()
	d.got = append(d.got, digit)
	d.mu.Unlock()
}

func (d *digits) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return string(d.got)
}

func TestDigitsByEventsAt20PercentLoss(t *testing.T) {
	var heardA, heardB digits
	a, b := open(t, heardA.add), open(t, heardB.add)
	between := newRelay(t, a.addr(), b.addr(), 0.2)
	if err := a.Start(params(connAddr(between.a))); err != nil {
		t.Fatal(err)
	}
	if err := b.Start(params(connAddr(between.b))); err != nil {
		t.Fatal(err)
	}
	const typedA, typedB = "1234567890*#ABCD", "5551212"
	for _, d := range []byte(typedA) {
		a.DigitDown(d)
		a.DigitUp()
	}
	for _, d := range []byte(typedB) {
		b.DigitDown(d)
		b.DigitUp()
	}
	for range 4 * 200 {
		a.Write(make([]float32, card5ms))
		b.Write(make([]float32, card5ms))
		wait(t, "the rings to empty", func() bool { return a.outgoing.front() == nil && b.outgoing.front() == nil })
	}
	wait(t, "the digits", func() bool { return heardB.String() == typedA && heardA.String() == typedB })
}

func TestDigitReplacesVoiceWhileTheKeyIsHeld(t *testing.T) {
	s, peer := open(t, nil), newRaw(t)
	if err := s.Start(params(peer.addr())); err != nil {
		t.Fatal(err)
	}
	step := func(n int) {
		for range n {
			s.Write(make([]float32, cardRate/50))
			wait(t, "the ring to empty", func() bool { return s.outgoing.front() == nil })
		}
	}
	step(2)
	s.DigitDown('8')
	step(15)
	s.DigitUp()
	step(10)
	wait(t, "the packets", func() bool { return len(peer.got()) == 28 })
	events, ends := 0, 0
	var stamp uint32
	for i, p := range peer.got()[1:] {
		if p.PayloadType != 101 {
			continue
		}
		e, err := dtmf.ParseEvent(p.Payload)
		if err != nil || e.Digit != '8' {
			t.Fatalf("packet %d: %+v, %v", i, e, err)
		}
		if events == 0 {
			stamp = p.Timestamp
		}
		if p.Timestamp != stamp || p.Marker != (events == 0) {
			t.Errorf("packet %d: %v", i, p.Header)
		}
		events++
		if e.End {
			ends++
			if e.Duration != 16*160 {
				t.Errorf("duration %d, want %d", e.Duration, 16*160)
			}
		}
	}
	if events != 18 || ends != 3 {
		t.Errorf("%d event packets with %d ends, want 18 and 3", events, ends)
	}
}

func TestDigitsInBand(t *testing.T) {
	a, b := open(t, nil), open(t, nil)
	connect(t, a, b, func(_, toA *audio.Params) { toA.EventSend, toA.Inband = 0, true })
	const typed = "159*0#D"
	for _, d := range []byte(typed) {
		b.DigitDown(d)
		b.DigitUp()
	}
	heard, _ := talk(t, a, b, &sine{}, &sine{hz: 300, amplitude: 0.2}, 2*time.Second)
	down, err := resample.New(cardRate, 8000)
	if err != nil {
		t.Fatal(err)
	}
	low := make([]float32, down.Outputs(len(heard)))
	down.Process(low, heard)
	got := ""
	dtmf.NewDetector(8000).Write(low, func(digit byte) { got += string(digit) })
	if got != typed {
		t.Errorf("detected %q, want %q", got, typed)
	}
}

// A re-INVITE may change the way of digits while a key is held.
func TestChangeOfMethodEndsADigit(t *testing.T) {
	s, peer := open(t, nil), newRaw(t)
	byEvents := params(peer.addr())
	byTones := byEvents
	byTones.EventSend, byTones.Inband = 0, true
	step := func(p audio.Params, packets int) {
		if err := s.Start(p); err != nil {
			t.Fatal(err)
		}
		for range packets {
			s.Write(make([]float32, cardRate/50))
			wait(t, "the ring to empty", func() bool { return s.outgoing.front() == nil })
		}
	}
	step(byEvents, 2)
	s.DigitDown('3')
	step(byEvents, 5)
	step(byTones, 5)
	s.DigitUp()
	step(byTones, 5)
	step(byEvents, 20)
	wait(t, "the packets", func() bool { return uint64(len(peer.got())) == s.Stats().PacketsSent })
	packets := peer.got()
	for _, p := range packets[len(packets)-15:] {
		if p.PayloadType == 101 {
			t.Fatal("the digit never ends")
		}
	}
}
