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
}

func newG722() Codec {
	return &g722Codec{g722.NewEncoder(g722.Rate64000, 0), g722.NewDecoder(g722.Rate64000, 0)}
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
	return dst, nil
}
