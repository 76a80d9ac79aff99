package codec

import "testing"

// TestG729SaysOnceThatThereIsSilence: Annex B, unless the peer does not know it
// (RFC 4856 section 2.1.9).
func TestG729SaysOnceThatThereIsSilence(t *testing.T) {
	for fmtp, described := range map[Fmtp]bool{"": true, "annexb=yes": true, "annexb=no": false, "annexb = NO;x": false} {
		c, d := newG729().(*g729Codec), newG729().(*g729Codec)
		c.Tune(fmtp)
		c.SetDTX(true)
		lengths := map[int]int{}
		for range 100 {
			p := c.Encode(nil, make([]int16, 160))
			lengths[len(p)]++
			if len(p) == 0 {
				continue
			}
			pcm, err := d.Decode(nil, p)
			if silence := len(p)%g729Frame != 0; err != nil || len(pcm) == 0 || d.Silent() != silence {
				t.Fatalf("%d bytes: %d samples, silent %v, %v", len(p), len(pcm), d.Silent(), err)
			}
		}
		if sent := 100 - lengths[0]; described && sent > 60 || !described && lengths[20] != 100 {
			t.Errorf("%q: packets by length %v", fmtp, lengths)
		}
	}
}

func TestG729PayloadsAreBounded(t *testing.T) {
	c := newG729()
	if out, err := c.Decode(nil, make([]byte, g729Most)); err != nil || len(out) != 25*80 {
		t.Errorf("%d samples, %v", len(out), err)
	}
	for _, size := range []int{g729Most + 8, 1460, 11, 0} {
		if out, err := c.Decode(nil, make([]byte, size)); err == nil || len(out) != 0 {
			t.Errorf("%d bytes: %d samples", size, len(out))
		}
	}
}
