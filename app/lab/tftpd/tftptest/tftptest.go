// Package tftptest is a TFTP client for the lab's tests. It shares no code with
// the lab's server nor with the phone, hides nothing of what a server does, and
// gives up soon.
package tftptest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Request is what is asked for. The zero value of all but Name is RFC 1350.
type Request struct {
	Name      string
	Mode      string // empty: octet
	BlockSize int    // 0: not asked for
	Size      bool   // ask for tsize
	// Wait is for each packet, Tries how often one is sent; 0 is 300 ms and 2.
	Wait  time.Duration
	Tries int
	// Most ends the transfer after so many bytes; 0 is 1 MiB.
	Most int
}

// Answer is what came.
type Answer struct {
	Data    []byte
	Options map[string]string // of the OACK; nil: there was none
	Blocks  int
	Took    time.Duration
}

// Error is an ERROR packet.
type Error struct {
	Code uint16
	Text string
}

func (e Error) Error() string { return fmt.Sprintf("TFTP error %d: %q", e.Code, e.Text) }

// Errors of Get beside Error and those of the network.
var (
	ErrTimeout = errors.New("no answer")
	ErrMost    = errors.New("the file does not end")
)

// Get fetches a file.
func Get(server netip.AddrPort, r Request) (Answer, error) {
	if r.Wait == 0 {
		r.Wait = 300 * time.Millisecond
	}
	r.Tries, r.Most = max(r.Tries, 2), max(r.Most, 1<<20)
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(server.Addr(), 0)))
	if err != nil {
		return Answer{}, err
	}
	defer conn.Close()
	g := getter{Request: r, conn: conn, to: server, size: 512}
	begin := time.Now()
	err = g.run()
	g.Took = time.Since(begin)
	return g.Answer, err
}

type getter struct {
	Request
	Answer
	conn  *net.UDPConn
	to    netip.AddrPort
	bound bool // to is the transfer's own port
	size  int
}

func (g *getter) run() error {
	packet := append(append([]byte{0, 1}, g.Name...), 0)
	if g.Mode == "" {
		g.Mode = "octet"
	}
	packet = append(append(packet, g.Mode...), 0)
	if g.BlockSize > 0 {
		packet = append(append(packet, "blksize\x00"...), strconv.Itoa(g.BlockSize)+"\x00"...)
	}
	if g.Size {
		packet = append(packet, "tsize\x000\x00"...)
	}
	for want := uint16(1); ; {
		answer, err := g.ask(packet, want)
		if err != nil {
			return err
		}
		packet = []byte{0, 4, 0, 0}
		if answer[1] == 6 {
			if err := g.options(answer[2:]); err != nil {
				return err
			}
			continue
		}
		binary.BigEndian.PutUint16(packet[2:], want)
		g.Data = append(g.Data, answer[4:]...)
		g.Blocks++
		want++
		switch {
		case len(answer)-4 > g.size:
			return fmt.Errorf("a block of %d bytes, want %d", len(answer)-4, g.size)
		case len(answer)-4 < g.size:
			_, err := g.conn.WriteToUDPAddrPort(packet, g.to)
			return err
		case len(g.Data) >= g.Most:
			_, _ = g.conn.WriteToUDPAddrPort([]byte{0, 5, 0, 3, 0}, g.to)
			return ErrMost
		}
	}
}

// ask sends a packet until the wanted DATA, or an OACK or ERROR, comes.
func (g *getter) ask(packet []byte, want uint16) ([]byte, error) {
	buf := make([]byte, 65536)
	for range g.Tries {
		if _, err := g.conn.WriteToUDPAddrPort(packet, g.to); err != nil {
			return nil, err
		}
		_ = g.conn.SetReadDeadline(time.Now().Add(g.Wait))
		for {
			n, from, err := g.conn.ReadFromUDPAddrPort(buf)
			if err != nil {
				break
			}
			from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
			if g.bound && from != g.to || n < 4 {
				continue
			}
			g.to, g.bound = from, true
			switch op, number := buf[1], binary.BigEndian.Uint16(buf[2:]); {
			case op == 5:
				text, _, _ := strings.Cut(string(buf[4:n]), "\x00")
				return nil, Error{number, text}
			case op == 6 && g.Options == nil, op == 3 && number == want:
				return buf[:n], nil
			}
		}
	}
	return nil, ErrTimeout
}

func (g *getter) options(b []byte) error {
	fields := strings.Split(strings.TrimSuffix(string(b), "\x00"), "\x00")
	g.Options = map[string]string{}
	for i := 0; i+1 < len(fields); i += 2 {
		g.Options[fields[i]] = fields[i+1]
	}
	if text, ok := g.Options["blksize"]; ok {
		n, err := strconv.Atoi(text)
		if err != nil || n > g.BlockSize {
			return fmt.Errorf("blksize %q for %d", text, g.BlockSize)
		}
		g.size = n
	}
	return nil
}
