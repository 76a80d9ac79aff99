package tftp

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quick gives up after a second of silence.
func quick() *Client { return &Client{Timeout: 500 * time.Millisecond, Retries: 2} }

// steady is for transfers that must succeed on a busy machine.
func steady() *Client { return &Client{Timeout: 2 * time.Second, Retries: 3} }

func fetch(t *testing.T, c *Client, server netip.AddrPort, file string) ([]byte, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return c.Fetch(ctx, server, file)
}

var sizes = []int{0, 1, 511, 512, 513, 1427, 1428, 1429, 2856, 100_000}

func TestServerWithoutOptionsSendsBlocksOf512(t *testing.T) {
	server := serve(t, func(s *session) { s.file(text(s.wanted()), 512) })
	fetchAll(t, server)
}

func TestServerWithOptionsSendsTheBlockSizeAgreed(t *testing.T) {
	server := serve(t, func(s *session) {
		s.oack("BLKSIZE", "1428", "tsize", strconv.Itoa(s.wanted()))
		if s.ack(0) {
			s.file(text(s.wanted()), 1428)
		}
	})
	fetchAll(t, server)
}

func TestServerMayGrantASmallerBlockSize(t *testing.T) {
	server := serve(t, func(s *session) {
		s.oack("blksize", "700")
		if s.ack(0) {
			s.file(text(s.wanted()), 700)
		}
	})
	fetchAll(t, server)
}

// wanted reads the size from the name of the file.
func (s *session) wanted() int {
	name, _, _ := bytes.Cut(s.request[2:], []byte{0})
	n, err := strconv.Atoi(string(name))
	if err != nil {
		s.t.Error(err)
	}
	return n
}

func fetchAll(t *testing.T, server netip.AddrPort) {
	t.Helper()
	for _, size := range sizes {
		var progress int64
		c := steady()
		c.Progress = func(done, total int64) { progress = done }
		data, err := fetch(t, c, server, strconv.Itoa(size))
		if err != nil || !bytes.Equal(data, text(size)) {
			t.Errorf("%d bytes: got %d, %v", size, len(data), err)
		}
		if progress != int64(size) {
			t.Errorf("%d bytes: progress ended at %d", size, progress)
		}
	}
}

func TestOptionsRefusedByTheServerAreLeftOut(t *testing.T) {
	for _, code := range []errorCode{codeUndefined, codeIllegal, codeOptionRefused} {
		server := serve(t, func(s *session) {
			if s.hasOptions() {
				s.error(code, "what is blksize?")
				return
			}
			s.file(text(1000), 512)
		})
		if data, err := fetch(t, steady(), server, "f"); err != nil || len(data) != 1000 {
			t.Errorf("code %d: %d bytes, %v", code, len(data), err)
		}
	}
}

func TestBadOptionsAreRefusedAndThenLeftOut(t *testing.T) {
	for _, options := range [][]string{
		{"blksize", "8"}, {"blksize", "65464"}, {"blksize", "1429"}, {"blksize", "-1"}, {"blksize", "x"},
		{"windowsize", "16"}, {"timeout", "1"}, {"tsize", "-1"}, {"tsize", "99999999999999999999"},
	} {
		server := serve(t, func(s *session) {
			if s.hasOptions() {
				s.oack(options...)
				if s.ack(0) {
					s.t.Errorf("%v was acknowledged", options)
				}
				return
			}
			s.file(text(1000), 512)
		})
		if data, err := fetch(t, steady(), server, "f"); err != nil || !bytes.Equal(data, text(1000)) {
			t.Errorf("%v: %d bytes, %v", options, len(data), err)
		}
	}
}

// A path that loses large packets, or forbids fragments.
func TestLargeBlocksThatGetLostGiveWayToSmallOnes(t *testing.T) {
	server := serve(t, func(s *session) {
		if s.hasOptions() {
			s.oack("blksize", "1428")
			s.ack(0)
			return // its DATA never arrives
		}
		s.file(text(3000), 512)
	})
	c := &Client{Timeout: time.Second, Retries: 1}
	if data, err := fetch(t, c, server, "f"); err != nil || !bytes.Equal(data, text(3000)) {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}

func TestServerErrorsAreTold(t *testing.T) {
	tests := []struct {
		code errorCode
		want error
	}{
		{codeNotFound, ErrNotFound}, {codeAccess, ErrAccess}, {codeNoUser, ErrAccess},
		{codeDiskFull, ErrServer}, {codeUndefined, ErrServer}, {99, ErrServer},
	}
	for _, tt := range tests {
		server := serve(t, func(s *session) { s.error(tt.code, "\x1b[31mEVIL\n"+strings.Repeat("x", 300)) })
		_, err := fetch(t, steady(), server, "SIPDefault.cnf")
		if !errors.Is(err, tt.want) {
			t.Errorf("code %d: %v", tt.code, err)
			continue
		}
		text := err.Error()
		if !strings.Contains(text, server.String()) || !strings.Contains(text, "SIPDefault.cnf") || !strings.Contains(text, "EVIL") {
			t.Errorf("code %d: %q lacks server, file or reason", tt.code, text)
		}
		if strings.ContainsAny(text, "\x1b\n") || len(text) > 350 {
			t.Errorf("code %d: %q is not clean", tt.code, text)
		}
	}
}

func TestHostileServers(t *testing.T) {
	tests := []struct {
		name string
		play func(s *session)
		want error
	}{
		{"silent", func(*session) {}, ErrTimeout},
		{"stalls after a block", func(s *session) { s.data(1, text(512)) }, ErrTimeout},
		{"endless", func(s *session) {
			for i := 1; s.dataAcked(i, text(512)); i++ {
			}
		}, ErrTooLarge},
		{"announces more than is taken", func(s *session) { s.oack("tsize", "10000000000"); s.ack(0) }, ErrTooLarge},
		{"announces 2^63-1", func(s *session) { s.oack("tsize", "9223372036854775807"); s.ack(0) }, ErrTooLarge},
		{"sends less than announced", func(s *session) { s.oack("tsize", "100"); s.ack(0); s.data(1, text(50)) }, ErrSize},
		{"sends more than announced", func(s *session) { s.oack("tsize", "10"); s.ack(0); s.data(1, text(50)) }, ErrSize},
		{"oversize block", func(s *session) { s.data(1, text(1000)) }, ErrSize},
		{"oversize block after options", func(s *session) {
			s.oack("blksize", "1428")
			s.ack(0)
			s.data(1, text(1429))
		}, ErrSize},
		{"largest datagram", func(s *session) { s.data(1, text(60000)) }, ErrSize},
		{"garbage", func(s *session) { s.send([]byte{0, 9, 1, 2}) }, ErrProtocol},
		{"empty packets", func(s *session) { s.send(nil); s.send([]byte{0}); s.send([]byte{0, 3, 0}) }, ErrProtocol},
		{"torn options", func(s *session) { s.send([]byte{0, 6, 'b', 'l'}) }, ErrProtocol},
		{"options although none were asked for", func(s *session) {
			if s.hasOptions() {
				s.error(codeOptionRefused, "")
				return
			}
			s.oack("blksize", "1428")
		}, ErrProtocol},
		{"old blocks for ever", func(s *session) {
			s.data(1, text(512))
			s.ack(1)
			for range 20 {
				for range 500 {
					s.data(1, text(512))
				}
				s.ack(99) // a second, or until the client gives up
			}
		}, ErrTimeout},
		{"future blocks", func(s *session) { s.data(7, text(512)) }, ErrTimeout},
		{"flood from a stranger's port", func(s *session) {
			s.data(1, text(512))
			s.ack(1)
			stranger := &session{t: s.t, conn: listenLoopback(s.t), to: s.to}
			for range 5000 {
				stranger.data(2, text(20))
			}
		}, ErrTimeout},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, func(s *session) { tt.play(s) })
			c := quick()
			c.MaxSize = 100_000
			began := time.Now()
			data, err := fetch(t, c, server, "f")
			if !errors.Is(err, tt.want) || data != nil {
				t.Errorf("%d bytes, %v; want %v", len(data), err, tt.want)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
			var e *Error
			if !errors.As(err, &e) || e.Server != server || e.File != "f" {
				t.Errorf("%#v", err)
			}
		})
	}
}

// One block each 100 ms would take 55 minutes for 16 MB.
func TestServerThatDripsIsGivenUp(t *testing.T) {
	server := serve(t, func(s *session) {
		for i := 1; s.dataAcked(i, text(512)); i++ {
			if i > 3 {
				s.ack(-1) // wait a second
			}
		}
	})
	c := steady()
	c.grace = 10 * time.Millisecond
	if _, err := fetch(t, c, server, "f"); !errors.Is(err, ErrTimeout) || !strings.Contains(err.Error(), "too slow") {
		t.Error(err)
	}
}

func TestBlockNumbersBeginAgainAfter65535(t *testing.T) {
	g, client := newTestGuard(t)
	say := func(word []byte) {
		client.WriteToUDPAddrPort(word, g.inside.LocalAddr().(*net.UDPAddr).AddrPort())
		if _, _, err := g.listen(make([]byte, maxWord)); err != nil {
			t.Fatal(err)
		}
	}
	say([]byte("\x00\x01f\x00octet\x00"))
	say(packACK(65533))
	for i, number := range []uint16{65534, 65535, 65535, 0, 65535, 0, 1} {
		datagram := append([]byte{0, byte(opDATA), byte(number >> 8), byte(number)}, make([]byte, 512)...)
		if err := g.handle(datagram); err != nil {
			t.Fatalf("block %d: %v", number, err)
		}
		if again := i == 2 || i == 4 || i == 5; g.answered == again {
			t.Fatalf("block %d: answered %v", number, g.answered)
		} else if !again {
			say(packACK(number))
		}
	}
	if err := g.handle(packOptions(1428)); err != nil || g.blockSize != 512 || g.size != 4*512 {
		t.Errorf("%d bytes in blocks of %d, %v", g.size, g.blockSize, err)
	}
}

func TestDataFromAnotherPortDoesNotDisturbTheTransfer(t *testing.T) {
	told := make(chan bool, 1)
	server := serve(t, func(s *session) {
		s.data(1, text(512))
		s.ack(1)
		stranger := &session{t: s.t, conn: listenLoopback(s.t), to: s.to}
		stranger.data(2, []byte("evil"))
		buffer := make([]byte, 600)
		stranger.conn.SetReadDeadline(time.Now().Add(2 * time.Second))
		n, _, err := stranger.conn.ReadFromUDPAddrPort(buffer)
		told <- err == nil && n > 4 && buffer[1] == byte(opERROR) && buffer[3] == byte(codeUnknownTID)
		s.data(2, []byte("good"))
	})
	data, err := fetch(t, steady(), server, "f")
	if err != nil || string(data) != string(text(512))+"good" {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	if !<-told {
		t.Error("the stranger was not told that its transfer is unknown")
	}
}

// Each packet of the server is lost twice, each of ours once in a while.
func TestLostPacketsAreRepeated(t *testing.T) {
	var requests atomic.Int32
	server := serve(t, func(s *session) {
		if requests.Add(1) == 1 {
			return // the request got lost
		}
		content := text(2000)
		for block := 1; len(content) >= 0; block++ {
			n := min(512, len(content))
			s.data(block, content[:n])
			if !s.ack(block) {
				return
			}
			s.data(block, content[:n]) // as if the ACK had been lost
			if !s.ack(block) && n == 512 {
				s.t.Errorf("block %d was not acknowledged again", block)
			}
			if n < 512 {
				return
			}
			content = content[n:]
		}
	})
	if data, err := fetch(t, steady(), server, "f"); err != nil || !bytes.Equal(data, text(2000)) {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}

func TestDeadServerEndsAtOnceWhereTheHostSaysSo(t *testing.T) {
	conn := listenLoopback(t)
	server := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	conn.Close()
	began := time.Now()
	_, err := fetch(t, &Client{Timeout: 5 * time.Second}, server, "f")
	if took := time.Since(began); !errors.Is(err, ErrUnreachable) || took > 2*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
}

func TestCancelledFetchEndsAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := serve(t, func(s *session) {
		s.data(1, text(512))
		if s.ack(1) {
			cancel()
		}
	})
	began := time.Now()
	_, err := (&Client{Timeout: 10 * time.Second}).Fetch(ctx, server, "f")
	if took := time.Since(began); !errors.Is(err, context.Canceled) || took > 5*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
	if _, err = quick().Fetch(ctx, server, "f"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
}

func TestNamesThatMustNotBeAskedFor(t *testing.T) {
	server := netip.MustParseAddrPort("127.0.0.1:9")
	for _, name := range []string{"", "a\x00b", "a\nb", "../etc/passwd", "a/../../b", `..\a`, strings.Repeat("x", 300)} {
		if _, err := quick().Fetch(t.Context(), server, name); !errors.Is(err, ErrName) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, address := range []string{"0.0.0.0:69", "224.0.0.1:69", "127.0.0.1:0"} {
		if _, err := quick().Fetch(t.Context(), netip.MustParseAddrPort(address), "f"); !errors.Is(err, ErrUnreachable) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func FuzzParsePacket(f *testing.F) {
	f.Add([]byte{0, 3, 0, 1, 'x'})
	f.Add([]byte{0, 5, 0, 1, 'x', 0})
	f.Add([]byte("\x00\x06blksize\x001428\x00tsize\x000\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := parse(b)
		if err != nil {
			return
		}
		if len(p.options) > maxOptions {
			t.Errorf("%d options", len(p.options))
		}
		if strings.ContainsAny(Clean(p.errorText()), "\x1b\n\x00") {
			t.Errorf("%q is not clean", Clean(p.errorText()))
		}
	})
}
