package stream

import (
	"fmt"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/codec"
)

var (
	g722 = audio.Format{Codec: codec.G722, PayloadType: 9}
	g729 = audio.Format{Codec: codec.G729, PayloadType: 18}
	opus = audio.Format{Codec: codec.Opus, PayloadType: 96}
)

// longestGap is the longest time in which a tone is not heard, in steps of 5 ms.
func longestGap(x []float32) time.Duration {
	longest, gap := 0, 0
	for ; len(x) >= card5ms; x = x[card5ms:] {
		var power float64
		for _, v := range x[:card5ms] {
			power += float64(v) * float64(v)
		}
		if gap++; power > 1e-3*card5ms {
			gap = 0
		}
		longest = max(longest, gap)
	}
	return time.Duration(longest) * 5 * time.Millisecond
}

// step is the largest difference between neighbouring samples: a click.
func step(x []float32) float32 {
	most := float32(0)
	for i := 1; i < len(x); i++ {
		most = max(most, x[i]-x[i-1], x[i-1]-x[i])
	}
	return most
}

// TestEveryCodecAndPacketTime: one side sends a codec, the other µ-law, so that
// both rates meet in one playout buffer.
func TestEveryCodecAndPacketTime(t *testing.T) {
	for format, ptimes := range map[audio.Format][]time.Duration{g722: {10, 30}, g729: {20}, opus: {10, 30}} {
		for _, ptime := range ptimes {
			t.Run(fmt.Sprint(format.Codec, int64(ptime)), func(t *testing.T) {
				a, b := open(t, nil), open(t, nil)
				connect(t, a, b, func(toB, toA *audio.Params) {
					toA.PacketTime, toA.Send = ptime*time.Millisecond, format
					toB.PacketTime = ptime * time.Millisecond
					toA.Receive = append(toA.Receive, format)
					toB.Receive = append(toB.Receive, format)
				})
				heardA, heardB := talk(t, a, b, &sine{hz: 400, amplitude: 0.3}, &sine{hz: 400, amplitude: 0.3}, 600*time.Millisecond)
				for name, heard := range map[string][]float32{"A": heardA, "B": heardB} {
					if s := share(heard[cardRate/4:], 400); s < 0.95 {
						t.Errorf("%s hears 400 Hz in %.1f %% of the time", name, 100*s)
					}
				}
				if got := a.Stats().Receive; got != format {
					t.Errorf("received as %v", got)
				}
			})
		}
	}
}

// TestCodecChangesWithoutAGap: in mid-call, with and without a new agreement of
// the side that receives, across sample rates and clocks.
func TestCodecChangesWithoutAGap(t *testing.T) {
	a, b := open(t, nil), open(t, nil)
	var toB, toA audio.Params
	connect(t, a, b, func(pa, pb *audio.Params) {
		toB, toA = *pa, *pb
	})
	tone := &sine{hz: 400, amplitude: 0.3}
	talk(t, a, b, &sine{}, tone, 500*time.Millisecond)
	toA.Direction = audio.SendRecv
	for i, next := range []audio.Format{g722, pcma, opus, pcmu, g729, opus} {
		if i%2 == 0 { // the receiver is told as well
			toB.Receive = []audio.Format{pcmu, pcma, next}
			if i > 2 {
				toB.Receive = append(toB.Receive, opus)
			}
			if err := a.Start(toB); err != nil {
				t.Fatal(err)
			}
		}
		toA.Send = next
		if err := b.Start(toA); err != nil {
			t.Fatal(err)
		}
		heard, _ := talk(t, a, b, &sine{}, tone, 400*time.Millisecond)
		gap, click := longestGap(heard), step(heard)
		t.Logf("to %s: gap %v, largest step %.3f", next.Codec, gap, click)
		if gap > 40*time.Millisecond || click > 0.15 || share(heard[cardRate/4:], 400) < 0.9 {
			t.Errorf("to %s: gap %v, largest step %.3f", next.Codec, gap, click)
		}
		if got := a.Stats().Receive; got != next {
			t.Errorf("received as %v, want %v", got, next)
		}
	}
	if lost := a.Stats().PacketsLost; lost > 0 {
		t.Errorf("%d packets lost", lost)
	}
}

// captured speaks to a stream and waits until all is sent.
func captured(t *testing.T, s *Stream, x []float32) {
	t.Helper()
	for len(x) > 0 {
		n := min(len(x), card5ms)
		s.Write(x[:n])
		x = x[n:]
		wait(t, "the ring to empty", func() bool { return s.outgoing.front() == nil })
		now.Add(int64(5 * time.Millisecond))
	}
}

// TestSilenceIsDescribedAndNotSent: RFC 3389 and RFC 3551 section 4.1: comfort
// noise, timestamps that run on, a marker where talk begins, and something every
// few seconds.
func TestSilenceIsDescribedAndNotSent(t *testing.T) {
	for _, c := range []struct {
		format  audio.Format
		noise   uint8
		seconds int // of silence; Opus describes it often enough by itself
	}{{pcmu, 13, 7}, {pcmu, 0, 7}, {g722, 13, 7}, {opus, 0, 2}} {
		t.Run(fmt.Sprint(c.format.Codec, c.noise), func(t *testing.T) {
			s, peer := open(t, nil), newRaw(t)
			p := params(peer.addr())
			p.Send, p.Silence, p.NoiseSend = c.format, true, c.noise
			if err := s.Start(p); err != nil {
				t.Fatal(err)
			}
			wait(t, "the first packet", func() bool { return len(peer.got()) == 1 })
			tone := &sine{hz: 400, amplitude: 0.3}
			captured(t, s, tone.next(cardRate))
			captured(t, s, make([]float32, c.seconds*cardRate))
			before := s.Stats().PacketsSent
			captured(t, s, tone.next(cardRate/5))
			wait(t, "the packets", func() bool { return uint64(len(peer.got())) == s.Stats().PacketsSent })
			packets := peer.got()
			voice, noise, marked := 0, 0, 0
			var last uint32
			for i, pkt := range packets[1:] {
				if i > 0 && int32(pkt.Timestamp-last) <= 0 {
					t.Fatalf("timestamp %d after %d", pkt.Timestamp, last)
				}
				last = pkt.Timestamp
				switch {
				case pkt.PayloadType == c.noise && c.noise != 0:
					noise++
					if pkt.Marker || pkt.Payload[0] < 90 {
						t.Errorf("noise %v % x", pkt.Marker, pkt.Payload)
					}
				case pkt.PayloadType == c.format.PayloadType:
					voice++
				}
				if pkt.Marker && uint64(i+1) >= before {
					marked++
				}
			}
			clockRate := uint32(8000)
			if c.format == opus {
				clockRate = 48000
			}
			if whole := last - packets[1].Timestamp; whole < clockRate*uint32(10*c.seconds+11)/10 || whole > clockRate*uint32(10*c.seconds+13)/10 {
				t.Errorf("timestamps went on by %d", whole)
			}
			if voice < 60 || voice > 110 || marked != 1 || c.noise != 0 && (noise < 2 || noise > 10) {
				t.Errorf("%d packets of voice, %d of noise, %d markers after the silence", voice, noise, marked)
			}
		})
	}
}

// TestNoiseOfPeersIsHeard in a call of any codec, agreed or not.
func TestNoiseOfPeersIsHeard(t *testing.T) {
	for _, format := range []audio.Format{pcmu, g722, opus} {
		a, b := open(t, nil), open(t, nil)
		connect(t, a, b, func(toB, toA *audio.Params) {
			toB.Receive = append(toB.Receive, format)
			toA.Silence, toA.NoiseSend = true, 13
		})
		tone := &sine{hz: 400, amplitude: 0.3}
		talk(t, a, b, &sine{}, tone, 300*time.Millisecond)
		hiss := make([]float32, 0, 2*cardRate)
		for i := range cap(hiss) {
			hiss = append(hiss, 0.002*float32(i*7919%200-100)/100)
		}
		var heard []float32
		buf := make([]float32, card5ms)
		for ; len(hiss) >= card5ms; hiss = hiss[card5ms:] {
			b.Write(hiss[:card5ms])
			wait(t, "packets to arrive", func() bool {
				return b.outgoing.front() == nil && a.Stats().PacketsReceived == b.Stats().PacketsSent
			})
			a.Read(buf)
			heard = append(heard, buf...)
			now.Add(int64(5 * time.Millisecond))
		}
		if sent := b.Stats().PacketsSent; sent > 45 {
			t.Errorf("%d packets", sent)
		}
		if gap := longestSilence(heard[cardRate:]); gap > 20*time.Millisecond {
			t.Errorf("%s: no noise for %v", format.Codec, gap)
		}
	}
}

func longestSilence(x []float32) time.Duration {
	longest, gap := 0, 0
	for _, v := range x {
		if gap++; v > 1e-5 || v < -1e-5 {
			gap = 0
		}
		longest = max(longest, gap)
	}
	return time.Duration(longest) * time.Second / cardRate
}

// TestEventsCountTheClockOfTheVoice: RFC 4733 section 2.1, beside Opus.
func TestEventsCountTheClockOfTheVoice(t *testing.T) {
	for _, isWide := range []bool{true, false} {
		digits := make(chan byte, 4)
		a, b := open(t, func(d byte) { digits <- d }), open(t, nil)
		connect(t, a, b, func(toB, toA *audio.Params) {
			toA.Send, toB.Receive = opus, []audio.Format{opus}
			toA.EventSend, toA.EventSendWide = 101, isWide
			toB.EventReceive, toB.EventReceiveWide = 101, 0
			if isWide {
				toB.EventReceive, toB.EventReceiveWide = 102, 101
			}
		})
		b.DigitDown('5')
		talk(t, a, b, &sine{}, &sine{}, 120*time.Millisecond)
		b.DigitUp()
		talk(t, a, b, &sine{}, &sine{}, 200*time.Millisecond)
		b.DigitDown('5')
		b.DigitUp()
		talk(t, a, b, &sine{}, &sine{}, 300*time.Millisecond)
		if got := len(digits); got != 2 || <-digits != '5' {
			t.Errorf("wide %v: %d digits", isWide, got)
		}
	}
}

func TestTimelineFollowsEveryClock(t *testing.T) {
	l := timeline{rate: 48000}
	at := l.place(1<<32-80, 8000)
	for _, c := range []struct {
		stamp uint32
		clock int
		step  int32
	}{{80, 8000, 960}, {400, 8000, 1920}, {240, 8000, -960}, {400, 8000, 960}, {12345, 48000, 960}, {12345 + 960, 48000, 960}, {7, 8000, 960}} {
		next := l.place(c.stamp, c.clock)
		if got := int32(next - at); got != c.step {
			t.Errorf("%d at %d Hz: %d samples on, want %d", c.stamp, c.clock, got, c.step)
		}
		at = next
	}
}
