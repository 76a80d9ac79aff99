package wire

import (
	"fmt"
	"strings"
	"testing"
)

func TestStreamPartsMessagesAndStaysBounded(t *testing.T) {
	one := "OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 3\r\n\r\nabc"
	s := NewStream()
	count := 0
	for _, b := range []byte(one + "\r\n\r\n" + one) {
		if _, err := s.Write([]byte{b}, func(m *Message, err error) {
			if err != nil || string(m.Body) != "abc" {
				t.Error(m, err)
			}
			count++
		}); err != nil {
			t.Fatal(err)
		}
	}
	if count != 2 || !s.Idle() {
		t.Errorf("%d messages, idle %v", count, s.Idle())
	}
	_, err := s.Write([]byte("OPTIONS sip:a@b SIP/2.0\r\n"), func(*Message, error) {})
	if err != nil || s.Idle() {
		t.Error("a message has begun", err)
	}
	for i := 0; i < 10_000 && err == nil; i++ {
		_, err = s.Write([]byte("X: "+strings.Repeat("y", 100)+"\r\n"), func(*Message, error) {})
	}
	if err == nil {
		t.Error("a head of a megabyte was kept")
	}
}

func TestLineEndsBetweenMessagesBeginNoMessage(t *testing.T) {
	one := "OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 0\r\n\r\n"
	s := NewStream()
	for i, c := range []struct {
		data     string
		messages int
		pinged   bool
	}{
		{one + "\r\n", 1, false},
		{"\r\n", 0, true}, // the rest of a ping
		{one + "\r\n\r\n" + one + "\r", 2, true},
		{"\n", 0, false},
		{"\r\n\r\n" + one, 1, true},
		{"\r\n" + one, 1, false},
	} {
		count := 0
		pinged, err := s.Write([]byte(c.data), func(*Message, error) { count++ })
		if err != nil || count != c.messages || pinged != c.pinged || !s.Idle() {
			t.Errorf("%d: %d messages, ping %v, idle %v, %v", i, count, pinged, s.Idle(), err)
		}
	}
}

func TestStreamReadsWhatADatagramMayHold(t *testing.T) {
	for text, want := range map[string]string{
		"SIP/2.0 200\r\nl: 0\r\n\r\n":                                 "200 <nil>",
		"SIP/2.0 200 OK\r\nno field\r\nl : 1\r\n\r\nx":                "200 <nil>",
		"OPTIONS tel:1 SIP/2.0\r\nContent-Length: 0\r\n\r\n":          "OPTIONS <nil>",
		"OPTIONS sip:a SIP/2.0\r\nno field\r\nl: 0\r\n\r\n":           "OPTIONS malformed",
		"OPTIONS sip:a SIP/7.0\r\nl: 0\r\n\r\n":                       "OPTIONS not SIP/2.0",
		"OPTIONS sip:a SIP/2.0\r\n\r\n":                               "end",
		"OPTIONS sip:a SIP/2.0\r\nl: 1\r\nl: 2\r\n\r\nxx":             "end",
		"OPTIONS sip:a SIP/2.0\r\nContent-Length: 99999999\r\n\r\n":   "end",
		"GET / HTTP/1.1\r\n":                                          "end",
		"OPTIONS sip:a SIP/2.0\r\nContent-Length: -1\r\n\r\n":         "end",
		"SIP/2.0 200 OK\r\nl: 0\r\nContent-Length: 0\r\n\r\n\r\n\r\n": "200 <nil>",
	} {
		got := ""
		_, err := NewStream().Write([]byte(text), func(m *Message, err error) {
			got = fmt.Sprintf("%s%d %v", m.Method, m.Status, err)
		})
		if err != nil {
			got = "end"
		}
		got = strings.Replace(strings.Replace(got, "OPTIONS0", "OPTIONS", 1), "\x00", "", 1)
		if !strings.HasPrefix(got, want) {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// FuzzStream checks that it does not matter how a stream is cut into reads.
func FuzzStream(f *testing.F) {
	f.Add([]byte("OPTIONS sip:a@b SIP/2.0\r\nl: 3\r\n\r\nabc\r\n\r\nSIP/2.0 200\r\nl: 0\r\n\r\n"), 7)
	f.Fuzz(func(t *testing.T, data []byte, step int) {
		read := func(step int) (all []string) {
			s := NewStream()
			for rest := data; len(rest) > 0; {
				n := min(step, len(rest))
				_, err := s.Write(rest[:n], func(m *Message, err error) {
					all = append(all, fmt.Sprint(m, err))
				})
				if rest = rest[n:]; err != nil {
					break
				}
			}
			return all
		}
		whole, parts := read(len(data)), read(1+step&0xff)
		if fmt.Sprint(whole) != fmt.Sprint(parts) {
			t.Errorf("%q and %q", whole, parts)
		}
	})
}
