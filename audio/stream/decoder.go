package stream

import (
	"fmt"

	"deskset/audio/codec"
	"deskset/audio/linear"
	"deskset/audio/resample"
)

// decoderAt is a decoder whose samples come at the playout buffer's rate.
func decoderAt(info codec.Info, rate int) (codec.Codec, error) {
	decoder := info.New()
	if info.SampleRate == rate {
		return decoder, nil
	}
	up, err := resample.New(info.SampleRate, rate)
	if err != nil {
		return nil, fmt.Errorf("codec %q at %d Hz: %w", info.Name, rate, err)
	}
	r := &raised{Codec: decoder, up: up, times: rate / info.SampleRate}
	r.pcm = make([]int16, 0, maxLow)
	r.low, r.high = make([]float32, 0, maxLow), make([]float32, maxLow*r.times)
	if _, ok := decoder.(codec.Concealer); ok {
		return &raisedConcealer{r}, nil
	}
	return r, nil
}

// maxLow is the longest packet at the rate of a codec that is raised: 182 ms
// of G.711 in the largest payload, G.729's 16 kbit take as much in 1460 bytes
// only in theory. What is longer is not decoded.
const maxLow = 5760

// raised is a decoder of a lower rate, resampled. Its rate divides that of the
// buffer.
type raised struct {
	codec.Codec
	up        *resample.Resampler
	times     int
	pcm       []int16
	low, high []float32
}

// Decode implements [codec.Codec].
func (r *raised) Decode(dst []int16, payload []byte) ([]int16, error) {
	pcm, err := r.Codec.Decode(r.pcm[:0], payload)
	if err != nil {
		return dst, err
	}
	return r.raise(dst, pcm)
}

func (r *raised) raise(dst, pcm []int16) ([]int16, error) {
	if len(pcm) > maxLow {
		return dst, errTooLong
	}
	r.low = r.low[:0]
	for _, v := range pcm {
		r.low = append(r.low, float32(v)/32768)
	}
	for _, v := range r.high[:r.up.Process(r.high, r.low)] {
		dst = append(dst, linear.Sample(v))
	}
	return dst, nil
}

// raisedConcealer is one that makes noise of its own.
type raisedConcealer struct{ *raised }

// Conceal implements [codec.Concealer].
func (r *raisedConcealer) Conceal(dst []int16, samples int) []int16 {
	pcm := r.Codec.(codec.Concealer).Conceal(r.pcm[:0], (min(samples, maxLow)+r.times-1)/r.times)
	out, err := r.raise(dst, pcm)
	if err != nil {
		return dst
	}
	return out
}

// Silent implements [codec.Silencer].
func (r *raisedConcealer) Silent() bool {
	s, ok := r.Codec.(codec.Silencer)
	return ok && s.Silent()
}
