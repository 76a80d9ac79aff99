package tftp

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"
)

// session is one transfer as a test's server sees it: a socket of its own, and
// the client's address.
type session struct {
	t       *testing.T
	conn    *net.UDPConn
	to      netip.AddrPort
	request []byte
}

// serve runs a TFTP server on loopback that answers each request with play, on
// a new port, as servers do.
func serve(t *testing.T, play func(s *session)) netip.AddrPort {
	t.Helper()
	conn := listenLoopback(t)
	var sessions sync.WaitGroup
	done := make(chan struct{})
	go func() {
		defer close(done)
		buffer := make([]byte, 2048)
		for {
			n, from, err := conn.ReadFromUDPAddrPort(buffer)
			if err != nil {
				return
			}
			s := &session{t: t, conn: listenLoopback(t), to: from, request: bytes.Clone(buffer[:n])}
			sessions.Go(func() { play(s) })
		}
	}()
	t.Cleanup(func() {
		conn.Close()
		<-done
		sessions.Wait()
	})
	return conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

func listenLoopback(t testing.TB) *net.UDPConn {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Error(err)
		panic(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func (s *session) send(b []byte) { s.conn.WriteToUDPAddrPort(b, s.to) }

func (s *session) data(block int, payload []byte) {
	b := binary.BigEndian.AppendUint16(nil, uint16(opDATA))
	s.send(append(binary.BigEndian.AppendUint16(b, uint16(block)), payload...))
}

func (s *session) oack(options ...string) {
	b := binary.BigEndian.AppendUint16(nil, uint16(opOACK))
	for _, o := range options {
		b = append(append(b, o...), 0)
	}
	s.send(b)
}

func (s *session) error(code errorCode, text string) { s.send(packError(code, text)) }

// ack waits for an ACK of a block. It is false if the client said something
// else or nothing for a second.
func (s *session) ack(block int) bool {
	deadline := time.Now().Add(time.Second)
	buffer := make([]byte, 2048)
	for {
		s.conn.SetReadDeadline(deadline)
		n, from, err := s.conn.ReadFromUDPAddrPort(buffer)
		if err != nil || n < headerLength || buffer[1] != byte(opACK) {
			return false
		}
		if from == s.to && binary.BigEndian.Uint16(buffer[2:]) == uint16(block) {
			return true
		}
	}
}

// hasOptions tells whether the request asks for blksize.
func (s *session) hasOptions() bool { return bytes.Contains(s.request, []byte("blksize")) }

// file sends content in blocks, each repeated until it is acknowledged.
func (s *session) file(content []byte, blockSize int) bool {
	for block := 1; ; block++ {
		n := min(blockSize, len(content))
		sent := false
		for try := 0; try < 5 && !sent; try++ {
			s.data(block, content[:n])
			sent = s.ack(block)
		}
		if !sent || n < blockSize {
			return sent
		}
		content = content[n:]
	}
}

// text makes n bytes that differ from block to block.
func text(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i + i/256)
	}
	return b
}

// dataAcked sends a block and waits for its ACK.
func (s *session) dataAcked(block int, payload []byte) bool {
	s.data(block, payload)
	return s.ack(block)
}
