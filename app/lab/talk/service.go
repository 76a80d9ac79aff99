package talk

import (
	"deskset/app/lab/speech"
	"deskset/audio/linear"
	"deskset/audio/tone"
)

// Service is what a number does once it has answered.
type Service uint8

// The services.
const (
	None      Service = iota
	Echo              // returns what it hears
	ReadBack          // says the digits that it hears
	Milliwatt         // 1004 Hz at 0 dBm0
	Music             // a tune of our own
	Menu              // says what the numbers do, and goes there
	CallBack          // says that it calls back, and ends
	busy              // what the menu leads to, as a call would sound
	ringing
	farewell
)

// listens tells whether tones in the voice are looked for: where the voice is
// music or echo, they are not digits for us.
func (s Service) listens() bool { return s == ReadBack || s == Menu }

// act is a service at work. It runs on the media goroutine.
type act interface {
	// frame fills the next 20 ms; it comes as silence.
	frame(pcm []int16)
	// digit is one that the caller pressed.
	digit(key byte)
}

// acts makes each service's act.
var acts = map[Service]func(*Session) act{
	None:      func(*Session) act { return &silence{} },
	Echo:      func(*Session) act { return &silence{} },
	ReadBack:  func(*Session) act { return newReadBack() },
	Milliwatt: func(*Session) act { return &milliwatt{} },
	Music:     func(*Session) act { return &loop{pcm: music()} },
	Menu:      func(s *Session) act { return newMenu(s) },
	CallBack:  func(s *Session) act { return &saying{s: s, queue: say("callback"), then: CallBackWanted} },
	busy:      func(*Session) act { return newProgress(tone.Busy) },
	ringing:   func(*Session) act { return newProgress(tone.Ringback) },
	farewell:  func(s *Session) act { return &saying{s: s, queue: say("goodbye"), then: Done} },
}

// silence does nothing.
type silence struct{}

func (*silence) frame([]int16) {}
func (*silence) digit(byte)    {}

// queue plays clips one after the other.
type queue struct {
	clips [][]int16
	at    int
}

// maxQueue bounds what waits to be said.
const maxQueue = 64

func (q *queue) add(clips ...[]int16) {
	if len(q.clips)+len(clips) <= maxQueue {
		q.clips = append(q.clips, clips...)
	}
}

func (q *queue) empty() bool { return len(q.clips) == 0 }

func (q *queue) play(pcm []int16) {
	for len(pcm) > 0 && !q.empty() {
		n := copy(pcm, q.clips[0][q.at:])
		pcm, q.at = pcm[n:], q.at+n
		if q.at == len(q.clips[0]) {
			q.clips, q.at = q.clips[1:], 0
		}
	}
}

// say makes a queue of sentences.
func say(names ...string) queue {
	var q queue
	for _, name := range names {
		q.add(speech.Clip(name))
	}
	return q
}

// readBack says each digit that it hears.
type readBack struct{ queue queue }

func newReadBack() *readBack { return &readBack{queue: say("digits")} }

func (r *readBack) frame(pcm []int16) { r.queue.play(pcm) }

// digit also ends the greeting: whoever dials has heard enough of it.
func (r *readBack) digit(key byte) {
	if r.queue.at > 0 && len(r.queue.clips) > 0 && &r.queue.clips[0][0] == &speech.Clip("digits")[0] {
		r.queue = queue{}
	}
	r.queue.add(speech.Digit(key))
}

// saying says something and then ends the call.
type saying struct {
	s     *Session
	queue queue
	then  Outcome
}

func (a *saying) frame(pcm []int16) {
	a.queue.play(pcm)
	if a.queue.empty() {
		a.s.finish(a.then)
	}
}

func (*saying) digit(byte) {}

// progress plays a call-progress tone.
type progress struct {
	player *tone.Player
	block  []float32
}

func newProgress(name tone.Name) *progress {
	p := &progress{player: tone.NewPlayer(sampleRate), block: make([]float32, frameSamples)}
	p.player.Play(name)
	return p
}

func (p *progress) frame(pcm []int16) {
	block := p.block[:len(pcm)]
	p.player.Read(block)
	for i, v := range block {
		pcm[i] = linear.Sample(v)
	}
}

func (*progress) digit(byte) {}
