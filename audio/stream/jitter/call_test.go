package jitter_test

import (
	"slices"
	"testing"
	"time"

	"deskset/audio/codec"
	"deskset/audio/quality"
	"deskset/audio/quality/network"
	"deskset/audio/quality/speech"
	"deskset/audio/stream/jitter"
)

const packetTime = 20 * time.Millisecond

// call is one direction of a call in virtual time: speech, encoded, through a
// network, out of the buffer.
type call struct {
	info     codec.Info
	voice    []float64 // at the codec's rate
	decoded  []float64 // without a network
	payloads [][]byte
	period   time.Duration // of the card
	// packetTime of each packet.
	packetTime time.Duration
}

// heard is what came of a call.
type heard struct {
	*jitter.Buffer
	out      []float64
	depths   []time.Duration // beyond the packet, when each came
	arrivals []network.Arrival
}

// newCall encodes the first part of a voice in packets of 20 ms.
func newCall(t testing.TB, name codec.Name, say func(testing.TB, int) []float64, length time.Duration) *call {
	t.Helper()
	info, ok := codec.Lookup(name)
	if !ok {
		t.Fatalf("no codec %s", name)
	}
	c := &call{info: info, voice: say(t, info.SampleRate), period: 5 * time.Millisecond, packetTime: info.PacketTime(packetTime)}
	c.voice = c.voice[:min(len(c.voice), c.samples(length))]
	c.encode(t)
	return c
}

// encode makes packets of the voice, and hears what they hold.
func (c *call) encode(t testing.TB) {
	t.Helper()
	size := c.samples(c.packetTime)
	c.voice = c.voice[:len(c.voice)/size*size]
	encoder, decoder := c.info.New(), c.info.New()
	for pcm := speech.Int16(c.voice); len(pcm) >= size; pcm = pcm[size:] {
		payload := encoder.Encode(nil, pcm[:size])
		c.payloads = append(c.payloads, payload)
		got, err := decoder.Decode(nil, payload)
		if err != nil {
			t.Fatal(err)
		}
		c.decoded = append(c.decoded, speech.Floats(got)...)
	}
}

func (c *call) samples(d time.Duration) int {
	return int(int64(d) * int64(c.info.SampleRate) / int64(time.Second))
}

// packet gives a packet of the call, which says the same again and again.
func (c *call) packet(number int) jitter.Packet {
	ticks := int(int64(c.packetTime) * int64(c.info.ClockRate) / int64(time.Second))
	return jitter.Packet{Sequence: uint16(number), Timestamp: uint32(number * ticks), Payload: c.payloads[number%len(c.payloads)]}
}

// through plays the call behind a network.
func (c *call) through(model network.Model) *heard {
	return c.play(model.Deliver(len(c.payloads), c.packetTime))
}

func (c *call) play(arrivals []network.Arrival) *heard {
	h := &heard{Buffer: jitter.New(c.info.SampleRate, c.info.ClockRate), arrivals: arrivals}
	h.SetDecoders(&jitter.Decoders{0: c.info.New()})
	block := make([]float32, c.samples(c.period))
	end := arrivals[len(arrivals)-1].At + 300*time.Millisecond
	for now := time.Duration(0); now < end; now += c.period {
		for len(arrivals) > 0 && arrivals[0].At <= now {
			h.Put(c.packet(arrivals[0].Number))
			arrivals = arrivals[1:]
			depth := time.Duration(h.Depth.Load()) * time.Second / time.Duration(c.info.SampleRate)
			h.depths = append(h.depths, depth-c.packetTime)
		}
		h.Pull(block)
		for _, v := range block {
			h.out = append(h.out, float64(v))
		}
	}
	return h
}

// score compares what was heard with what was said.
type score struct {
	stoi, lsd, snr float64
	gap            time.Duration
	// delay of the voice behind the sender, without what codec and packet take:
	// what network and buffer add.
	delay, worst time.Duration
}

func (c *call) score(h *heard, skew float64) score {
	followed, lags := quality.Follow(c.voice, h.out, c.info.SampleRate, c.samples(60*time.Millisecond))
	// What codec and filters delay by themselves is no delay of the buffer.
	_, _, own := quality.Align(c.voice, c.decoded, c.samples(50*time.Millisecond))
	for i := range lags { // pieces are a quarter of a second apart
		lags[i] += int(float64(i*c.info.SampleRate/4) * skew)
	}
	slices.Sort(lags)
	s := scores(c.voice, followed, c.info.SampleRate)
	at := func(q float64) time.Duration {
		return time.Duration(lags[int(q*float64(len(lags)-1))]-own) * time.Second / time.Duration(c.info.SampleRate)
	}
	s.delay, s.worst = at(0.5), at(0.95)
	return s
}

func scores(clean, degraded []float64, rate int) score {
	return score{
		stoi: quality.STOI(clean, degraded, rate),
		lsd:  quality.SpectralDistance(clean, degraded, rate),
		snr:  quality.SegmentalSNR(clean, degraded, rate),
		gap:  quality.LongestGap(clean, degraded, rate),
	}
}

// lost tells of each packet whether it is missing from the arrivals.
func (c *call) lost(arrivals []network.Arrival) []bool {
	lost := slices.Repeat([]bool{true}, len(c.payloads))
	for _, a := range arrivals {
		lost[a.Number] = false
	}
	return lost
}

func (h *heard) depth(q float64) time.Duration {
	d := slices.Clone(h.depths)
	slices.Sort(d)
	return d[int(q*float64(len(d)-1))]
}
