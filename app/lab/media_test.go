package lab

import (
	"encoding/binary"
	"fmt"
	"math"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"

	"deskset/audio/codec"
)

// ear is the media of an agent: it sends what a test tells it, and keeps all
// that comes.
type ear struct {
	t    *testing.T
	conn *net.UDPConn
	to   netip.AddrPort
	name codec.Name
	pt   uint8

	mu      sync.Mutex
	pcm     []int16
	packets []rtp.Packet
	arrived []time.Time

	sequence uint16
	stamp    uint32 // wraps soon
	samples  int
}

func newEar(t *testing.T) *ear {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	e := &ear{t: t, conn: conn, name: codec.PCMU, sequence: 65530, stamp: 1<<32 - 400}
	go e.listen()
	return e
}

func (e *ear) listen() {
	coders := map[uint8]codec.Codec{}
	for _, name := range codec.Names() {
		if info, _ := codec.Lookup(name); info.Static {
			coders[info.PayloadType] = info.New()
		}
	}
	buf := make([]byte, 2048)
	for {
		n, _, err := e.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		var p rtp.Packet
		if err := p.Unmarshal(append([]byte(nil), buf[:n]...)); err != nil {
			e.t.Errorf("not RTP: %v", err)
			continue
		}
		e.mu.Lock()
		e.packets, e.arrived = append(e.packets, p), append(e.arrived, time.Now())
		if c := coders[p.PayloadType]; c != nil {
			e.pcm, _ = c.Decode(e.pcm, p.Payload)
		}
		e.mu.Unlock()
	}
}

// offer describes the ear with payload types and their rtpmaps.
func (e *ear) offer(types string, maps ...string) string {
	port := e.conn.LocalAddr().(*net.UDPAddr).Port
	lines := []string{"v=0", "o=x 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", fmt.Sprintf("m=audio %d RTP/AVP %s", port, types)}
	for _, m := range maps {
		lines = append(lines, "a="+m)
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

const eventMap = "rtpmap:97 telephone-event/8000"

// answered notes where the lab wants its RTP.
func (e *ear) answered(body string) {
	e.t.Helper()
	for line := range strings.Lines(body) {
		if rest, ok := strings.CutPrefix(line, "m=audio "); ok {
			fields := strings.Fields(rest)
			port, _ := strconv.Atoi(fields[0])
			pt, _ := strconv.Atoi(fields[2])
			e.to, e.pt = netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(port)), uint8(pt)
			if pt == 8 {
				e.name = codec.PCMA
			}
			return
		}
	}
	e.t.Fatalf("no audio in\n%s", body)
}

func (e *ear) send(pt uint8, marker bool, stamp uint32, payload []byte) {
	e.sequence++
	p := rtp.Packet{Header: rtp.Header{Version: 2, Marker: marker, PayloadType: pt, SequenceNumber: e.sequence, Timestamp: stamp, SSRC: 7}, Payload: payload}
	data, err := p.Marshal()
	if err == nil {
		_, err = e.conn.WriteToUDPAddrPort(data, e.to)
	}
	if err != nil {
		e.t.Error(err)
	}
}

// speak sends sines of equal strength for a time, in real time.
func (e *ear) speak(d time.Duration, hz ...float64) {
	info, _ := codec.Lookup(e.name)
	coder := info.New()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range d / (20 * time.Millisecond) {
		<-tick.C
		pcm := make([]int16, 160)
		for i := range pcm {
			for _, f := range hz {
				pcm[i] += int16(6000 * math.Sin(2*math.Pi*f*float64(e.samples+i)/8000))
			}
		}
		e.send(e.pt, false, e.stamp, coder.Encode(nil, pcm))
		e.stamp += 160
		e.samples += 160
	}
}

// press sends a digit by RFC 4733, all packets at once and the end three times.
func (e *ear) press(code byte) {
	for i, flags := range []byte{10, 10, 0x80 | 10, 0x80 | 10, 0x80 | 10} {
		payload := binary.BigEndian.AppendUint16([]byte{code, flags}, uint16(160*min(i+1, 3)))
		e.send(97, i == 0, e.stamp, payload)
	}
	e.stamp += 800
}

// forget drops what has come so far.
func (e *ear) forget() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pcm, e.packets, e.arrived = nil, nil, nil
}

// hear waits for that much voice and gives it.
func (e *ear) hear(d time.Duration) []int16 {
	e.t.Helper()
	want := int(d * 8000 / time.Second)
	var pcm []int16
	until(e.t, func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		pcm = append([]int16(nil), e.pcm...)
		return len(pcm) >= want
	})
	return pcm[:want]
}

// until waits for a condition.
func until(t *testing.T, ok func() bool) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatal("it did not come about")
		}
	}
}

// level of a signal in dBm0 (a full-scale sine is 3.17), silence is -127.
func level(pcm []int16) float64 {
	power := 0.0
	for _, v := range pcm {
		power += float64(v) * float64(v)
	}
	if power == 0 {
		return -127
	}
	return 10*math.Log10(power/float64(len(pcm))/(32636*32636/2)) + 3.17
}

// share is the part of the signal's power that one frequency has (Goertzel).
func share(pcm []int16, hz float64) float64 {
	w := 2 * math.Pi * hz / 8000
	var s1, s2, total float64
	for _, v := range pcm {
		s1, s2 = float64(v)+2*math.Cos(w)*s1-s2, s1
		total += float64(v) * float64(v)
	}
	if total == 0 {
		return 0
	}
	return 2 * (s1*s1 + s2*s2 - 2*math.Cos(w)*s1*s2) / (float64(len(pcm)) * total)
}

// connect calls a number with an offer and gives the call with its media up.
func (a *agent) connect(number string, types string, maps ...string) (*call, *ear) {
	a.t.Helper()
	e := newEar(a.t)
	c := a.newCall(number)
	res := a.do(c, "INVITE", e.offer(types, maps...), "Contact: "+a.contact())
	if res.StatusCode == 180 {
		res = a.response(200)
	}
	if res.StatusCode != 200 {
		a.t.Fatalf("calling %s:\n%s", number, res)
	}
	a.ack(c, res)
	e.answered(string(res.Body()))
	return c, e
}

// hangUp ends a call.
func (a *agent) hangUp(c *call) {
	a.t.Helper()
	a.send(c, "BYE", "")
	a.response(200)
}
