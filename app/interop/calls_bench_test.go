//go:build linux

package interop_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"testing"
	"time"

	"deskset/app/interop"
)

// callRuns is how many calls, or starts, one figure is the median of.
const callRuns = 7

// agent is a phone under measurement, with the little that a figure needs of it.
type agent struct {
	user           string
	start          func(b *testing.B, k *interop.Kamailio) *interop.Process
	dial           func(uri, number string)
	accept, hangup func()
}

// desksetAgent and baresipAgent leave calls ringing until they are told.
// Ours keeps its flash: the first start makes one, the median is that of others.
func desksetAgent(b *testing.B) *agent {
	a, flash := &agent{user: "1001"}, b.TempDir()
	a.start = func(b *testing.B, k *interop.Kamailio) *interop.Process {
		phone := interop.StartDeskset(b, interop.DesksetConfig{Settings: line(1, k, k.Accounts[0]), Tone: ourTone, Args: []string{"-flash", flash}})
		a.dial = func(_, number string) { phone.Do("press speaker "+number+" pound", "screen connected") }
		a.accept = func() { phone.Do("screen incoming", "press speaker", "screen connected") }
		a.hangup = func() { phone.Do("press speaker", "screen idle") }
		return phone.Process
	}
	return a
}

func baresipAgent() *agent {
	a := &agent{user: "1002"}
	a.start = func(b *testing.B, k *interop.Kamailio) *interop.Process {
		phone := interop.StartBaresip(b, interop.BaresipConfig{Account: k.Accounts[1], Proxy: k.Addr(), Domain: k.Realm, Tone: theirTone, Manual: true})
		a.dial = func(uri, _ string) { phone.Dial(uri); phone.Wait("CALL_ESTABLISHED") }
		a.accept = func() { phone.Wait("CALL_INCOMING"); phone.Accept(); phone.Wait("CALL_ESTABLISHED") }
		a.hangup = func() { phone.Hangup(); phone.Wait("CALL_CLOSED") }
		return phone.Process
	}
	return a
}

// BenchmarkBesideBaresip measures Deskset and baresip in turn through one
// Kamailio, from the packets on the wire. Each figure is a median in ms; ratio
// is Deskset's by baresip's.
//
//	register    start of the process to the 200 of REGISTER
//	challenged  first REGISTER sent to the 200, the challenge between them included
//	ring        INVITE received to 180 sent
//	answer-rtp  200 sent to the first RTP packet sent
//	ack-rtp     200 received to the first RTP packet sent
func BenchmarkBesideBaresip(b *testing.B) {
	interop.Binary(b) // building it is not measured
	tap := interop.StartTap(b)
	kamailio := interop.StartKamailio(b, interop.KamailioConfig{})
	other := interop.StartBaresip(b, interop.BaresipConfig{Account: kamailio.Accounts[2], Proxy: kamailio.Addr(), Domain: kamailio.Realm, Tone: 300})
	for b.Loop() {
		figures := map[string]map[string][]time.Duration{}
		for _, a := range []*agent{desksetAgent(b), baresipAgent()} {
			figures[a.user] = measure(b, tap, kamailio, other, a)
		}
		for _, name := range []string{"register", "challenged", "ring", "answer-rtp", "ack-rtp"} {
			ours, theirs := median(figures["1001"][name]), median(figures["1002"][name])
			b.ReportMetric(float64(ours.Microseconds())/1000, name+"-deskset-ms")
			b.ReportMetric(float64(theirs.Microseconds())/1000, name+"-baresip-ms")
			b.ReportMetric(float64(ours)/float64(max(theirs, 1)), name+"-ratio")
		}
	}
	b.ReportMetric(0, "ns/op")
}

func measure(b *testing.B, tap *interop.Tap, k *interop.Kamailio, other *interop.Baresip, a *agent) map[string][]time.Duration {
	b.Helper()
	got := map[string][]time.Duration{}
	port := uint16(0)
	for i := range callRuns {
		p := a.start(b, k)
		var ok interop.Packet
		interop.WaitFor(b, 20*time.Second, a.user+" to register", func() (found bool) {
			ok, found = tap.First(p.Began(), func(p interop.Packet) bool {
				return p.From == uint16(k.Port) && isSIP(p, "SIP/2.0 200", "REGISTER") && bytes.Contains(p.Data, []byte("sip:"+a.user+"@"))
			})
			return found
		})
		got["register"] = append(got["register"], ok.At.Sub(p.Began()))
		port = ok.To
		first := wait(b, tap, p.Began(), "REGISTER", func(p interop.Packet) bool { return p.From == port && isSIP(p, "REGISTER ", "REGISTER") })
		got["challenged"] = append(got["challenged"], ok.At.Sub(first.At))
		if i < callRuns-1 {
			p.Stop()
		}
	}
	talk(2 * time.Second) // whatever else a start brings
	for range callRuns {
		began := time.Now()
		other.Dial("sip:" + a.user + "@" + k.Realm)
		invite := wait(b, tap, began, "INVITE", func(p interop.Packet) bool { return p.To == port && isSIP(p, "INVITE ", "INVITE") })
		ringing := wait(b, tap, invite.At, "180", func(p interop.Packet) bool { return p.From == port && isSIP(p, "SIP/2.0 180", "INVITE") })
		got["ring"] = append(got["ring"], ringing.At.Sub(invite.At))
		a.accept()
		ok := wait(b, tap, ringing.At, "200", func(p interop.Packet) bool { return p.From == port && isSIP(p, "SIP/2.0 200", "INVITE") })
		got["answer-rtp"] = append(got["answer-rtp"], firstRTP(b, tap, ok, ok.At).Sub(ok.At))
		talk(time.Second)
		a.hangup()
		other.Wait("CALL_CLOSED")
	}
	for range callRuns {
		began := time.Now()
		a.dial("sip:1003@"+k.Realm, "1003")
		invite := wait(b, tap, began, "INVITE", func(p interop.Packet) bool { return p.From == port && isSIP(p, "INVITE ", "INVITE") })
		ok := wait(b, tap, invite.At, "200", func(p interop.Packet) bool { return p.To == port && isSIP(p, "SIP/2.0 200", "INVITE") })
		got["ack-rtp"] = append(got["ack-rtp"], firstRTP(b, tap, invite, ok.At).Sub(ok.At))
		talk(time.Second)
		a.hangup()
		other.Wait("CALL_CLOSED")
	}
	return got
}

func wait(b *testing.B, tap *interop.Tap, after time.Time, what string, fits func(interop.Packet) bool) (p interop.Packet) {
	b.Helper()
	interop.WaitFor(b, 10*time.Second, what, func() (found bool) {
		p, found = tap.First(after, fits)
		return found
	})
	return p
}

// isSIP tells a message by how it begins and by the method of its CSeq.
func isSIP(p interop.Packet, start, method string) bool {
	return bytes.HasPrefix(p.Data, []byte(start)) && regexp.MustCompile(`(?m)^CSeq: *\d+ `+method+`\r?$`).Match(p.Data)
}

var audioPort = regexp.MustCompile(`m=audio (\d+) `)

// firstRTP is when the sender of a description first speaks after a time.
func firstRTP(b *testing.B, tap *interop.Tap, description interop.Packet, after time.Time) time.Time {
	b.Helper()
	m := audioPort.FindSubmatch(description.Data)
	if m == nil {
		b.Fatalf("no description in %s", description.Data)
	}
	port, err := strconv.ParseUint(string(m[1]), 10, 16)
	if err != nil {
		b.Fatal(err)
	}
	return wait(b, tap, after, fmt.Sprint("RTP from ", port), func(p interop.Packet) bool {
		return p.From == uint16(port) && len(p.Data) >= 12+80 && p.Data[0]>>6 == 2
	}).At
}
