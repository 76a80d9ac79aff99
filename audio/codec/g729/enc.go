package g729

// Encoder turns voice into payloads. It is not safe for use by several
// goroutines at once.
type Encoder struct {
	front front
	coder coder
}

// NewEncoder gives an encoder in its initial state, which sends every frame.
func NewEncoder() *Encoder {
	return &Encoder{front: newFront(), coder: newCoder()}
}

// Encode appends the payload of pcm to dst.
func (e *Encoder) Encode(dst []byte, pcm []int16) []byte {
	for len(pcm) >= frameSamples {
		a := e.front.analyse((*[frameSamples]int16)(pcm))
		pcm = pcm[frameSamples:]
		dst = packSpeech(dst, e.coder.speech(&a, e.front.present()))
	}
	return dst
}
