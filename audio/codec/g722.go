package codec

import (
	"slices"

	"github.com/gotranspile/g722"
)

// g722Codec is ITU-T G.722 at 64 kbit/s: one byte for two samples at 16 kHz
// (RFC 3551 section 4.5.2).
type g722Codec struct {
	encoder *g722.Encoder
	decoder *g722.Decoder
	last    int16 // decoded
}

func newG722() Codec {
	return &g722Codec{encoder: g722.NewEncoder(g722.Rate64000, 0), decoder: g722.NewDecoder(g722.Rate64000, 0)}
}

// Encode implements [Codec].
func (g *g722Codec) Encode(dst []byte, pcm []int16) []byte {
	n, size := len(dst), len(pcm)/2
	dst = slices.Grow(dst, size)[:n+size]
	g.encoder.Encode(dst[n:], pcm[:2*size])
	return dst
}

// Decode implements [Codec]. Every payload is valid.
func (g *g722Codec) Decode(dst []int16, payload []byte) ([]int16, error) {
	n, size := len(dst), 2*len(payload)
	dst = slices.Grow(dst, size)[:n+size]
	g.decoder.Decode(dst[n:], payload)
	g.saturate(dst[n:])
	return dst, nil
}

// saturate undoes what the library does to samples beyond full scale, which the
// decoder gives of loud voice behind a loss: it lets them wrap round, a crack.
// Two samples of voice are never as far apart as that.
func (g *g722Codec) saturate(pcm []int16) {
	const crack = 3 << 14 // of 4 << 14 there are
	for i, v := range pcm {
		switch step := int(v) - int(g.last); {
		case step > crack:
			pcm[i] = -32768
		case step < -crack:
			pcm[i] = 32767
		}
		g.last = pcm[i]
	}
}
