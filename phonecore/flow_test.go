package phonecore

import (
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/sipua/siptest/flow"
	"deskset/phonecore/view"
)

// TestAppendixB plays each call flow of the guide's Appendix B: the phone in
// every part that it can have, its keys pressed as a person presses them, the
// other parts scripted, in both profiles.
func TestAppendixB(t *testing.T) {
	for _, f := range flow.AppendixB() {
		for _, profile := range flow.Profiles {
			for _, role := range f.As {
				t.Run(f.Figure+"/"+f.Title+"/"+string(profile)+"/as "+role, func(t *testing.T) {
					playFlow(t, f, profile, role)
				})
			}
		}
	}
}

// playFlow plays one flow at a desk whose line 1 is that part's.
func playFlow(t *testing.T, f flow.Flow, profile flow.Profile, role string) {
	settings := []string{
		"line1_name", flow.Number(role), "line1_authname", flow.Number(role), "line1_password", flow.Password,
		"line2_name", "", "proxy_register", "0", "sip_profile", string(profile),
	}
	if f.Proxied() {
		settings = append(settings, "proxy1_address", strings.TrimSuffix(flow.Address("P"), ":5060"))
	}
	for _, s := range f.Steps {
		if s.Verb == "forwards" && s.From == role && s.Args[0] != "all" {
			settings = append(settings, "cfwd_"+s.Args[0], "sip:"+flow.Number(s.To)+"@"+flow.Address(s.To), "cfwd_noanswer_time", "15")
		}
	}
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		flow.Play(d.t, d.net.Network, f, profile, role, &hand{desk: d})
	}, withFlags(settings...))
}

// hand is the person at the desk: flow.Phone.
type hand struct{ *desk }

// Address implements flow.Phone.
func (h *hand) Address() string { return phoneAddr }

// Do implements flow.Phone.
func (h *hand) Do(a flow.Act) {
	h.t.Helper()
	h.wait(100 * time.Millisecond) // what is on its way has arrived
	switch a.Verb {
	case "calls":
		h.place(a)
	case "consults":
		h.soft("NewCall")
		h.place(a)
	case "answers":
		if a.With.Name != "" {
			h.choose("From User " + a.With.Name)
		}
		h.soft("Answer")
	case "holds":
		h.soft("Hold")
	case "transfers":
		h.soft("BlndXfr")
	case "attends":
		h.soft("Trnsfer")
	case "names": // whom the transfer is to
		h.place(a)
	case "hands-over":
		h.soft("Trnsfer")
	case "resumes":
		h.soft("Resume")
	case "alternates":
		h.choose("User " + a.With.Name)
		h.soft("Resume")
	case "hangs-up", "lifts":
		h.press(view.KeySpeaker)
	case "ends":
		h.soft("EndCall")
	case "refuses":
		h.soft("DND")
	case "forwards":
		if a.Args[0] == "all" { // the others are settings
			h.soft("CFwdAll")
			h.phone.Type("sip:" + a.With.Number + "@" + a.With.Address)
			h.soft("Validate")
		}
	case "cannot": // talk: no port is left for voice
		h.on(func() { h.voice.full = true })
	case "sees":
		h.expect(a.Args[0], strings.Join(a.Args[1:], " "))
	case "knocked":
		h.expect("incoming", "Call waiting: User "+a.With.Name)
		if heard := h.heard().tone; heard != tone.CallWaiting {
			h.t.Errorf("tone %v while %s knocks", heard, a.With.Name)
		}
	case "talks":
		h.talks(a.With)
	case "silent":
		h.silent(a.With)
	default:
		h.t.Fatalf("the flow says %q", a.Verb)
	}
}

// place dials: by the number's keys and # where a proxy finds the part, else
// by its address (guide 4-10, URL dialling).
func (h *hand) place(a flow.Act) {
	h.t.Helper()
	if a.Proxied {
		h.dial(a.With.Number)
		h.press(view.KeyPound)
		return
	}
	h.phone.Type("sip:" + a.With.Number + "@" + a.With.Address)
	h.soft("Dial")
}

// choose moves to the call that says words.
func (h *hand) choose(words string) {
	h.t.Helper()
	for _, key := range []view.Key{view.KeyScrollUp, view.KeyScrollDown, view.KeyScrollDown, view.KeyScrollDown} {
		if strings.Contains(selectedRow(h.view().Screen), words) {
			return
		}
		h.press(key)
	}
	if screen := h.view().Screen; !strings.Contains(screenText(screen), words) {
		h.t.Fatalf("no call %q:\n%s", words, screenText(screen))
	}
}

// talks checks that voice goes both ways between the phone and a part.
func (h *hand) talks(with flow.Party) {
	h.t.Helper()
	if p := h.media(with); p.Direction != audio.SendRecv {
		h.t.Errorf("voice with %s: %+v", with.Name, p)
	}
}

// silent checks that no voice passes: "No RTP packets are being sent" (B-9).
func (h *hand) silent(with flow.Party) {
	h.t.Helper()
	if p := h.media(with); p.Direction == audio.SendRecv || p.Direction == audio.SendOnly {
		h.t.Errorf("voice with %s: %+v", with.Name, p)
	}
}

// media is the voice of the stream that last went to a part; a stream whose
// far address is gone (c=0.0.0.0) counts, too.
func (h *hand) media(with flow.Party) (found audio.Params) {
	h.t.Helper()
	any := false
	for _, s := range h.heard().streams {
		for _, p := range s.params {
			if p.Remote == with.Media {
				found, any = s.last(), true
			}
		}
	}
	if !any {
		h.t.Errorf("no voice has gone to %s (%v)", with.Name, with.Media)
	}
	return found
}

// selectedRow is the row of the selected call; the only call's if nothing is
// highlighted.
func selectedRow(s view.Screen) string {
	var all []string
	for _, r := range s.Rows {
		if r.Highlight {
			return r.Text
		}
		all = append(all, r.Text)
	}
	return strings.Join(all, "\n")
}
