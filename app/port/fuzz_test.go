package port

import (
	"encoding/binary"
	"io"
	"net"
	"testing"

	"deskset/provisioning/link"
	"deskset/provisioning/link/linktest"
)

// FuzzHelper: whatever a phone sends, its session ends with its connection, and
// no frame that is not allowed goes out.
func FuzzHelper(f *testing.F) {
	message := func(kind byte, body string) string {
		return string(append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), kind)) + body
	}
	opened := message('c', `{"id":1,"do":"hello"}`) + message('c', `{"id":2,"do":"open","wire":2,"vlan":7}`)
	f.Add([]byte(opened + message('f', "\x00\x00\x00\x02"+string(arp(toAll, phoneMAC)))))
	f.Add([]byte(opened + message('f', "\x00\x00\x00\x02"+string(dhcp(68, 67)))))
	f.Add([]byte(message('c', `{"id":3,"do":"configure","vlan":4,"address":{"Prefix":"10.0.0.1/8","Router":"10.0.0.2"}}`)))
	f.Add([]byte(opened + message('c', `{"id":4,"do":"close","wire":2}`) + "\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		seg := linktest.NewSegment()
		seg.Drop(func(frame linktest.Frame) bool {
			if !maySend(frame.Data, phoneMAC) {
				t.Errorf("went out: %x", frame.Data)
			}
			return false
		})
		near, there := net.Pipe()
		port := seg.Port("eth1", phoneMAC)
		p := &phone{channel: channel{conn: there}, port: port, wires: map[uint32]link.Wire{}, vlans: map[int]bool{}}
		done := make(chan struct{})
		go func() {
			defer close(done)
			p.run(t.Context())
			there.Close()
		}()
		go io.Copy(io.Discard, near)
		near.Write(sent)
		near.Close()
		<-done
		port.Close()
		p.pumps.Wait()
	})
}
