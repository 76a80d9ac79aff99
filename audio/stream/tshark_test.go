package stream

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"deskset/audio"
)

// pcap collects datagrams for tshark, as raw IPv4 (link type 101).
type pcap struct {
	mu   sync.Mutex
	file []byte
}

func (p *pcap) tap(packet audio.Packet) {
	if !packet.Control || !packet.Out {
		return
	}
	be, le := binary.BigEndian, binary.LittleEndian
	udp := be.AppendUint16(nil, packet.Local.Port())
	udp = be.AppendUint16(udp, packet.Remote.Port())
	udp = be.AppendUint16(udp, uint16(8+len(packet.Data)))
	udp = append(be.AppendUint16(udp, 0), packet.Data...)
	ip := append([]byte{0x45, 0}, be.AppendUint16(nil, uint16(20+len(udp)))...)
	ip = append(ip, 0, 0, 0, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1)
	ip = append(ip, udp...)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.file == nil {
		p.file = le.AppendUint32(nil, 0xA1B2C3D4)
		p.file = append(p.file, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 101, 0, 0, 0)
	}
	p.file = append(p.file, 0, 0, 0, 0, 0, 0, 0, 0)
	p.file = le.AppendUint32(le.AppendUint32(p.file, uint32(len(ip))), uint32(len(ip)))
	p.file = append(p.file, ip...)
}

// TestWiresharkReadsOurReports: every RTCP packet of a call with losses dissects
// without complaint, and the metrics say what we show.
func TestWiresharkReadsOurReports(t *testing.T) {
	program, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("no tshark to judge")
	}
	var p pcap
	tapped := func() *Stream {
		s, err := newStream(audio.StreamConfig{Local: loopback, Tap: p.tap}, clock)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	a, b := tapped(), tapped()
	connect(t, a, b, func(pa, pb *audio.Params) { pa.VoiceMetrics, pb.VoiceMetrics = true, true })
	voice := &sine{hz: 400, amplitude: 0.3}
	a.reportSoon()
	for range 3 {
		talk(t, a, b, voice, &sine{}, time.Second)
		a.out.sequence += 3
		talk(t, a, b, voice, &sine{}, 100*time.Millisecond)
		a.out.sequence++
	}
	talk(t, a, b, voice, &sine{}, 2*time.Second)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	wait(t, "goodbye", func() bool {
		b.control.mu.Lock()
		defer b.control.mu.Unlock()
		return len(b.control.schedule.peers) <= 1
	})
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	// After the last packet nothing of this changes.
	q, jitter := b.Stats().Quality, b.Stats().JitterTicks

	file := filepath.Join(t.TempDir(), "rtcp.pcap")
	if err := os.WriteFile(file, p.file, 0o600); err != nil {
		t.Fatal(err)
	}
	decode := func(args ...string) []string {
		base := []string{"-r", file, "-o", "ip.check_checksum:FALSE"}
		for _, s := range []*Stream{a, b} {
			base = append(base, "-d", fmt.Sprintf("udp.port==%d,rtcp", s.LocalPort()+1))
		}
		out, err := exec.Command(program, append(base, args...)...).Output()
		if err != nil {
			t.Fatalf("tshark: %v", err)
		}
		return strings.Split(strings.TrimSpace(string(out)), "\n")
	}
	if all := decode("-Y", "rtcp"); len(all) < 2 { // one of each end, the rest is chance
		t.Errorf("%d packets of RTCP", len(all))
	}
	if bad := decode("-Y", "_ws.expert || _ws.malformed || !rtcp || rtcp.length_check == 0"); bad[0] != "" {
		t.Errorf("complaints:\n%s", strings.Join(bad, "\n"))
	}
	// The first field is there twice: in the reception report and in the metrics.
	fields := "burstdensity gapdensity burstduration gapduration esdelay gmin rfactor moslq moscq plc jba jbabsmax"
	args := []string{"-Y", fmt.Sprintf("rtcp.senderssrc == %#x && rtcp.xr.bt == 7", b.out.ssrc.Load()), "-T", "fields", "-E", "separator=,", "-e", "rtcp.ssrc.fraction", "-e", "rtcp.ssrc.jitter"}
	for _, f := range strings.Fields(fields) {
		args = append(args, "-e", "rtcp.xr.voipmetrics."+f)
	}
	lines := decode(args...)
	last := strings.Split(lines[len(lines)-1], ",")
	got := strings.Join(last[1:], " ")
	m := b.voiceMetrics()
	want := fmt.Sprintf("%d %d %d %d %d %d %d %d %d %.1f %.1f %d %d %d", m.LossRate, jitter, m.BurstDensity, m.GapDensity, m.BurstDuration, m.GapDuration, m.EndSystemDelay,
		gmin, m.RFactor, float64(m.MOSLQ)/10, float64(m.MOSCQ)/10, 2, 3, bufferMost.Milliseconds())
	if got != want {
		t.Errorf("tshark %q\nwe     %q\n%+v", got, want, q)
	}
}
