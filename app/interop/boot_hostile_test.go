//go:build linux

package interop_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/phonecore"
)

const (
	// idleLimit is how long any server may keep the phone from its idle screen.
	// The worst is a TFTP server that stalls in the middle of a file: 72 s, as
	// the file is begun four times. Nobody else takes longer than 15 s.
	idleLimit = 90 * time.Second
	// memoryLimit is the most memory that the phone may have used, in MB; a
	// phone that starts up in peace uses about 40.
	memoryLimit = 140
)

// rude is what a server may say to a terminal: clear it, colour it, ring,
// begin a line of the log.
const rude = "\x1b[2J\x1b[31m\x07\x9b0m\r\ntime=2026 level=INFO msg=\"all is well\""

// wantUnharmed checks that the phone is idle in time, has not grown, says what
// is wrong on the page of status messages, and passes nothing rude on.
func wantUnharmed(t *testing.T, phone *interop.Deskset, began time.Time, status string) {
	t.Helper()
	phone.Do(fmt.Sprintf("timeout %v", idleLimit), "screen idle")
	took := time.Since(began)
	peak := memoryMB(t, phone.PID(), "VmHWM:")
	t.Logf("idle after %.1f s, %.0f MB at most", took.Seconds(), peak)
	if took > idleLimit {
		t.Errorf("idle after %v, want %v at most", took, idleLimit)
	}
	if peak > memoryLimit {
		t.Errorf("used %.0f MB, want %d at most", peak, memoryLimit)
	}
	if status != "" {
		wantStatus(t, phone, status)
	}
	for name, text := range map[string]string{"the screen": phone.Screens(), "the log": phone.Journal()} {
		if i := strings.IndexAny(text, "\x1b\x07\u009b"); i >= 0 {
			t.Errorf("%s has a control character: %q", name, text[max(0, i-80):min(len(text), i+80)])
		}
		if strings.Contains(text, "\ntime=2026 level=INFO msg=\"all is well\"") {
			t.Errorf("%s has a line of the server's", name)
		}
	}
	phone.Quit()
}

// hostileTFTP is a server that answers each request by a function, from a port
// of the transfer's own.
func hostileTFTP(t *testing.T, answer func(from net.PacketConn, to net.Addr)) (addr string) {
	t.Helper()
	listener, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() { // ends with the listener
		request := make([]byte, 600)
		for {
			_, to, err := listener.ReadFrom(request)
			if err != nil {
				return
			}
			from, err := net.ListenPacket("udp4", "127.0.0.1:0")
			if err != nil {
				return
			}
			t.Cleanup(func() { from.Close() })
			go answer(from, to)
		}
	}()
	return listener.LocalAddr().String()
}

// Packets of TFTP (RFC 1350, RFC 2347).
func data(block uint16, payload []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0, 3}, block), payload...)
}

func oack(options ...string) []byte {
	return append([]byte{0, 6}, strings.Join(options, "\x00")+"\x00"...)
}

func tftpError(text string) []byte { return append([]byte{0, 5, 0, 0}, text+"\x00"...) }

// feed sends blocks and takes what comes for their acknowledgement, until the
// phone has had enough.
func feed(conn net.PacketConn, to net.Addr, first []byte, block func(n uint16) []byte) {
	packet, n := first, uint16(0)
	answer := make([]byte, 600)
	for {
		if packet == nil {
			n++
			packet = block(n)
		}
		if _, err := conn.WriteTo(packet, to); err != nil {
			return
		}
		_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		k, _, err := conn.ReadFrom(answer)
		if err != nil || k < 4 || answer[1] != 4 { // an error ends it
			return
		}
		packet = nil
	}
}

func TestHostileTFTPServers(t *testing.T) {
	t.Parallel()
	interop.Binary(t) // building it does not count
	full := bytes.Repeat([]byte("x: y\n"), 400)[:512]
	together(t, maps.All(map[string]hostileTFTPServer{
		"endless": {func(c net.PacketConn, to net.Addr) { feed(c, to, nil, func(n uint16) []byte { return data(n, full) }) }, "TFTP Size Error"},
		"oversize": {func(c net.PacketConn, to net.Addr) {
			feed(c, to, nil, func(n uint16) []byte { return data(n, make([]byte, 9000)) })
		}, "TFTP"},
		"lying size": {func(c net.PacketConn, to net.Addr) {
			feed(c, to, oack("tsize", "3"), func(n uint16) []byte { return data(n, full) })
		}, "TFTP"},
		"10 GB announced": {func(c net.PacketConn, to net.Addr) {
			feed(c, to, oack("tsize", "10737418240"), func(n uint16) []byte { return data(n, full) })
		}, "TFTP Size Error"},
		"tiny blocks": {func(c net.PacketConn, to net.Addr) {
			feed(c, to, oack("blksize", "8"), func(n uint16) []byte { return data(n, full[:8]) })
		}, "TFTP"},
		"stall":      {func(c net.PacketConn, to net.Addr) { _, _ = c.WriteTo(data(1, full), to) }, "TFTP Timeout"},
		"rude error": {func(c net.PacketConn, to net.Addr) { _, _ = c.WriteTo(tftpError(rude), to) }, "TFTP Error"},
		"rude file": {func(c net.PacketConn, to net.Addr) {
			_, _ = c.WriteTo(data(1, []byte(rude+"\nphone_label: "+rude+"\n")), to)
		}, "want name : value"},
		"wrong port": {wrongPort, "names the load " + phonecore.Load},
		"not TFTP":   {func(c net.PacketConn, to net.Addr) { _, _ = c.WriteTo([]byte(rude), to) }, "TFTP"},
		"empty":      {func(c net.PacketConn, to net.Addr) { _, _ = c.WriteTo(nil, to) }, "TFTP"},
		"wrong block": {func(c net.PacketConn, to net.Addr) {
			feed(c, to, nil, func(n uint16) []byte { return data(n+7, full) })
		}, "TFTP"},
	}), func(t *testing.T, c hostileTFTPServer) {
		began := time.Now()
		phone := interop.StartDeskset(t, interop.DesksetConfig{Args: []string{"-tftp", hostileTFTP(t, c.answer), "-mac", mac}})
		wantUnharmed(t, phone, began, c.status)
	})
}

// hostileTFTPServer is one, and the message that it leads to.
type hostileTFTPServer struct {
	answer func(from net.PacketConn, to net.Addr)
	status string
}

// wrongPort begins a file at one port and goes on from others, whose blocks do
// not count (RFC 1350 section 4), and then from the right one.
func wrongPort(c net.PacketConn, to net.Addr) {
	blocks := [][]byte{[]byte(fmt.Sprintf("%-512s", phonecore.Load)), []byte("\r\n")}
	feed(c, to, nil, func(n uint16) []byte {
		for range 50 * int(n-1) { // who answers first is the server
			if other, err := net.ListenPacket("udp4", "127.0.0.1:0"); err == nil {
				_, _ = other.WriteTo(data(n, []byte(rude)), to)
				other.Close()
			}
		}
		return data(n, blocks[min(int(n)-1, 1)])
	})
}

func TestHostileWebServers(t *testing.T) {
	t.Parallel()
	interop.Binary(t) // building it does not count
	endless := func(w io.Writer) {
		piece := bytes.Repeat([]byte("line1_name: 1001\n"), 1000)
		for {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	}
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
		}
	}
	raw := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
				_, _ = io.WriteString(conn, text)
				conn.Close()
			}
		}
	}
	together(t, maps.All(map[string]hostileWebServer{
		"redirect to file":  {redirect("file:///etc/passwd"), "HTTP Error"},
		"redirect for ever": {redirect("/again/OS79XX.TXT"), "HTTP Error"},
		"10 GB": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10737418240")
			endless(w)
		}, "HTTP Error"},
		"endless":     {func(w http.ResponseWriter, _ *http.Request) { endless(w) }, "HTTP Error"},
		"rude status": {raw("HTTP/1.1 500 " + rude + "\r\nContent-Length: 0\r\n\r\n"), "HTTP Error"},
		"rude body":   {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, rude) }, ""},
		"not HTTP":    {raw(rude), "HTTP Error"},
		"lying size":  {raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nline1_name: 1"), "HTTP Error"},
		"stall": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "HTTP Error"},
	}), func(t *testing.T, c hostileWebServer) {
		server := httptest.NewServer(c.handler)
		t.Cleanup(server.Close)
		began := time.Now()
		phone := interop.StartDeskset(t, interop.DesksetConfig{Args: []string{"-provision", server.URL + "/p/", "-mac", mac}})
		wantUnharmed(t, phone, began, c.status)
	})
}

// hostileWebServer is one, and the message that it leads to.
type hostileWebServer struct {
	handler http.HandlerFunc
	status  string
}
