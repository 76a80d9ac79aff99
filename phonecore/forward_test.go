package phonecore

import (
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/flash"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// callsUs sends an INVITE for line 1 from ada.
func callsUs(peer *siptest.Peer, options ...siptest.Option) *wire.Message {
	invite := peer.Request("INVITE", "sip:5551212@"+phoneAddr,
		append([]siptest.Option{siptest.With("From", "<sip:ada@192.0.2.9>;tag=a1"), siptest.SDP(peerSDP)}, options...)...)
	peer.SendTo(phoneAddr, invite)
	return invite
}

// serverPeer is the line's own server, played by the test in place of the
// proxy, with lines that do not register.
func serverPeer(d *desk) *siptest.Peer {
	d.net.proxy.Transport().Close()
	return siptest.NewPeer(d.t, d.net.Network, proxyAddr)
}

func expectSentOn(t *testing.T, res *wire.Message, contact, reason string) {
	t.Helper()
	if res.Header.Get("Contact") != contact || !strings.Contains(res.Header.Get("Diversion"), "<sip:5551212@192.0.2.1>;reason="+reason) {
		t.Errorf("want %s for %s:\n%s", contact, reason, res.Encode())
	}
}

// TestCFwdAllForwardsUntilItIsPressedAgain: the idle screen says so, a restart
// changes nothing.
func TestCFwdAllForwardsUntilItIsPressedAgain(t *testing.T) {
	f := flash.Memory()
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.soft("CFwdAll")
		d.expect("menu.forward", "Forward All Calls")
		d.dial("5550199#")
		d.soft("Validate")
		d.expect("idle", "Forwarded to 5550199")
		callsUs(peer)
		expectSentOn(t, peer.Await("302"), "<sip:5550199@192.0.2.1>", "unconditional")
		d.expect("idle", "Forwarded to 5550199")
		d.expectStatus("Call from ada forwarded to 5550199")
		d.on(func() { d.phone.restart(restartReset) })
		d.wait(time.Minute)
		d.expect("idle", "Forwarded to 5550199")
		d.soft("CFwdAll")
		d.expect("idle", "Forwarding is off")
		callsUs(peer)
		peer.Await("180")
	}, withFlash(f))
}

// TestCFwdAllOffHookIsForThatLine.
func TestCFwdAllOffHookIsForThatLine(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.press(view.KeyLine2)
		d.soft("CFwdAll")
		d.expect("menu.forward", "Forward Line 2")
		d.phone.Type("bob@example.com")
		d.soft("Validate")
		d.expect("idle", "Line 2 forwarded to bob@example.com")
		peer := d.peer()
		callsUs(peer)
		peer.Await("180")
	})
}

// TestForwardingToItselfIsRefused: to one of the lines that go there.
func TestForwardingToItselfIsRefused(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.soft("CFwdAll")
		d.dial("5551213")
		d.soft("Validate")
		d.expect("menu.forward", text.Get(text.ForwardLoop))
		d.soft("Cancel")
		d.press(view.KeyLine1) // line 1 alone may go to line 2
		d.soft("CFwdAll")
		d.dial("5551213")
		d.soft("Validate")
		d.expect("idle", "Line 1 forwarded to 5551213")
	})
}

// TestForwardedLineRingsForTheTarget, and a call that comes back is a loop.
func TestForwardedLineRingsForTheTarget(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.on(func() { d.phone.setForward(forwardAll(1), "sip:ada@192.0.2.9") })
		callsUs(peer)
		peer.Await("180")
		d.expect("incoming", "ada")
		d.soft("Reject")
		peer.Await("486")
		callsUs(peer, siptest.With("From", "<sip:bob@192.0.2.9>;tag=a2"), siptest.With("Diversion", "<sip:5551212@192.0.2.1>;reason=unconditional"))
		peer.Await("482")
		d.expect("idle")
	})
}

// TestForwardingOnBusy: also while DND is on; the call is in the list of those
// that were missed.
func TestForwardingOnBusy(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.soft("DND")
		callsUs(peer)
		expectSentOn(t, peer.Await("302"), "<sip:5550100@192.0.2.1>", "user-busy")
		d.expect("idle", "1 missed call")
	}, withFlags("cfwd_busy", "5550100"))
}

// TestForwardingOnNoAnswer rings for the time that is set.
func TestForwardingOnNoAnswer(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		callsUs(peer)
		peer.Await("180")
		d.wait(14 * time.Second)
		d.expect("incoming")
		began := time.Now()
		expectSentOn(t, peer.Await("302"), "<sip:5550100@192.0.2.1>", "no-answer")
		if waited := time.Since(began); waited > time.Second {
			t.Errorf("rang for %v more", waited)
		}
		d.wait(time.Second)
		d.expect("idle", "1 missed call")
	}, withFlags("cfwd_noanswer", "5550100", "cfwd_noanswer_time", "15"))
}

// TestNobodyAnswers: 480 when ring_timeout is over.
func TestNobodyAnswers(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		callsUs(peer)
		peer.Await("180")
		d.wait(30 * time.Second)
		peer.Await("480")
		d.expect("idle", "1 missed call")
		d.expectStatus("nobody answered in 30s")
	}, withFlags("ring_timeout", "30"))
}

func TestForwardingByThePreferences(t *testing.T) {
	f := flash.Memory()
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key6)
		d.highlight("Forward, No Answer")
		d.soft("Edit")
		d.dial("5550100")
		d.soft("Validate")
		d.expect("menu.preferences", "Forward, No Answer 5550100")
		d.highlight("No Answer after")
		d.soft("Edit")
		d.dial("45")
		d.soft("Validate")
		d.expect("menu.preferences", "No Answer after 45s")
		d.press(view.KeySettings)
		d.on(func() { d.phone.restart(restartReset) })
		d.wait(time.Minute)
		peer := d.peer()
		callsUs(peer)
		peer.Await("180")
		began := time.Now()
		peer.Await("302")
		if waited := time.Since(began); waited < 44*time.Second || waited > 46*time.Second {
			t.Errorf("rang for %v", waited)
		}
	}, withFlash(f))
}

// highlight moves to a row of the page.
func (d *desk) highlight(label string) {
	d.t.Helper()
	for range 20 {
		s := d.view().Screen
		if s.Selected >= 0 && s.Items[s.Selected].Label == label {
			return
		}
		d.press(view.KeyScrollDown)
	}
	d.t.Fatalf("no row %q: %v", label, d.view().Screen.Items)
}

// TestDivertARingingCall: to the voice mail, or where the person says.
func TestDivertARingingCall(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		callsUs(peer)
		peer.Await("180")
		d.soft("iDivert")
		d.expect("menu.forward", "Divert this call to")
		d.dial("5551212")
		d.soft("Validate")
		d.expect("menu.forward", text.Get(text.ForwardLoop))
		d.soft("<<")
		d.dial("3")
		d.soft("Validate")
		expectSentOn(t, peer.Await("302"), "<sip:5551213@192.0.2.1>", "deflection")
		d.expect("idle")
		invite := callsUs(peer)
		peer.Await("180")
		d.soft("iDivert")
		peer.SendTo(phoneAddr, cancelOf(peer, invite))
		peer.Await("487")
		d.dial("7")
		d.soft("Validate")
		d.expect("idle", text.Get(text.ForwardNotNow))
	})
	onDesk(t, func(d *desk) {
		peer := d.peer()
		callsUs(peer)
		peer.Await("180")
		d.soft("iDivert")
		expectSentOn(t, peer.Await("302"), "<sip:8000@192.0.2.1>", "deflection")
	}, withFlags("messages_uri", "8000"))
}

// TestServerForwards: with cfwd_url the key calls the server.
func TestServerForwards(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.soft("CFwdAll")
		peer.Await("INVITE")
		d.expect("calling", "forward")
	}, withFlags("cfwd_url", "sip:forward@"+peerAddr, "local_cfwd_enable", "0"))
	onDesk(t, func(d *desk) {
		if keys := d.view().Screen.Soft; slices.Contains(keys[:], "CFwdAll") {
			t.Error("CFwdAll without any forwarding")
		}
	}, withFlags("local_cfwd_enable", "0"))
}
