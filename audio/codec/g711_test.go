package codec

import "testing"

// law is one half (positive) of a quantizer as G.711 prints it: input x[n] up
// to x[n+1] gives the value y[n], both on the scale of 16-bit samples.
type law struct{ x, y []int }

// ulawTable builds table 2a of G.711 on 14 bits: in segment s the step is
// 2<<s, and the segments would meet at -33; the first interval begins at 0.
func ulawTable() law {
	t := law{}
	for segment := range 8 {
		for i := range 16 {
			t.x = append(t.x, max(0, (32+2*i)<<segment-33))
			t.y = append(t.y, (33+2*i)<<segment-33)
		}
	}
	return t.scaled(4)
}

// alawTable builds table 1a of G.711: 13 bits (x printed with 4096 at the end);
// two segments of step 2, then doubling.
func alawTable() law {
	t := law{}
	at := 0
	for segment := range 8 {
		step := 2 << max(0, segment-1)
		for range 16 {
			t.x = append(t.x, at)
			t.y = append(t.y, at+step/2)
			at += step
		}
	}
	return t.scaled(8)
}

func (t law) scaled(by int) law {
	for i := range t.x {
		t.x[i] *= by
		t.y[i] *= by
	}
	return t
}

// quantize finds the interval of a sample. A sample on a decision value counts
// to the interval above it (G.191).
func (t law) quantize(s int) (n int, negative bool) {
	negative = s < 0
	for n = len(t.x) - 1; n > 0; n-- {
		if !negative && s >= t.x[n] || negative && -s > t.x[n] {
			break
		}
	}
	return n, negative
}

func TestG711TablesAreThoseOfTheRecommendation(t *testing.T) {
	u, a := ulawTable(), alawTable()
	// Values to be read in the Recommendation.
	for _, c := range []struct{ got, want int }{
		{u.y[1], 2 * 4}, {u.y[16], 33 * 4}, {u.y[32], 99 * 4}, {u.y[127], 8031 * 4}, {u.x[112], 4063 * 4},
		{a.y[0], 1 * 8}, {a.y[32], 66 * 8}, {a.y[127], 4032 * 8}, {a.x[64], 256 * 8},
	} {
		if c.got != c.want {
			t.Fatalf("test's own table is wrong: %d, want %d", c.got, c.want)
		}
	}
}

func TestG711EverySampleAndCode(t *testing.T) {
	for _, c := range []struct {
		name  Name
		table law
		code  func(n int, negative bool) byte
	}{
		// Character signals: µ-law has all bits inverted, A-law every other one.
		{PCMU, ulawTable(), func(n int, negative bool) byte {
			if negative {
				return ^byte(0x80 | n)
			}
			return ^byte(n)
		}},
		{PCMA, alawTable(), func(n int, negative bool) byte {
			if negative {
				return byte(n) ^ 0x55
			}
			return byte(0x80|n) ^ 0x55
		}},
	} {
		info, _ := Lookup(c.name)
		g := info.New()
		for s := -32768; s <= 32767; s++ {
			n, negative := c.table.quantize(s)
			if got, want := g.Encode(nil, []int16{int16(s)})[0], c.code(n, negative); got != want {
				t.Fatalf("%s: %d encodes as %#02x, want %#02x", c.name, s, got, want)
			}
		}
		for n := range 128 {
			for _, negative := range []bool{false, true} {
				want := c.table.y[n]
				if negative {
					want = -want
				}
				got, err := g.Decode(nil, []byte{c.code(n, negative)})
				if err != nil || int(got[0]) != want {
					t.Fatalf("%s: code %#02x decodes as %v, %v, want %d", c.name, c.code(n, negative), got, err, want)
				}
			}
		}
	}
}

func TestStaticPayloadTypesOfRFC3551(t *testing.T) {
	for name, want := range map[Name]uint8{PCMU: 0, PCMA: 8, G722: 9, G729: 18} {
		if got, ok := Static(name); !ok || got != want {
			t.Errorf("%s: payload type %d, %v, want %d", name, got, ok, want)
		}
	}
	if _, ok := Static(Opus); ok {
		t.Error("Opus has a static payload type")
	}
}
