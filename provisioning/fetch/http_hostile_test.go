package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// rawHTTP answers each connection by a function, after the request's headers.
func rawHTTP(t *testing.T, play func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			readRequest(conn)
			play(conn)
			conn.Close()
		}
	}()
	t.Cleanup(func() { listener.Close(); <-done })
	return "http://" + listener.Addr().String()
}

func readRequest(conn io.Reader) {
	var request []byte
	b := make([]byte, 1)
	for !bytes.HasSuffix(request, []byte("\r\n\r\n")) {
		if _, err := conn.Read(b); err != nil {
			return
		}
		request = append(request, b[0])
	}
}

const ok = "HTTP/1.1 200 OK\r\n"

func TestHTTPHostileServers(t *testing.T) {
	say := func(text string) func(net.Conn) { return func(c net.Conn) { io.WriteString(c, text) } }
	endless := func(c net.Conn, head, piece string) {
		io.WriteString(c, head)
		for {
			if _, err := io.WriteString(c, piece); err != nil {
				return
			}
		}
	}
	for _, test := range []struct {
		name string
		play func(net.Conn)
		want error
		text string
	}{
		{"endless chunks", func(c net.Conn) {
			endless(c, ok+"Transfer-Encoding: chunked\r\n\r\n", "400\r\n"+strings.Repeat("x", 1024)+"\r\n")
		}, ErrTooLarge, "more than"},
		{"endless until closed", func(c net.Conn) { endless(c, ok+"\r\n", strings.Repeat("x", 1024)) }, ErrTooLarge, "more than"},
		{"10 GB announced", say(ok + "Content-Length: 10000000000\r\n\r\nx"), ErrTooLarge, "10000000000 bytes announced"},
		{"2^63-1 announced", say(ok + "Content-Length: 9223372036854775807\r\n\r\nx"), ErrTooLarge, "announced"},
		{"2^64 announced", say(ok + "Content-Length: 18446744073709551616\r\n\r\nx"), ErrProtocol, "Content-Length"},
		{"negative length", say(ok + "Content-Length: -1\r\n\r\nx"), ErrProtocol, "Content-Length"},
		{"two lengths", say(ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx"), ErrProtocol, "multiple"},
		{"less than announced", say(ok + "Content-Length: 100\r\n\r\nhalf"), ErrSize, "100 bytes were announced"},
		{"torn chunk", say(ok + "Transfer-Encoding: chunked\r\n\r\n64\r\nhalf"), ErrSize, "middle"},
		{"huge chunk", say(ok + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx"), ErrSize, "middle"},
		{"chunk of no length", say(ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nx"), ErrProtocol, "chunk"},
		{"compressed", say(ok + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"), ErrProtocol, "compressed"},
		{"endless headers", func(c net.Conn) { endless(c, ok, "X-A: "+strings.Repeat("x", 1000)+"\r\n") }, ErrProtocol, "headers exceeded"},
		{"endless status line", func(c net.Conn) { endless(c, "HTTP/1.1 200 ", strings.Repeat("x", 1000)) }, ErrProtocol, ""},
		{"endless 100 Continue", func(c net.Conn) { endless(c, "", "HTTP/1.1 100 Continue\r\n\r\n") }, ErrProtocol, ""},
		{"not HTTP", say("SSH-2.0-OpenSSH_9\r\n\x1b[31mEVIL\r\n"), ErrProtocol, "malformed"},
		{"escapes in the status", say("HTTP/1.1 500 \x1b[31mEVIL\x07\r\nContent-Length: 0\r\n\r\n"), ErrServer, "EVIL"},
		{"long status", say("HTTP/1.1 500 " + strings.Repeat("y", 5000) + "\r\n\r\n"), ErrServer, "yyy..."},
		{"closed at once", say(""), ErrProtocol, "without an answer"},
		{"other protocol", say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), ErrProtocol, ""},
		{"login page", say(ok + "\r\n \r\n<!DOCTYPE html><html>Log in"), ErrProtocol, "web page"},
		{"login page by XHTML", say(ok + "Content-Type: text/html\r\n\r\n<?xml version='1.0'?><!-- hi --><HTML>"), ErrProtocol, "captive portal"},
		{"redirect to a file", say("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n"), ErrProtocol, "redirected to file:"},
		{"redirect to nowhere", say("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"), ErrProtocol, "302"},
		{"redirect to nonsense", say("HTTP/1.1 302 Found\r\nLocation: http://[::/%zz\r\n\r\n"), ErrProtocol, "Location"},
		{"escapes in a header", say("HTTP/1.1 302 Found\r\nLocation: \x1b[31m\r\n\r\n"), ErrProtocol, "malformed"},
		{"redirect loop", say("HTTP/1.1 307 Again\r\nLocation: /f\r\nContent-Length: 0\r\n\r\n"), ErrProtocol, "more than 5 redirections"},
		{"silence", func(c net.Conn) { io.Copy(io.Discard, c) }, ErrTimeout, "no answer in"},
		{"stall", func(c net.Conn) { io.WriteString(c, ok+"Content-Length: 100\r\n\r\nhalf"); io.Copy(io.Discard, c) }, ErrTimeout, "nothing came for"},
		{"stall after a refusal", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 404 No\r\nContent-Length: 100\r\n\r\n")
			io.Copy(io.Discard, c)
		}, ErrNotFound, "404"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := source(t, rawHTTP(t, test.play), "", HTTPOptions{AnswerTimeout: 2 * time.Second, StallTimeout: 500 * time.Millisecond})
			began := time.Now()
			data, err := s.Fetch(t.Context(), "f", 100_000)
			if !errors.Is(err, test.want) || data != nil || !strings.Contains(fmt.Sprint(err), test.text) {
				t.Fatalf("%d bytes, %v; want %v, %q", len(data), err, test.want, test.text)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
			if text := err.Error(); strings.ContainsAny(text, "\x1b\x07\r\n") || len(text) > 400 {
				t.Errorf("%q is not clean", text)
			}
		})
	}
}

// What looks like a page but is not one is a file.
func TestHTTPFilesThatAreNoPages(t *testing.T) {
	for name, content := range map[string]string{
		"SEP.cnf.xml": `<?xml version="1.0"?><device><!-- html --></device>`,
		"help.html":   "<html>help</html>",
		"SIP.cnf":     "# <html>\nproxy1_address: x\n",
		"empty":       "",
	} {
		server := serveHTTP(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html") // as PHP does
			io.WriteString(w, content)
		})
		if data, err := source(t, server.URL, "", HTTPOptions{}).Fetch(t.Context(), name, 1000); err != nil || string(data) != content {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
}

// A file of 10 GB, as far as it is taken, does not stand in memory.
func TestHTTPDownloadDoesNotGrow(t *testing.T) {
	const most = 256 << 20
	piece := make([]byte, 64<<10)
	server := serveHTTP(t, func(w http.ResponseWriter, _ *http.Request) {
		for sent := 0; sent < 10_000_000_000; sent += len(piece) {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
		t.Error("all of it was taken")
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := source(t, server.URL, "", HTTPOptions{}).Download(t.Context(), "f", most, io.Discard, nil)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 4<<20 {
		t.Errorf("%d bytes were allocated for %d", grown, most)
	}
}

// virtually runs a server on a pipe, in virtual time and with the time-outs as
// they are, and gives when Fetch ends and with what.
func virtually(t *testing.T, play func(net.Conn)) (took time.Duration, err error) {
	synctest.Test(t, func(t *testing.T) {
		var conns []net.Conn
		var servers sync.WaitGroup
		dial := func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			conns = append(conns, ours)
			servers.Go(func() {
				readRequest(theirs)
				play(theirs)
				theirs.Close()
			})
			return ours, nil
		}
		s, bad := HTTP(parse(t, "http://pbx.example/", ""), HTTPOptions{dial: dial})
		if bad != nil {
			t.Fatal(bad)
		}
		began := time.Now()
		_, err = s.Fetch(t.Context(), "f", 100_000_000)
		took = time.Since(began)
		s.(io.Closer).Close()
		for _, c := range conns {
			c.Close()
		}
		servers.Wait()
	})
	return took, err
}

func TestHTTPTimesAreBounded(t *testing.T) {
	// drip says one byte each interval until the phone hangs up.
	drip := func(head string, interval time.Duration) func(net.Conn) {
		return func(c net.Conn) {
			io.WriteString(c, head)
			for {
				time.Sleep(interval)
				if _, err := c.Write([]byte("x")); err != nil {
					return
				}
			}
		}
	}
	for _, test := range []struct {
		name string
		play func(net.Conn)
		want time.Duration
	}{
		{"slow headers", drip(ok+"X: ", time.Second), defaultAnswerTimeout},
		{"slow status line", drip("HTTP/1.1 200 ", 5*time.Second), defaultAnswerTimeout},
		{"slow redirections", func(c net.Conn) {
			time.Sleep(8 * time.Second)
			io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: /next\r\nConnection: close\r\n\r\n")
		}, defaultAnswerTimeout},
		{"a byte each second", drip(ok+"\r\n", time.Second), graceTime + time.Second},
		{"a byte each 9 seconds", drip(ok+"\r\n", 9*time.Second), 27 * time.Second},
		{"silence in the middle", drip(ok+"\r\nhalf", time.Hour), defaultStallTimeout},
	} {
		took, err := virtually(t, test.play)
		if !errors.Is(err, ErrTimeout) || took > test.want+time.Second || took < test.want-time.Second {
			t.Errorf("%s: after %v, %v; want %v", test.name, took, err, test.want)
		}
	}
}

// A slow disk is not the server's fault.
func TestHTTPSlowWriterIsNotTheServersFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		go func() {
			readRequest(theirs)
			io.WriteString(theirs, ok+"Content-Length: 4000\r\n\r\n"+strings.Repeat("x", 4000))
			theirs.Close()
		}()
		s, err := HTTP(parse(t, "http://pbx.example/", ""), HTTPOptions{dial: func(context.Context, string, string) (net.Conn, error) { return ours, nil }})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Download(t.Context(), "f", 4000, slowDisk{}, nil); err != nil {
			t.Error(err)
		}
		s.(io.Closer).Close()
		ours.Close()
		synctest.Wait()
	})
}

type slowDisk struct{}

func (slowDisk) Write(b []byte) (int, error) { time.Sleep(time.Minute); return len(b), nil }
