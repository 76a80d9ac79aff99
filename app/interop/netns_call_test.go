//go:build linux

package interop_test

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"deskset/app/interop"
)

// TestLiveCallFollowsTheHost: the host gets another address in the middle of a
// call. The far side, which is a script of ours, hears a re-INVITE that names the
// new address, and voice from there.
func TestLiveCallFollowsTheHost(t *testing.T) {
	site := interop.NewSite(t)
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{In: site.Switch, Host: interop.DataHost})
	host := func(command, address string) { site.Phone.IP("addr", command, address+"/24", "dev", site.PhonePort()) }
	host("add", "10.10.1.50")
	site.Phone.IP("route", "add", "default", "via", interop.DataHost)
	far := newDesksMate(t, site)
	phone := interop.StartDeskset(t, interop.DesksetConfig{In: site.Phone, Settings: line(1, kamailio, kamailio.Accounts[0])})
	phone.Do("timeout 30s", "screen idle", "stage done Registration", "press speaker", "type far@"+far.sip.LocalAddr().String()+"\r", "screen connected")
	interop.WaitFor(t, 20*time.Second, "voice from 10.10.1.50", far.hears("10.10.1.50"))

	host("del", "10.10.1.50")
	host("add", "10.10.1.60")
	site.Phone.IP("route", "add", "default", "via", interop.DataHost)
	began := time.Now()
	interop.WaitFor(t, 20*time.Second, "a re-INVITE from 10.10.1.60", far.offered("10.10.1.60"))
	offered := time.Since(began)
	interop.WaitFor(t, 20*time.Second, "voice from 10.10.1.60", far.hears("10.10.1.60"))
	t.Logf("re-INVITE after %v, voice after %v", offered.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
	phone.Do("screen connected", "press speaker", "screen idle")
	phone.Quit()
}

const mateHost = "10.10.1.2"

// desksMate answers every INVITE by 200 and every other request too.
type desksMate struct {
	sip, rtp *net.UDPConn
	reading  sync.WaitGroup

	mu     sync.Mutex
	offer  string // the last INVITE's description
	voice  netip.Addr
	answer int
}

func newDesksMate(t *testing.T, site *interop.Site) *desksMate {
	t.Helper()
	f := &desksMate{}
	// Not the proxy's address: what goes there is the proxy's.
	site.Switch.IP("addr", "add", mateHost+"/32", "dev", "lo")
	site.Switch.IP("link", "set", "lo", "up")
	listen := func() (c *net.UDPConn) {
		var err error
		site.Switch.Do(func() { c, err = net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(mateHost)}) })
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	f.sip, f.rtp = listen(), listen()
	f.reading.Go(f.answers)
	f.reading.Go(f.listens)
	t.Cleanup(func() { f.sip.Close(); f.rtp.Close(); f.reading.Wait() })
	return f
}

func (f *desksMate) hears(from string) func() bool {
	return func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		was := f.voice
		f.voice = netip.Addr{}
		return was == netip.MustParseAddr(from)
	}
}

func (f *desksMate) offered(address string) func() bool {
	return func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return strings.Contains(f.offer, "c=IN IP4 "+address)
	}
}

func (f *desksMate) listens() {
	buf := make([]byte, 2048)
	for {
		_, from, err := f.rtp.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		f.mu.Lock()
		f.voice = from.Addr().Unmap()
		f.mu.Unlock()
	}
}

// copied are the fields that a response repeats (RFC 3261 section 8.2.6.2).
var copied = regexp.MustCompile(`(?mi)^(Via|From|To|Call-ID|CSeq|Record-Route):.*\r\n`)

func (f *desksMate) answers() {
	buf := make([]byte, 65536)
	for {
		n, from, err := f.sip.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		request := string(buf[:n])
		method, _, _ := strings.Cut(request, " ")
		if method == "ACK" || strings.HasPrefix(method, "SIP/") {
			continue
		}
		body := ""
		if method == "INVITE" {
			f.mu.Lock()
			f.offer = request
			f.answer++
			body = fmt.Sprintf("v=0\r\no=- 1 %d IN IP4 %[2]s\r\ns=-\r\nc=IN IP4 %[2]s\r\nt=0 0\r\nm=audio %d RTP/AVP 0\r\n",
				f.answer, mateHost, f.rtp.LocalAddr().(*net.UDPAddr).Port)
			f.mu.Unlock()
		}
		head := strings.Join(copied.FindAllString(request, -1), "")
		head = regexp.MustCompile(`(?mi)^(To:[^\r]*)\r\n`).ReplaceAllStringFunc(head, func(to string) string {
			if strings.Contains(to, "tag=") {
				return to
			}
			return strings.TrimSuffix(to, "\r\n") + ";tag=far\r\n"
		})
		kind := ""
		if body != "" {
			kind = "Content-Type: application/sdp\r\n"
		}
		_, _ = f.sip.WriteToUDPAddrPort([]byte(fmt.Sprintf("SIP/2.0 200 OK\r\n%sContact: <sip:far@%s>\r\n%sContent-Length: %d\r\n\r\n%s",
			head, f.sip.LocalAddr(), kind, len(body), body)), from)
	}
}
