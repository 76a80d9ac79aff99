package codec

import (
	"bytes"
	"testing"
)

func TestCodecsAppendAndAllocateNothing(t *testing.T) {
	for _, name := range Names() {
		info, _ := Lookup(name)
		c := info.New()
		pcm := make([]int16, info.SampleRate/50)
		payload, out := make([]byte, 0, maxOpusFrame), make([]int16, 0, len(pcm))
		if n := testing.AllocsPerRun(100, func() {
			payload = c.Encode(payload[:0], pcm)
			out, _ = c.Decode(out[:0], payload)
		}); n != 0 {
			t.Errorf("%s: %v allocations per frame, want 0", name, n)
		}
		if got := c.Encode([]byte{1, 2}, pcm); !bytes.HasPrefix(got, []byte{1, 2}) {
			t.Errorf("%s: Encode does not append", name)
		}
	}
}
