package codec

import "slices"

// g711 is one law of G.711: 8 bits for each sample, by table, with no state.
type g711 struct {
	compress *[1 << 16]byte // by the sample's bits
	expand   *[1 << 8]int16
}

func newPCMU() Codec { return &g711{&ulawCompress, &ulawExpand} }
func newPCMA() Codec { return &g711{&alawCompress, &alawExpand} }

// Encode implements [Codec].
func (g *g711) Encode(dst []byte, pcm []int16) []byte {
	n := len(dst)
	dst = slices.Grow(dst, len(pcm))[:n+len(pcm)]
	for i, s := range pcm {
		dst[n+i] = g.compress[uint16(s)]
	}
	return dst
}

// Decode implements [Codec]. Every payload is valid.
func (g *g711) Decode(dst []int16, payload []byte) ([]int16, error) {
	n := len(dst)
	dst = slices.Grow(dst, len(payload))[:n+len(payload)]
	for i, b := range payload {
		dst[n+i] = g.expand[b]
	}
	return dst, nil
}

var (
	ulawCompress, alawCompress [1 << 16]byte
	ulawExpand, alawExpand     [1 << 8]int16
)

func init() {
	for code := range 256 {
		ulawExpand[code] = expandULaw(byte(code))
		alawExpand[code] = expandALaw(byte(code))
	}
	for bits := range 1 << 16 {
		ulawCompress[bits] = compressULaw(int16(bits))
		alawCompress[bits] = compressALaw(int16(bits))
	}
}

// µ-law works on 14 bits, scaled to 16: the smallest step is 8, the bias that
// makes the segments line up is 33 of 14 bits.
const (
	ulawBias = 33 << 2
	ulawClip = 8158 << 2 // the last input below the virtual decision value, G.711 table 2a
)

// expandULaw gives the quantized value of G.711 table 2: all bits are inverted
// on the line.
func expandULaw(code byte) int16 {
	code = ^code
	magnitude := (int16(code&0x0F)<<3+ulawBias)<<(code>>4&7) - ulawBias
	if code&0x80 != 0 {
		return -magnitude
	}
	return magnitude
}

func compressULaw(s int16) byte {
	sign, magnitude := byte(0), int(s)
	if s < 0 {
		// On a decision value G.711 leaves the choice open; like the ITU's own
		// software (G.191) a sample belongs to the interval above it.
		sign, magnitude = 0x80, -magnitude-1
	}
	magnitude = min(magnitude, ulawClip) + ulawBias
	segment := byte(0)
	for magnitude>>(segment+8) != 0 {
		segment++
	}
	return ^(sign | segment<<4 | byte(magnitude>>(segment+3))&0x0F)
}

// expandALaw gives the quantized value of G.711 table 1: the even bits are
// inverted on the line, and bit 8 is 1 for positive values.
func expandALaw(code byte) int16 {
	code ^= 0x55
	segment := code >> 4 & 7
	magnitude := int16(code&0x0F)<<4 + 8
	if segment > 0 {
		magnitude = (magnitude + 0x100) << (segment - 1)
	}
	if code&0x80 == 0 {
		return -magnitude
	}
	return magnitude
}

func compressALaw(s int16) byte {
	sign, magnitude := byte(0x80), int(s)
	if s < 0 {
		// A-law has no zero: the first negative interval is -1 to -16.
		sign, magnitude = 0, -magnitude-1
	}
	segment := byte(0)
	for magnitude>>(segment+8) != 0 {
		segment++
	}
	if segment == 0 {
		return (sign | byte(magnitude>>4)) ^ 0x55
	}
	return (sign | segment<<4 | byte(magnitude>>(segment+3))&0x0F) ^ 0x55
}
