package g729

// Encoder is the sending side of one stream. It is not safe for use by several
// goroutines at once.
type Encoder struct {
	front    front
	coder    coder
	dtx      bool
	detector detector
	describe describer
}

// NewEncoder gives an encoder in its initial state, which sends every frame.
func NewEncoder() *Encoder {
	return &Encoder{front: newFront(), coder: newCoder()}
}

// SetDTX switches silence compression (Annex B) on or off, as the other side
// understands it (annexb, RFC 4856 section 2.1.9).
func (e *Encoder) SetDTX(on bool) {
	if on && !e.dtx {
		e.detector = newDetector()
	}
	e.dtx = on
}

// Encode appends the payload of one packet to dst: pcm holds its frames of 80
// samples, what is over is left out.
//
// With silence compression a payload has frames of speech, then at most one
// description of silence (RFC 3551 section 4.5.6); frames after these are not
// sent, and when none is, dst comes back as it was. Silence before speech in the
// same packet is sent as speech, for a payload has no room for a frame that is
// missing.
func (e *Encoder) Encode(dst []byte, pcm []int16) []byte {
	frames := len(pcm) / frameSamples
	speaking := frames // that many are sent as speech
	if e.dtx {
		speaking = e.spokenFrames(pcm)
	}
	mayDescribe := true
	for i := range frames {
		a := e.front.analyse((*[frameSamples]int16)(pcm[i*frameSamples:]))
		if e.dtx {
			e.detector.decide(&a, e.front.present())
		}
		e.describe.hear(&a)
		if i < speaking {
			e.describe.speak()
			s := e.coder.speech(&a, e.front.present())
			dst = packSpeech(dst, s)
			continue
		}
		if s, ok := e.describe.decide(mayDescribe, &e.coder.lsf); ok {
			e.coder.silence(&s, e.front.present())
			dst = packSilence(dst, s)
		} else {
			e.coder.silence(nil, e.front.present())
		}
		// A later description would stand where this frame belongs.
		mayDescribe = false
	}
	return dst
}

// spokenFrames looks ahead and gives the number of frames up to the last one
// with voice.
func (e *Encoder) spokenFrames(pcm []int16) (count int) {
	ahead, detector := e.front, e.detector
	for i := range len(pcm) / frameSamples {
		a := ahead.analyse((*[frameSamples]int16)(pcm[i*frameSamples:]))
		if detector.decide(&a, ahead.present()) {
			count = i + 1
		}
	}
	return count
}
