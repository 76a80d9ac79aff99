package phonecore

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio/tone"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/dialplan"
)

// withPlan serves a dial plan, given as the attributes of its templates.
func withPlan(templates ...string) setup {
	f := maps.Clone(twoLines)
	f["dialplan.xml"] = "<DIALTEMPLATE>\n<TEMPLATE " + strings.Join(templates, "/>\n<TEMPLATE ") + "/>\n</DIALTEMPLATE>"
	return withFiles(f)
}

// invited are the Request-URIs of the calls that the phone has made so far.
func (d *desk) invited() (uris []string) {
	synctest.Wait()
	var last string
	for _, e := range d.net.Log() {
		if m := e.Message; m != nil && m.Method == "INVITE" && m.CallID() != last {
			last = m.CallID()
			uris = append(uris, m.RequestURI)
		}
	}
	return uris
}

// expectCalled checks the calls made so far.
func (d *desk) expectCalled(want ...string) {
	d.t.Helper()
	if got := d.invited(); !slices.Equal(got, want) {
		d.t.Fatalf("called %q, want %q", got, want)
	}
}

// TestDialPlanDialsInTime goes through the rules of the reference (section 3,
// dialplan.xml): what is pressed off hook, how long nothing happens, and what
// is called then.
func TestDialPlanDialsInTime(t *testing.T) {
	const at = "@192.0.2.1"
	for name, tt := range map[string]struct {
		plan   []string
		keys   string
		within time.Duration // 0: at once
		want   string
	}{
		"no plan: the inter-digit time":            {nil, "123", 10 * time.Second, "123"},
		"no plan: # dials at once and is not sent": {nil, "123#", 0, "123"},
		"no rule fits":                            {[]string{`MATCH="9..." TIMEOUT="0"`}, "123", 10 * time.Second, "123"},
		"complete with time-out 0":                {[]string{`MATCH="9..." TIMEOUT="0"`}, "9123", 0, "9123"},
		"complete with a time-out":                {[]string{`MATCH="*" TIMEOUT="5"`}, "9123", 5 * time.Second, "9123"},
		"incomplete":                              {[]string{`MATCH="9..." TIMEOUT="0"`}, "912", 10 * time.Second, "912"},
		"# ends a rule":                           {[]string{`MATCH="*" TIMEOUT="5"`}, "9123#", 0, "9123"},
		"# that a rule matches is sent":           {[]string{`MATCH="\*9#" TIMEOUT="0"`, `MATCH="*" TIMEOUT="5"`}, "*9#", 0, "*9%23"},
		"a partial holds back a shorter complete": {[]string{`MATCH="9.11" TIMEOUT="0"`, `MATCH="9011*" TIMEOUT="5"`}, "9011", 10 * time.Second, "9011"},
		"which goes on":                           {[]string{`MATCH="9.11" TIMEOUT="0"`, `MATCH="9011*" TIMEOUT="5"`}, "901144", 5 * time.Second, "901144"},
		"the complete one alone":                  {[]string{`MATCH="9.11" TIMEOUT="0"`, `MATCH="9011*" TIMEOUT="5"`}, "9911", 0, "9911"},
		"most literals win":                       {[]string{`MATCH="9..." TIMEOUT="5"`, `MATCH="91.." TIMEOUT="0"`}, "9123", 0, "9123"},
		"rewritten":                               {[]string{`MATCH="9,*" TIMEOUT="3" REWRITE="%1"`}, "95551", 3 * time.Second, "5551"},
		"user":                                    {[]string{`MATCH="..." TIMEOUT="0" USER="Phone"`}, "123", 0, "123" + at + ";user=phone"},
		"user ip":                                 {[]string{`MATCH="..." TIMEOUT="0" USER="IP"`}, "123", 0, "123" + at + ";user=ip"},
		"another line's rule":                     {[]string{`MATCH="..." LINE="2" TIMEOUT="0"`}, "123", 10 * time.Second, "123"},
		"its own":                                 {[]string{`MATCH="..." LINE="1" TIMEOUT="0"`}, "123", 0, "123"},
		"a host":                                  {[]string{`MATCH="1.." TIMEOUT="0" ROUTE="FQDN" REWRITE="sip:%s@192%.0%.2%.9"`}, "123", 0, "123@192.0.2.9"},
		"emergency":                               {[]string{`MATCH="112" TIMEOUT="0" ROUTE="emergency" USER="phone"`}, "112", 0, "112@192.0.2.99:5070;user=phone"},
		"emergency, rewritten":                    {[]string{`MATCH="9112" TIMEOUT="0" ROUTE="emergency" REWRITE="112"`}, "9112", 0, "112@192.0.2.99:5070"},
	} {
		t.Run(name, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				d.wait(time.Second)
				d.press(view.KeyLine1)
				d.dial(tt.keys)
				if tt.within > 0 {
					d.wait(tt.within - time.Millisecond)
					d.expectCalled()
					d.wait(time.Millisecond)
				}
				if !strings.Contains(tt.want, "@") {
					tt.want += at
				}
				d.expectCalled("sip:" + tt.want)
			}, withPlan(tt.plan...), withFlags("proxy_emergency", "192.0.2.99", "proxy_emergency_port", "5070"))
		})
	}
}

func TestDialPlanTones(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeyLine1)
		for _, step := range []struct {
			key  string
			want tone.Name
		}{{"", tone.Dial}, {"9", tone.OutsideDial}, {"5", tone.None}} {
			d.dial(step.key)
			if got := d.heard().tone; got != step.want {
				t.Errorf("after %q: tone %v, want %v", step.key, got, step.want)
			}
		}
		d.soft("EndCall")
		d.press(view.KeyLine2)
		d.dial("8")
		if got := d.heard().tone; got != tone.Zip {
			t.Errorf("tone %v, want the rule's", got)
		}
		d.soft("<<")
		if got := d.heard().tone; got != tone.Dial {
			t.Errorf("tone %v after deleting", got)
		}
	}, withPlan(`MATCH="9,......."`, `MATCH="8,*" TONE="Cisco-Zip"`))
}

func TestEveryToneOfADialPlanIsKnown(t *testing.T) {
	for _, name := range dialplan.Tones {
		if sound, ok := planTones[name]; !ok || sound == tone.None && name != "Bellcore-None" {
			t.Errorf("%s has no sound", name)
		}
	}
}

func TestHotLineDialsWhenTheHandsetIsLifted(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeyHandset)
		d.expectCalled("sip:5559@192.0.2.1")
		d.press(view.KeyHandset)
		d.press(view.KeyLine2) // another line has its dial tone
		d.expect("offhook")
		d.wait(4*time.Second - time.Millisecond)
		d.expect("offhook")
		d.wait(time.Millisecond)
		d.expectCalled("sip:5559@192.0.2.1", "sip:5558@192.0.2.1")
	}, withPlan(`MATCH="" LINE="1" TIMEOUT="0" REWRITE="5559"`, `MATCH="" LINE="2" TIMEOUT="4" REWRITE="5558"`))
}

func TestOnHookThePlanWaitsForDial(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.dial("9123")
		d.wait(time.Minute)
		d.expect("dialling", "9123")
		d.soft("Dial")
		d.expectCalled("sip:0123@192.0.2.1")
		d.wait(time.Second)
		d.expect("failed", "0123")
		d.soft("Redial") // dials what was dialled, not what became of it
		d.expectCalled("sip:0123@192.0.2.1", "sip:0123@192.0.2.1")
	}, withPlan(`MATCH="9..." TIMEOUT="0" REWRITE="0..."`))
}

func TestDeletingDoesNotDial(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeyLine1)
		d.phone.Type("91234") // more than the rule takes
		d.soft("<<")
		d.wait(10*time.Second - time.Millisecond)
		d.expectCalled()
		d.wait(time.Millisecond)
		d.expectCalled("sip:9123@192.0.2.1")
	}, withPlan(`MATCH="9..." TIMEOUT="0"`))
}

// TestEncryptionKeepsNobodyFromCallingForHelp: media_encryption "required" forbids
// other calls by UDP.
func TestEncryptionKeepsNobodyFromCallingForHelp(t *testing.T) {
	onDesk(t, func(d *desk) {
		help := siptest.NewPeer(d.t, d.net.Network, "192.0.2.99:5070")
		d.press(view.KeySpeaker)
		d.dial("112")
		invite := help.Await("INVITE")
		if body := string(invite.Body); !strings.Contains(body, "RTP/AVP") || strings.Contains(body, "crypto") {
			t.Errorf("%s", body)
		}
		help.Reply(invite, 200, siptest.SDP(peerSDP))
		help.Await("ACK")
		d.expect("connected")
	}, withPlan(`MATCH="112" TIMEOUT="0" ROUTE="emergency"`),
		withFlags("media_encryption", "required", "proxy_emergency", "192.0.2.99", "proxy_emergency_port", "5070"))
}

func TestEmergencyWithoutItsServerGoesByTheLine(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeyLine1)
		d.dial("112")
		d.expectCalled("sip:112@192.0.2.1")
		d.expectStatus(text.Get(text.StatusNoEmergency))
	}, withPlan(`MATCH="112" TIMEOUT="0" ROUTE="emergency"`))
}

func TestAddressesAreNotMatchedWithThePlan(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeyLine1)
		d.phone.Type("sip:123@" + peerAddr)
		d.expectCalled()
		d.wait(10 * time.Second)
		d.expectCalled("sip:123@" + peerAddr)
	}, withPlan(`MATCH="*" TIMEOUT="0" REWRITE="9"`))
}
