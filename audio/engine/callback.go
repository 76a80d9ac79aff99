package engine

import (
	"sync/atomic"
	"time"

	"deskset/audio/device"
	"deskset/audio/mix"
	"deskset/audio/tone"
)

// chunk is the most that the callbacks work on at a time: 10 ms. Larger blocks
// are cut up.
const chunk = mix.Rate / 100

// lap tells control when no callback can be using an old plan any more: it is
// odd while one runs.
type lap struct{ count atomic.Uint64 }

func (l *lap) begin() { l.count.Add(1) }
func (l *lap) end()   { l.count.Add(1) }

// ear is the playback callback of the call path. Its fields belong to it, but
// for what is atomic and the control side of tones and keys.
type ear struct {
	plan       *planBox
	processing *processing
	tones      *tone.Player
	keys       *tone.KeyPad

	lap        lap
	gain       mix.Gain
	replayGain mix.Gain
	limiter    mix.Limiter
	meter      mix.Meter
	gauge      gauge
	farewell   farewell
	source     [chunk]float32 // what one source gives
	spare      [chunk]float32 // what is rendered for nobody
}

func newEar(p *planBox, i *processing) *ear {
	return &ear{plan: p, processing: i, tones: tone.NewPlayer(mix.Rate), keys: tone.NewKeyPad(mix.Rate)}
}

// render is device.Config.Data of the playback port.
func (e *ear) render(block []float32) {
	began := time.Now()
	e.lap.begin()
	p := e.plan.load()
	for len(block) > 0 {
		n := min(len(block), chunk)
		e.renderChunk(p, block[:n])
		block = block[n:]
	}
	e.lap.end()
	e.gauge.took(time.Since(began))
}

// begin lets a card that begins in the middle of a sound swell: what came before
// was played by another one, or for nobody, with the soft begin of the sound.
func (e *ear) begin() {
	e.gain.Jump(0)
	e.replayGain.Jump(0)
	e.gauge.pace.Restart()
}

func (e *ear) renderChunk(p *plan, block []float32) {
	clear(block)
	source := e.source[:len(block)]
	for _, s := range p.streams {
		s.Read(source)
		if s.party != nil {
			s.crossing.Put(source)
		}
		if s.taping != nil {
			s.taping.far.Put(source)
		}
		mix.Add(block, source)
	}
	e.farewell.count(len(p.streams))
	e.farewell.apply(block)
	e.gain.Set(p.earGain)
	if !p.open && e.gain.Silent() {
		clear(block)
		e.replay(p, block)
		return // on hook: calls are clocked, nothing is heard of them
	}
	if e.tones.Read(source) {
		mix.Add(block, source)
	}
	if e.keys.Read(source) {
		mix.Add(block, source)
	}
	e.warn(p, block)
	e.gain.Apply(block)
	e.processing.side.add(block, p.treat.side)
	e.limiter.Apply(block)
	e.processing.canceller.Far(block)
	e.meter.Add(block)
}

// replay lets a person hear what was recorded to try the devices.
func (e *ear) replay(p *plan, block []float32) {
	if p.replay == nil {
		return
	}
	p.replay.read(block)
	e.replayGain.Set(p.replayGain)
	e.replayGain.Apply(block)
	e.limiter.Apply(block)
	e.meter.Add(block)
}

// mouth is the capture callback of the call path.
type mouth struct {
	plan       *planBox
	processing *processing
	treat      treatment // of the last block

	lap      lap
	gain     mix.Gain
	farewell farewell
	meter    mix.Meter
	gauge    gauge
	said     [chunk]float32
	mixed    [chunk]float32 // what one party of a conference hears
}

func newMouth(p *planBox, i *processing) *mouth {
	return &mouth{plan: p, processing: i}
}

// capture is device.Config.Data of the capture port. The block belongs to the
// card and is copied before anything is done to it.
func (m *mouth) capture(block []float32) {
	began := time.Now()
	m.lap.begin()
	p := m.plan.load()
	for len(block) > 0 {
		n := min(len(block), chunk)
		m.captureChunk(p, block[:n])
		block = block[n:]
	}
	m.lap.end()
	m.gauge.took(time.Since(began))
}

// begin lets the last microphone die away and another one swell.
func (m *mouth) begin() {
	m.farewell.leave()
	m.gain.Jump(0)
}

func (m *mouth) captureChunk(p *plan, block []float32) {
	said := m.said[:len(block)]
	copy(said, block)
	m.process(p.treat, said)
	m.meter.Add(said) // ahead of mute: the meter shows that the microphone works
	if p.record != nil {
		p.record.add(said)
	}
	m.gain.Set(p.micGain)
	m.gain.Apply(said)
	m.farewell.apply(said)
	m.processing.side.put(said)
	m.listen(p, len(said))
	for _, s := range p.streams {
		out := said
		if s.taping != nil {
			out = m.keep(p, s, said)
		}
		if s.party != nil {
			m.tell(p, s, out)
			continue
		}
		s.Write(out)
	}
}

// process treats what was heard. The canceller takes time, so that a step in it
// comes where it begins or ends its work: the sound before dies away there, and
// the sound after swells.
func (m *mouth) process(t treatment, said []float32) {
	if t.cleans() != m.treat.cleans() {
		m.begin()
	}
	m.treat = t
	m.processing.near(t, said)
}

// bell is the playback callback of the ringer.
type bell struct {
	plan   *planBox
	ringer *tone.Ringer

	gain    mix.Gain
	limiter mix.Limiter
	meter   mix.Meter
	gauge   gauge
}

func newBell(p *planBox) *bell {
	return &bell{plan: p, ringer: tone.NewRinger(mix.Rate)}
}

// begin lets a card that begins in the middle of a ring swell.
func (b *bell) begin() { b.gain.Jump(0) }

func (b *bell) render(block []float32) {
	began := time.Now()
	b.ringer.Read(block)
	b.gain.Set(b.plan.load().bellGain)
	b.gain.Apply(block)
	b.limiter.Apply(block)
	b.meter.Add(block)
	b.gauge.took(time.Since(began))
}

// silence is what a missing microphone hears. Nobody writes to it.
var silence [chunk]float32

// playedCard is told how much the playback card has moved; it clocks a missing
// microphone.
func (e *Engine) playedCard(n int) {
	if e.ear.gauge.card(n) {
		select {
		case e.dry <- struct{}{}:
		default: // control knows
		}
	}
	for n > 0 && e.inPort.Substitute(silence[:min(n, chunk)]) {
		n -= chunk
	}
}

// capturedCard is told how much the capture card has moved; it clocks a missing
// loudspeaker.
func (e *Engine) capturedCard(n int) {
	e.mouth.gauge.card(n)
	for n > 0 && e.outPort.Substitute(e.ear.spare[:min(n, chunk)]) {
		n -= chunk
	}
}

// timerTick clocks both halves while neither has a card.
func (e *Engine) timerTick(block []float32) {
	if e.outPort.Live() || e.inPort.Live() {
		return // it drives the other
	}
	clear(block)
	e.inPort.Substitute(block)
	for n := len(block); n > 0; n -= chunk {
		e.outPort.Substitute(e.ear.spare[:min(n, chunk)])
	}
}

// timer keeps streams going without a card.
type timer struct {
	period time.Duration
	device device.Device
}

// run starts, stops or changes the timer; zero stops it.
func (t *timer) run(period time.Duration, tick func([]float32)) {
	if period == t.period {
		return
	}
	if t.device != nil {
		_ = t.device.Close() // the null device has no errors
		t.device = nil
	}
	t.period = period
	if period > 0 {
		t.device, _ = device.Null{}.Open(device.Config{Period: period, Data: tick})
	}
}
