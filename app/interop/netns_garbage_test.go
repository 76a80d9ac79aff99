//go:build linux

package interop_test

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/provisioning/link"
)

// TestChainInAFloodOfGarbage: while the phone starts up, somebody on its cable
// sends it malformed CDP, LLDP and, in the voice VLAN, malformed DHCP, a
// thousand frames a second. The right switch and the right server get through.
func TestChainInAFloodOfGarbage(t *testing.T) {
	site := interop.NewSite(t)
	site.StartCDP()
	kamailio := site.StartKamailio(interop.KamailioConfig{})
	site.StartDnsmasq(interop.DHCPConfig{TFTPName: interop.TFTPName, Root: tree(t, phoneFiles(kamailio))})
	random := rand.New(rand.NewPCG(7960, 0))
	stop := make(chan struct{})
	var flood sync.WaitGroup
	defer flood.Wait()
	defer close(stop)
	untagged, voice := site.Wire(0), site.Wire(interop.VoiceVLAN)
	flood.Go(func() {
		tick := time.NewTicker(3 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				_ = untagged.Send(badCDP(random, untagged.MAC())) // a full queue loses it
				_ = untagged.Send(badLLDP(random, untagged.MAC()))
				_ = voice.Send(badDHCP(random, voice.MAC()))
			}
		}
	})
	began := time.Now()
	phone := site.StartDeskset(interop.DesksetConfig{})
	phone.Do("timeout 60s", "screen idle", "expect First")
	registered(t, kamailio, 10*time.Second, "1001")
	wantReal(t, startPage(phone), "Voice VLAN", "IP", "Configuration")
	wantUnharmed(t, phone, began, "")
}

// noise is up to n bytes.
func noise(r *rand.Rand, n int) []byte {
	b := make([]byte, r.IntN(n))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func badCDP(r *rand.Rand, from []byte) []byte {
	body := append([]byte(link.CDPSNAP+"\x02\xb4"), noise(r, 300)...)
	return slices.Concat([]byte(link.CDPGroup), from, binary.BigEndian.AppendUint16(nil, uint16(len(body))), body)
}

func badLLDP(r *rand.Rand, from []byte) []byte {
	head := "\x02\x07\x04\x02\x00\x00\x00\x00\x01\x04\x02\x07x\x06\x02\x00\x78\xfe" // it begins well
	return slices.Concat([]byte(link.LLDPGroup), from, []byte{0x88, 0xcc}, []byte(head), noise(r, 300))
}

// badDHCP is an answer of DHCP (RFC 2131 section 2) to the phone with options
// that are noise, or cut off.
func badDHCP(r *rand.Rand, from []byte) []byte {
	message := make([]byte, 236, 800)
	message[0], message[1], message[2] = 2, 1, 6
	copy(message[4:8], noise(r, 5))
	copy(message[16:20], []byte{10, 10, 110, byte(r.Uint32())})
	copy(message[28:34], phoneHardware)
	message = append(message, 99, 130, 83, 99, 53, 1, byte(2+3*r.IntN(2)))
	message = append(message, noise(r, 400)...)
	message = message[:len(message)-r.IntN(2)*r.IntN(250)]
	udp := binary.BigEndian.AppendUint16([]byte{0, 67, 0, 68}, uint16(8+len(message)))
	udp = append(append(udp, 0, 0), message...)
	ip := []byte{0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 10, 10, 110, 9, 255, 255, 255, 255}
	binary.BigEndian.PutUint16(ip[2:], uint16(len(ip)+len(udp)))
	binary.BigEndian.PutUint16(ip[10:], headerSum(ip))
	return slices.Concat([]byte{255, 255, 255, 255, 255, 255}, from, []byte{8, 0}, ip, udp)
}

var phoneHardware = []byte{0, 0x50, 0x3e, 0xff, 0xd8, 0x42}

// headerSum is the checksum of an IPv4 header (RFC 791 section 3.1).
func headerSum(header []byte) uint16 {
	sum := uint32(0)
	for i := 0; i < len(header); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(header[i:]))
	}
	return ^uint16(sum + sum>>16)
}
