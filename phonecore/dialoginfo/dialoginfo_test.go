package dialoginfo

import (
	"fmt"
	"strings"
	"testing"
)

func document(version int, state string, dialogs ...string) string {
	return fmt.Sprintf(`<?xml version="1.0"?>
<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="%d" state="%s" entity="sip:alice@example.com">%s</dialog-info>`,
		version, state, strings.Join(dialogs, "\n"))
}

func dialog(id, direction, state string) string {
	return fmt.Sprintf(`<dialog id="%s" call-id="x" direction="%s"><state event="local-bye">%s</state><remote><identity display="B">sip:b@example.com</identity></remote></dialog>`, id, direction, state)
}

func TestLampFollowsTheDocuments(t *testing.T) {
	var s State
	if s.Lamp() != Unknown {
		t.Error("something is known of nothing")
	}
	for i, step := range []struct {
		body string
		lamp Lamp
		lost bool
	}{
		{document(3, "partial", dialog("a", "recipient", "early")), Unknown, true}, // before any full one
		{document(4, "full"), Idle, false},
		{document(5, "partial", dialog("a", "recipient", "early")), Ringing, false},
		{document(5, "partial", dialog("a", "recipient", "terminated")), Ringing, false}, // old
		{document(6, "partial", dialog("b", "initiator", "trying")), Busy, false},
		{document(7, "partial", dialog("b", "initiator", "terminated")), Ringing, false},
		{document(8, "partial", dialog("a", "recipient", "confirmed")), Busy, false},
		{document(11, "partial", dialog("a", "recipient", "terminated")), Idle, true}, // 9 and 10 are lost
		{document(0, "full", dialog("a", "recipient", "proceeding")), Ringing, false}, // the server began anew
		{document(0, "full", dialog("a", "", "confirmed")), Busy, false},
		{document(0, "full", `<dialog id="a"><state>terminated</state></dialog>`), Idle, false},
		{"<dialog-info state='full'/>", Idle, false},
		{"<?xml version='1.0' encoding='ISO-8859-1'?><dialog-info><dialog id='\xfc'><state>early</state></dialog></dialog-info>", Busy, false},
	} {
		d, err := Parse([]byte(step.body))
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if lost := s.Apply(d); lost != step.lost || s.Lamp() != step.lamp {
			t.Errorf("step %d: lamp %d, lost %v; want %d, %v", i, s.Lamp(), lost, step.lamp, step.lost)
		}
	}
}

func TestWhatIsNoDocumentIsRefused(t *testing.T) {
	for _, body := range []string{
		"", "   ", "<a/>", "dialog-info", "<dialog-info", "<dialog-info><dialog></dialog-info>", "<dialog-info version='-1'/>",
		"<dialog-info version='99999999999'/>",
		"<dialog-info>" + strings.Repeat("<dialog/>", maxDialogs+1) + "</dialog-info>",
		strings.Repeat("<dialog-info>", maxDepth+1), "<dialog-info>" + strings.Repeat(" ", maxBody) + "</dialog-info>",
		`<!DOCTYPE d [<!ENTITY a "aaaa">]><dialog-info><dialog><state>&a;</state></dialog></dialog-info>`,
	} {
		if d, err := Parse([]byte(body)); err == nil {
			t.Errorf("%.60q: %+v", body, d)
		}
	}
}

func FuzzDialogInfo(f *testing.F) {
	f.Add([]byte(document(1, "full", dialog("a", "recipient", "early"))), []byte(document(2, "partial", dialog("a", "recipient", "terminated"))))
	f.Add([]byte("<dialog-info/>"), []byte("<x:dialog-info xmlns:x='y' version='1'><x:dialog/></x:dialog-info>"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		var s State
		for range 3 {
			for _, body := range [][]byte{a, b} {
				d, err := Parse(body)
				if err != nil {
					continue
				}
				s.Apply(d)
				if d.Full && s.Lamp() == Unknown {
					t.Error("a full document tells nothing")
				}
			}
		}
		if len(s.dialogs) > maxDialogs {
			t.Errorf("%d dialogs", len(s.dialogs))
		}
		for _, d := range s.dialogs {
			if len(d.ID) > maxText || len(d.State) > maxText {
				t.Errorf("%+v", d)
			}
		}
	})
}
