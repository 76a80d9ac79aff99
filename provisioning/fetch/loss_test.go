package fetch

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskset/provisioning/tftp"
)

// tftpServer repeats blocks as real ones do: by a schedule of its own, whatever
// the client repeats (RFC 1123 section 4.2.3.1).
type tftpServer struct {
	t        testing.TB
	files    map[string][]byte
	schedule []time.Duration // how long it waits after each sending of a block
	// cut is the number of blocks after which a transfer stops, 0 for never:
	// the first, after which the files are then, or always.
	cut    int
	always bool
	then   []byte
	mu     sync.Mutex
	run    sync.WaitGroup
}

// serve gives the server's address, and what ends it.
func (s *tftpServer) serve() (at netip.AddrPort, end func()) {
	conn := loopback(s.t)
	s.run.Go(func() {
		buffer := make([]byte, 2048)
		for {
			n, from, err := conn.ReadFromUDPAddrPort(buffer)
			if err != nil {
				return
			}
			request := strings.Split(string(buffer[2:n]), "\x00")
			s.run.Go(func() { s.transfer(request, from) })
		}
	})
	return address(conn), func() { conn.Close(); s.run.Wait() }
}

// transfer sends a file; request is name, mode and options.
func (s *tftpServer) transfer(request []string, to netip.AddrPort) {
	conn := loopback(s.t)
	defer conn.Close()
	buffer := make([]byte, 2048)
	// exchange sends until it is acknowledged.
	exchange := func(packet []byte, block uint16) bool {
		for _, wait := range s.schedule {
			conn.WriteToUDPAddrPort(packet, to)
			conn.SetReadDeadline(time.Now().Add(wait))
			for {
				n, _, err := conn.ReadFromUDPAddrPort(buffer)
				if err != nil {
					break
				}
				if n < 4 || buffer[1] == 5 {
					return false
				}
				if buffer[1] == 4 && binary.BigEndian.Uint16(buffer[2:]) == block {
					return true
				}
			}
		}
		return false
	}
	size := 512
	if i := slices.Index(request, "blksize"); i > 0 {
		size, _ = strconv.Atoi(request[i+1])
		if !exchange(fmt.Appendf(nil, "\x00\x06blksize\x00%d\x00", size), 0) {
			return
		}
	}
	s.mu.Lock()
	content, cut := s.files[request[0]], s.cut
	if cut > 0 && !s.always {
		s.files[request[0]], s.cut = s.then, 0
	}
	s.mu.Unlock()
	for block := uint16(1); ; block++ {
		n := min(size, len(content))
		packet := binary.BigEndian.AppendUint16([]byte{0, 3}, block)
		if !exchange(append(packet, content[:n]...), block) || n < size {
			return
		}
		if int(block) == cut {
			if s.always { // says the same again and again
				exchange(append(packet, content[:n]...), 0)
			}
			return
		}
		content = content[n:]
	}
}

// The schedules of real servers, in seconds.
var (
	hpa     = []float64{1, 2, 4, 8, 16, 32}
	dnsmasq = []float64{2, 2, 3, 3, 5, 5, 9}
)

// Time runs fast times as fast as for a phone.
const fast = 6

func scaled(seconds []float64) (all []time.Duration) {
	for _, s := range seconds {
		all = append(all, time.Duration(s*float64(time.Second)/fast))
	}
	return all
}

// A start-up fetches six small files and one of 200 kB; each fifth datagram is
// lost either way.
func TestStartUpUnderLoss(t *testing.T) {
	files := map[string][]byte{"big": bytes.Repeat([]byte("0123456789abcdef"), 12_800)}
	names := []string{"big"}
	for i := range 6 {
		name := fmt.Sprint("small", i)
		files[name] = bytes.Repeat([]byte{byte(i)}, 300+200*i)
		names = append(names, name)
	}
	for _, server := range []struct {
		name     string
		schedule []float64
	}{{"tftpd-hpa", hpa}, {"dnsmasq", dnsmasq}} {
		t.Run(server.name, func(t *testing.T) {
			t.Parallel()
			s := &tftpServer{t: t, files: files, schedule: scaled(server.schedule)}
			at, end := s.serve()
			defer end()
			startUps(t, at, 50, files, names)
		})
	}
}

// patient is how often a start-up may ask for a file again.
const patient = 4

// startUps runs many and tells how long they took. A phone that does not get a
// file asks again in the background, so each start-up may do that: all together
// seldom need it, but time that runs faster makes a busy machine look like a
// server that is silent for longer than one of them waits.
func startUps(t *testing.T, server netip.AddrPort, count int, files map[string][]byte, names []string) {
	took := make([]time.Duration, count)
	var all sync.WaitGroup
	var again atomic.Int32
	for i := range count {
		all.Go(func() {
			path, end := lossyPath(t, server, losing(0.2, uint64(i)))
			defer end()
			source := TFTP(path, tftp.Client{Timeout: tftp.DefaultTimeout / fast})
			began := time.Now()
			for _, name := range names {
				data, err := source.Fetch(t.Context(), name, 1<<20)
				for tries := 0; err != nil && tries < patient; tries++ {
					again.Add(1)
					data, err = source.Fetch(t.Context(), name, 1<<20)
				}
				if err != nil || !bytes.Equal(data, files[name]) {
					t.Errorf("start-up %d, %s: %d bytes, %v", i, name, len(data), err)
				}
			}
			took[i] = time.Since(began) * fast
		})
	}
	all.Wait()
	if n := int(again.Load()); n > count/5 {
		t.Errorf("%d of %d start-ups had to ask for a file again", n, count)
	}
	slices.Sort(took)
	t.Logf("%d start-ups, %d files asked for again, as with real time-outs: fastest %v, median %v, slowest %v", count, again.Load(),
		took[0].Round(time.Second), took[count/2].Round(time.Second), took[count-1].Round(time.Second))
}
