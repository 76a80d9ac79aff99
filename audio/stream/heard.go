package stream

import (
	"sync/atomic"

	"deskset/audio"
	"deskset/audio/dtmf"
)

// heard finds and remembers the digits of the peer. The receiving goroutine
// finds those in events, the playback callback those in the voice.
type heard struct {
	// last holds a byte for each digit, the newest lowest: a bit that says that
	// there is one, its method, its key's index.
	last atomic.Uint64
	// events: the peer sends events; its tones, if it sends them too, are the
	// same digits once more.
	events atomic.Bool

	// Of the playback callback.
	detector *dtmf.Detector
	found    func(digit byte)
}

const (
	heardBit    = 0x80
	methodShift = 4
	keyMask     = 0xF
	heardKeys   = "0123456789*#ABCD"
)

func (h *heard) note(digit byte, method audio.DigitMethod) {
	for i := range len(heardKeys) {
		if heardKeys[i] != digit {
			continue
		}
		for {
			last := h.last.Load()
			if h.last.CompareAndSwap(last, last<<8|heardBit|uint64(method)<<methodShift|uint64(i)) {
				return
			}
		}
	}
}

// digits gives what is remembered.
func (h *heard) digits() (list audio.HeardDigits) {
	last := h.last.Load()
	for i := len(list) - 1; last != 0; i-- {
		list[i] = audio.HeardDigit{
			Key:    heardKeys[last&keyMask],
			Method: audio.DigitMethod(last >> methodShift & 7),
		}
		last >>= 8
	}
	return list
}

// hear tells of a digit of the peer.
func (s *Stream) hear(digit byte, method audio.DigitMethod) {
	s.heard.note(digit, method)
	if s.cfg.Digit != nil {
		s.cfg.Digit(digit)
	}
}

// detect looks for digits in what the peer says.
func (s *Stream) detect(voice []float32) {
	if !s.heard.events.Load() {
		s.heard.detector.Write(voice, s.heard.found)
	}
}
