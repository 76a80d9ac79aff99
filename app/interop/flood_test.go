//go:build linux

package interop_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

// Of the flood: so many datagrams a second, and how long. DESKSET_FLOOD=30s is
// the full proof, which also holds the phone to the figures that a machine with
// nothing else to do must reach.
const (
	floodRate  = 10_000
	floodTime  = 4 * time.Second
	maxGap     = 60 * time.Millisecond  // between two RTP packets
	maxLatency = 200 * time.Millisecond // from a key to the screen
	maxGrowth  = 60.0                   // MB
)

// TestCallInAFloodOfMalformedDatagrams: strangers send 10,000 malformed
// datagrams a second to the SIP port during a call. The voice goes on both
// ways, the keys do what they should, memory is bounded, and the call ends in
// good order.
func TestCallInAFloodOfMalformedDatagrams(t *testing.T) {
	lasts, full := floodTime, false
	if text := os.Getenv("DESKSET_FLOOD"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		lasts, full = d, true
	}
	far := newFarEnd(t)
	port := interop.FreePort(t)
	phone := interop.StartDeskset(t, interop.DesksetConfig{Tone: ourTone, Settings: map[string]string{
		"proxy1_address": "127.0.0.1", "proxy1_port": fmt.Sprint(far.sip.Port), "line1_name": "1001", "voip_control_port": fmt.Sprint(port),
	}})
	phone.Do("timeout 20s", "screen idle", "press speaker 1002 pound", "screen connected")
	before := memoryMB(t, phone.PID(), "VmRSS:")
	talk(time.Second)

	flood := startFlood(t, port)
	began := time.Now()
	var latencies []time.Duration
	for time.Since(began) < lasts {
		pressed := time.Now()
		phone.Do("press settings", "screen menu.settings", "press settings", "screen connected")
		latencies = append(latencies, time.Since(pressed)/2)
		talk(200 * time.Millisecond)
	}
	sent, took := flood.stop()
	gaps := far.gaps(began, time.Now())
	peak := memoryMB(t, phone.PID(), "VmHWM:")
	phone.Do("screen connected", "press speaker", "screen idle")
	interop.WaitFor(t, 10*time.Second, "BYE", far.over.Load)
	phone.Quit()

	rate := float64(sent) / took.Seconds()
	t.Logf("%d datagrams in %v (%.0f/s); RTP: %d packets, gaps: median %v, longest %v; the far end's own: %.1f %% of its packets lost; key to screen: median %v, longest %v; memory %.0f to %.0f MB",
		sent, took.Round(time.Millisecond), rate, len(gaps), median(gaps), slices.Max(gaps), 100*far.lost(), median(latencies), slices.Max(latencies), before, peak)
	if want := int(0.9 * lasts.Seconds() * 50); len(gaps) < want {
		t.Errorf("%d RTP packets, want %d", len(gaps), want)
	}
	if lost := far.lost(); lost > 0.02 {
		t.Errorf("the phone lost %.1f %% of what it was sent", 100*lost)
	}
	if median(latencies) > maxLatency {
		t.Errorf("a key takes %v to the screen", median(latencies))
	}
	if peak > before+maxGrowth {
		t.Errorf("memory went from %.0f to %.0f MB", before, peak)
	}
	// A machine that does other work has gaps and delays of its own.
	if full && (slices.Max(gaps) > maxGap || slices.Max(latencies) > maxLatency || rate < 0.9*floodRate) {
		t.Errorf("longest gap %v, longest delay of a key %v, %.0f datagrams a second", slices.Max(gaps), slices.Max(latencies), rate)
	}
}

func median(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	s := slices.Clone(all)
	slices.Sort(s)
	return s[len(s)/2]
}

// flood is strangers at work.
type flood struct {
	done  chan struct{}
	wg    sync.WaitGroup
	sent  atomic.Int64
	began time.Time
}

func startFlood(t *testing.T, port int) *flood {
	t.Helper()
	f := &flood{done: make(chan struct{}), began: time.Now()}
	datagrams := malformed(t, fmt.Sprintf("127.0.0.1:%d", port))
	to := &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}
	var sockets []*net.UDPConn
	for i := range 8 {
		c, err := net.DialUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, byte(11+i))}, to)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		sockets = append(sockets, c)
	}
	f.wg.Go(func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for n := 0; ; {
			select {
			case <-f.done:
				return
			case <-tick.C:
			}
			for due := int(time.Since(f.began).Seconds() * floodRate); n < due; n++ {
				_, _ = sockets[n%len(sockets)].Write(datagrams[n%len(datagrams)]) // a full queue loses it
				f.sent.Add(1)
			}
		}
	})
	t.Cleanup(func() { f.stop() })
	return f
}

func (f *flood) stop() (sent int64, took time.Duration) {
	select {
	case <-f.done:
	default:
		close(f.done)
	}
	f.wg.Wait()
	return f.sent.Load(), time.Since(f.began)
}

// malformed are datagrams of all kinds: the torture messages, the attacks, each
// also garbled, and noise.
func malformed(t *testing.T, victim string) [][]byte {
	t.Helper()
	r := rand.New(rand.NewPCG(7960, 4475))
	var all [][]byte
	files, _ := filepath.Glob("../../phonecore/sipua/testdata/rfc*/*.dat")
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil {
			all = append(all, data)
		}
	}
	for _, a := range siptest.Attacks(siptest.Victim{User: "1001", Host: victim, From: "127.0.0.11:5060"}) {
		for _, d := range a.Datagrams {
			if m, err := wire.Parse([]byte(d)); err == nil && m.Method == "INVITE" {
				continue // a call like any other, for all that its fields say
			}
			all = append(all, []byte(d))
		}
	}
	for _, d := range slices.Clone(all) {
		garbled := slices.Clone(d)
		for range 1 + r.IntN(20) {
			garbled[r.IntN(len(garbled))] = byte(r.Uint32())
		}
		all = append(all, garbled[:1+r.IntN(len(garbled))], append(noise(r, 1200), 0))
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// farEnd is a server that takes the phone's call itself and talks.
type farEnd struct {
	sip, rtp, rtcp *interop.Stamped
	over           atomic.Bool

	mu       sync.Mutex
	arrivals []time.Time
	sent     uint32 // RTP sequence numbers sent
	reported uint32 // packets that the phone says it lost
}

func newFarEnd(t *testing.T) *farEnd {
	t.Helper()
	f := &farEnd{sip: interop.ListenStamped(t, 0)}
	base := interop.FreePort(t) &^ 1
	f.rtp, f.rtcp = interop.ListenStamped(t, base), interop.ListenStamped(t, base+1)
	var wg sync.WaitGroup
	wg.Go(f.serve)
	wg.Go(f.hear)
	wg.Go(f.report)
	t.Cleanup(func() { f.sip.Close(); f.rtp.Close(); f.rtcp.Close(); wg.Wait() })
	return f
}

// serve answers whatever the phone asks: 200, to an INVITE with a description.
func (f *farEnd) serve() {
	buf := make([]byte, 65536)
	for {
		n, _, from, err := f.sip.Read(buf)
		if err != nil {
			return
		}
		m, err := wire.Parse(slices.Clone(buf[:n]))
		if err != nil || !m.IsRequest() || m.Method == "ACK" {
			continue
		}
		res := wire.NewResponse(m, 200, "", "far")
		res.Header.Add("Contact", fmt.Sprintf("<sip:far@127.0.0.1:%d>", f.sip.Port))
		switch m.Method {
		case "INVITE":
			res.SetBody("application/sdp", fmt.Appendf(nil, "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio %d RTP/AVP 0\r\n", f.rtp.Port))
		case "BYE":
			f.over.Store(true)
		}
		_, _ = f.sip.WriteToUDP(res.Encode(), from) // the phone asks again
	}
}

// hear notes when RTP comes and talks back to where it comes from, packet for
// packet.
func (f *farEnd) hear() {
	buf := make([]byte, 2048)
	packet := make([]byte, 12+160)
	packet[0] = 0x80
	binary.BigEndian.PutUint32(packet[8:], 0x7960)
	for {
		_, at, from, err := f.rtp.Read(buf)
		if err != nil {
			return
		}
		f.mu.Lock()
		f.arrivals = append(f.arrivals, at)
		f.sent++
		binary.BigEndian.PutUint16(packet[2:], uint16(f.sent))
		binary.BigEndian.PutUint32(packet[4:], f.sent*160)
		f.mu.Unlock()
		_, _ = f.rtp.WriteToUDP(packet, from)
	}
}

// report reads the phone's receiver reports (RFC 3550 section 6.4).
func (f *farEnd) report() {
	buf := make([]byte, 2048)
	for {
		n, _, _, err := f.rtcp.Read(buf)
		if err != nil {
			return
		}
		block := 8 // of a receiver report
		if n > 1 && buf[1] == 200 {
			block = 28 // of a sender report
		}
		if n >= block+24 && buf[0]&31 > 0 {
			f.mu.Lock()
			f.reported = binary.BigEndian.Uint32(buf[block+4:]) & 0xffffff
			f.mu.Unlock()
		}
	}
}

// lost is the share of our packets that the phone says it has lost.
func (f *farEnd) lost() float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return float64(f.reported) / float64(max(f.sent, 1))
}

// gaps are the times between the packets of a time.
func (f *farEnd) gaps(from, to time.Time) []time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []time.Duration
	for i, at := range f.arrivals {
		if i > 0 && at.After(from) && at.Before(to) {
			all = append(all, at.Sub(f.arrivals[i-1]))
		}
	}
	return append(all, 0)
}
