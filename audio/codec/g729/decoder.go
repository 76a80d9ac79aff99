package g729

import (
	"errors"
	"fmt"
	"slices"
)

var errPayloadLength = errors.New("g729: payload is not frames of 10 bytes with at most one of 2 at the end")

// Decoder is the receiving side of one stream. It is not safe for use by
// several goroutines at once.
type Decoder struct {
	lsf       lsfMemory
	lastLSF   [order]int16 // of the last good frame of speech, and the predictor it used
	predictor uint16
	lsp       [order]int16 // of the last frame

	exc       [pastExcitation + frameSamples]int16
	delay     int // of the pitch in the last subframe, whole samples
	sharpness int16
	gains     gainMemory
	pitchGain int16 // of the last subframe, Q14
	codeGain  int16 // Q1
	seed      uint16

	synthesis [order]int16
	post      postfilter
	out       highpass

	silent bool // the last frame was not speech
	noise  noise
}

// firstSeed is where the generator of equation 96 starts.
const firstSeed = 21845

// NewDecoder gives a decoder in its initial state (section 4.3, table 9).
func NewDecoder() *Decoder {
	d := new(Decoder)
	d.Reset()
	return d
}

// Reset brings back the initial state.
func (d *Decoder) Reset() {
	*d = Decoder{
		lsf:       newLSFMemory(),
		lastLSF:   initialLSF,
		lsp:       initialLSP,
		delay:     60,
		sharpness: leastSharpness,
		gains:     newGainMemory(),
		seed:      firstSeed,
		post:      newPostfilter(),
	}
}

// Decode appends the samples of one packet to dst: 80 for each frame of 10
// bytes, and 80 of comfort noise for a silence insertion descriptor of 2 bytes
// at the end (RFC 3551 section 4.5.6). A payload of another length gives an
// error and changes nothing.
func (d *Decoder) Decode(dst []int16, payload []byte) ([]int16, error) {
	frames, rest := len(payload)/speechBytes, len(payload)%speechBytes
	if len(payload) == 0 || rest != 0 && rest != sidBytes {
		return dst, fmt.Errorf("%w: %d", errPayloadLength, len(payload))
	}
	for i := range frames {
		s := unpackSpeech(payload[i*speechBytes:])
		d.speech(&s, grow(&dst))
	}
	if rest != 0 {
		s := unpackSilence(payload[frames*speechBytes:])
		d.comfort(&s, grow(&dst))
	}
	return dst, nil
}

// Conceal appends sound for packets that did not come: the erased frames of
// section 4.4 in speech, comfort noise in silence (section B.4.5). Frames are
// made whole; what samples leaves of the last one is left out.
func (d *Decoder) Conceal(dst []int16, samples int) []int16 {
	for end := len(dst) + max(samples, 0); len(dst) < end; {
		if out := grow(&dst); d.silent {
			d.comfort(nil, out)
		} else {
			d.speech(nil, out)
		}
		dst = dst[:min(len(dst), end)]
	}
	return dst
}

// grow makes room for a frame at the end of dst.
func grow(dst *[]int16) []int16 {
	n := len(*dst)
	*dst = slices.Grow(*dst, frameSamples)[:n+frameSamples]
	return (*dst)[n:]
}

// speech decodes a frame of speech; nil is an erased one.
func (d *Decoder) speech(s *speech, out []int16) {
	filters := d.filters(s)
	first := 0 // whole samples of delay in the first subframe
	for i := range filters {
		var index *excitation
		if s != nil {
			index = &s.sub[i]
		}
		delay, thirds := d.pitchDelay(s, i, first)
		first = delay
		d.excite(index, i, delay, thirds)
		d.synthesize(&filters[i], i, out, delay, true)
	}
	d.noise.seed = noiseSeed
	d.finish(out)
	d.silent = false
}

// filters decodes the LP filters of both subframes (section 4.1.1, 4.4.1).
func (d *Decoder) filters(s *speech) [2]lpc {
	if s != nil {
		d.predictor = s.predictor
		codeword := speechCodeword(s.first, s.low, s.high)
		d.lastLSF = d.lsf.compose(&codeword, &lspPredictor[d.predictor], &lspWeight[d.predictor])
		stabilize(&d.lastLSF)
		d.lsf.push(&codeword)
	} else {
		codeword := d.lsf.extract(&d.lastLSF, &lspPredictor[d.predictor], &lspWeightInverse[d.predictor])
		d.lsf.push(&codeword)
	}
	return d.interpolate(lsfToLSP(&d.lastLSF))
}

// interpolate goes from the LSP of the last frame to those of this one.
func (d *Decoder) interpolate(lsp [order]int16) [2]lpc {
	middle := interpolateLSP(&d.lsp, &lsp)
	d.lsp = lsp
	return [2]lpc{lspToLP(&middle), lspToLP(&lsp)}
}

// pitchDelay decodes the delay of a subframe. Where it is lost, or its parity
// is wrong, the last one is repeated and grows by one with each subframe
// (sections 4.1.2 and 4.4.4).
func (d *Decoder) pitchDelay(s *speech, subframe, first int) (delay, thirds int) {
	switch {
	case s == nil, subframe == 0 && s.parity != delayParity(s.sub[0].delay):
		delay = d.delay
		d.delay = min(delay+1, maxDelay)
		return delay, 0
	case subframe == 0:
		delay, thirds = firstDelay(s.sub[0].delay)
	default:
		delay, thirds = secondDelay(s.sub[1].delay, first)
	}
	d.delay = delay
	return delay, thirds
}

// excite builds the excitation of a subframe (sections 4.1.3 to 4.1.5, 4.4.2 to
// 4.4.4).
func (d *Decoder) excite(index *excitation, subframe, delay, thirds int) {
	at := pastExcitation + subframe*subframeSamples
	adaptiveVector(d.exc[:], at, delay, thirds)
	var c codeVector
	if index != nil {
		c = newCodeVector(index.pulses, index.signs)
		c.sharpen(delay, d.sharpness)
		d.pitchGain, d.codeGain = d.gains.decode(index.gainOne, index.gainTwo, &c)
	} else {
		pulses := random(&d.seed) & 0x1FFF
		c = newCodeVector(pulses, random(&d.seed)&0xF)
		c.sharpen(delay, d.sharpness)
		d.pitchGain = min(mul16(d.pitchGain, 29491), 29491) // 0.9
		d.codeGain = mul16(d.codeGain, 32111)               // 0.98
		d.gains.fade()
	}
	d.sharpness = min(max(d.pitchGain, leastSharpness), mostSharpness)
	addCodebooks(d.exc[at:][:subframeSamples], &c, d.pitchGain, d.codeGain)
}

// synthesize makes speech of a subframe's excitation (section 4.1.6) and
// filters it. When a sum goes over the limit the excitation is taken back by
// 12 dB, the past with it.
func (d *Decoder) synthesize(a *lpc, subframe int, out []int16, delay int, voiced bool) {
	from := subframe * subframeSamples
	in := d.exc[pastExcitation+from:][:subframeSamples]
	out = out[from:][:subframeSamples]
	if synthesize(a, in, out, &d.synthesis) {
		for i, x := range d.exc {
			d.exc[i] = x >> 2
		}
		synthesize(a, in, out, &d.synthesis)
	}
	copy(d.synthesis[:], out[subframeSamples-order:])
	d.post.apply(a, out, delay, voiced)
}

// finish ends a frame.
func (d *Decoder) finish(out []int16) {
	d.out.apply(out)
	copy(d.exc[:], d.exc[frameSamples:])
}
