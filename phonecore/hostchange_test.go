package phonecore

import (
	"context"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/view"
)

// movable runs a test with a phone whose host can be given another address;
// move does that, and tells the phone.
func movable(t *testing.T, f func(d *desk, move func(addr string)), setups ...setup) {
	t.Helper()
	var transport *siptest.Transport
	var tell func()
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		f(d, func(addr string) {
			if addr != "" {
				transport.SetAddr(addr)
			}
			tell()
		})
	}, append(setups, func(c *Config) {
		open := c.Transport
		c.Transport = func(tc TransportConfig) (sipua.Transport, error) {
			tr, err := open(tc)
			transport, _ = tr.(*siptest.Transport)
			return tr, err
		}
		c.Watch = func(ctx context.Context, changed func()) {
			tell = changed
			<-ctx.Done()
		}
	})...)
}

func TestLinesRegisterTheNewAddressWithinFiveSeconds(t *testing.T) {
	movable(t, func(d *desk, move func(string)) {
		if got := d.net.proxy.Registered("5551212"); !strings.Contains(got, "192.0.2.44") {
			t.Fatalf("registered as %q", got)
		}
		began := time.Now()
		move("192.0.2.99:5060")
		for !strings.Contains(d.net.proxy.Registered("5551212"), "192.0.2.99") || !strings.Contains(d.net.proxy.Registered("5551213"), "192.0.2.99") {
			d.wait(10 * time.Millisecond)
			if time.Since(began) > 5*time.Second {
				t.Fatalf("registered as %q after 5 s", d.net.proxy.Registered("5551212"))
			}
		}
		t.Logf("registered again after %v", time.Since(began))
		d.wait(time.Minute)
		d.expectStatus("Network changed")
		d.expect("idle")
		// A host that has slept keeps its address: the registration may be over.
		before := len(d.net.Log())
		move("")
		d.wait(5 * time.Second)
		registers := 0
		for _, e := range d.net.Log()[before:] {
			if e.Message.Method == "REGISTER" {
				registers++
			}
		}
		if registers < 2 {
			t.Errorf("%d REGISTERs after the sleep", registers)
		}
	})
}

func TestCallsGoOnAtTheNewAddress(t *testing.T) {
	movable(t, func(d *desk, move func(string)) {
		ada := d.peer()
		d.press(view.KeySpeaker)
		d.phone.Type("sip:ada@192.0.2.9\r")
		ada.Reply(ada.Await("INVITE"), 200, siptest.SDP(peerSDP))
		ada.Await("ACK")
		move("192.0.2.99:5060")
		again := ada.Expect("INVITE")
		if body := string(again.Body); !strings.Contains(body, "c=IN IP4 192.0.2.99") || !strings.Contains(again.Header.Get("Contact"), "192.0.2.99") {
			t.Errorf("the re-INVITE says\n%s", again.Encode())
		}
		ada.Reply(again, 200, siptest.SDP(strings.Replace(peerSDP, "1 1 IN", "1 2 IN", 1)))
		ada.Expect("ACK")
		d.wait(time.Minute)
		d.expect("connected")
		// Sleep alone changes nothing for the call.
		move("")
		ada.Quiet(time.Minute)
		// A call on hold stays there.
		d.soft("Hold")
		hold := ada.Expect("INVITE")
		ada.Reply(hold, 200, siptest.SDP(strings.Replace(withDirection("recvonly"), "1 2 IN", "1 3 IN", 1)))
		ada.Expect("ACK")
		move("192.0.2.77:5060")
		again = ada.Expect("INVITE")
		if body := string(again.Body); !strings.Contains(body, "192.0.2.77") || !strings.Contains(body, "a=sendonly") {
			t.Errorf("the re-INVITE says\n%s", body)
		}
		ada.Reply(again, 200, siptest.SDP(strings.Replace(withDirection("recvonly"), "1 2 IN", "1 4 IN", 1)))
		ada.Expect("ACK")
		d.wait(time.Second)
	})
}

func TestStormOfChangesStaysASmallOne(t *testing.T) {
	movable(t, func(d *desk, move func(string)) {
		before := len(d.net.Log())
		for range 1000 {
			move("")
			d.wait(10 * time.Millisecond)
		}
		d.wait(5 * time.Second)
		if got := len(d.net.Log()) - before; got > 400 {
			t.Errorf("%d messages for 10 s of changes", got)
		}
		if d.net.proxy.Registered("5551212") == "" {
			t.Error("not registered in the end")
		}
	})
}
