package talk

import (
	"deskset/audio/codec"
	"deskset/audio/linear"
	"deskset/audio/resample"
)

// speaks lists the codecs of a session.
func (s *Session) speaks() []codec.Name {
	if s.Codec != "" {
		return []codec.Name{s.Codec}
	}
	return []codec.Name{codec.PCMU, codec.PCMA}
}

// codecs of one session, by name, all at the lab's sample rate.
type codecs map[codec.Name]codec.Codec

func newCodecs(names []codec.Name) codecs {
	all := codecs{}
	for _, name := range names {
		if info, ok := codec.Lookup(name); ok {
			all[name] = atLabRate(info)
		}
	}
	return all
}

// ticks is how many timestamps of a codec there are to one of the lab's samples.
func ticks(name codec.Name) uint32 {
	if info, ok := codec.Lookup(name); ok {
		return uint32(max(1, info.ClockRate/sampleRate))
	}
	return 1
}

// narrow is a codec of a higher rate, which the lab has nothing to say at.
type narrow struct {
	codec.Codec
	up, down  *resample.Resampler
	low, high []float32
	pcm       []int16
}

func atLabRate(info codec.Info) codec.Codec {
	if info.SampleRate == sampleRate {
		return info.New()
	}
	up, err := resample.New(sampleRate, info.SampleRate)
	if err != nil {
		return info.New()
	}
	down, err := resample.New(info.SampleRate, sampleRate)
	if err != nil {
		return info.New()
	}
	return &narrow{Codec: info.New(), up: up, down: down}
}

// Encode implements [codec.Codec].
func (n *narrow) Encode(dst []byte, pcm []int16) []byte {
	n.pcm, n.high, n.low = convert(n.pcm[:0], pcm, n.up, n.low, n.high)
	return n.Codec.Encode(dst, n.pcm)
}

// Decode implements [codec.Codec].
func (n *narrow) Decode(dst []int16, payload []byte) ([]int16, error) {
	pcm, err := n.Codec.Decode(n.pcm[:0], payload)
	if err != nil {
		return dst, err
	}
	n.pcm = pcm
	dst, n.low, n.high = convert(dst, pcm, n.down, n.high, n.low)
	return dst, nil
}

// convert appends samples at another rate; in and out are room to work in.
func convert(dst, pcm []int16, r *resample.Resampler, in, out []float32) (_ []int16, newOut, newIn []float32) {
	in = in[:0]
	for _, v := range pcm {
		in = append(in, float32(v)/32768)
	}
	if n := r.Outputs(len(in)); cap(out) < n {
		out = make([]float32, n)
	}
	out = out[:cap(out)]
	for _, v := range out[:r.Process(out, in)] {
		dst = append(dst, linear.Sample(v))
	}
	return dst, out, in
}
