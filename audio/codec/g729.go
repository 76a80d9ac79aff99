package codec

import (
	"errors"

	"deskset/audio/codec/g729"
)

// Frames of G.729 (RFC 3551 section 4.5.6): 10 bytes for 10 ms, and 2 for a
// description of silence, which may end a packet.
const (
	g729Frame = 10
	// g729Most bounds a packet at 240 ms: nobody sends longer ones.
	g729Most    = 24*g729Frame + g729Silence
	g729Silence = 2
)

var errG729 = errors.New("g729: the payload lasts more than 240 ms")

// g729Codec is ITU-T G.729 Annex A, with Annex B where silence need not be sent.
type g729Codec struct {
	encoder *g729.Encoder // nil until it is wanted
	decoder *g729.Decoder
	fmtp    Fmtp
	dtx     bool
	silent  bool
}

func newG729() Codec { return &g729Codec{decoder: g729.NewDecoder()} }

// prepare makes the encoder. A peer may say that it does not know Annex B (RFC
// 4856 section 2.1.9).
func (g *g729Codec) prepare() {
	if g.encoder == nil {
		g.encoder = g729.NewEncoder()
		g.encoder.SetDTX(g.dtx && g.fmtp.Bool("annexb", true))
	}
}

// Tune implements [Tunable].
func (g *g729Codec) Tune(f Fmtp) { g.fmtp, g.encoder = f, nil }

// SetDTX implements [Discontinuous].
func (g *g729Codec) SetDTX(on bool) { g.dtx, g.encoder = on, nil }

// Encode implements [Codec].
func (g *g729Codec) Encode(dst []byte, pcm []int16) []byte {
	g.prepare()
	return g.encoder.Encode(dst, pcm)
}

// Decode implements [Codec].
func (g *g729Codec) Decode(dst []int16, payload []byte) ([]int16, error) {
	if len(payload) > g729Most {
		return dst, errG729
	}
	out, err := g.decoder.Decode(dst, payload)
	if err == nil {
		g.silent = len(payload)%g729Frame == g729Silence
	}
	return out, err
}

// Conceal implements [Concealer].
func (g *g729Codec) Conceal(dst []int16, samples int) []int16 { return g.decoder.Conceal(dst, samples) }

// Silent implements [Silencer].
func (g *g729Codec) Silent() bool { return g.silent }
