package phonecore

import (
	"strings"
	"testing"
	"time"

	"deskset/phonecore/view"
)

// TestLinksAreShownAndNotDialled: whoever puts a link on a page must not be able
// to make the phone call, not by the # that dials either.
func TestLinksAreShownAndNotDialled(t *testing.T) {
	for link, want := range map[string]string{
		"tel:+1-201-555-0123;ext=7": "+12015550123",
		"tel:911#":                  "911#",
		"TEL:%2B49%20721%205550":    "+497215550",
		"callto:5551212":            "5551212",
		"sip:ada@example.com?Replaces=x&Priority=urgent": "sip:ada@example.com",
		"sips:ada@example.com;user=phone":                "sips:ada@example.com;user=phone",
	} {
		onDesk(t, func(d *desk) {
			d.wait(time.Second)
			peer := d.peer()
			d.phone.Link(link)
			d.wait(time.Minute)
			d.expect("dialling", want)
			peer.Quiet(time.Minute)
		})
	}
}

func TestLinkDuringTheStartUpWaits(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.phone.Link("tel:1")
		d.phone.Link("tel:5551212")
		d.wait(time.Minute)
		d.expect("dialling", "5551212")
	})
}

func TestLinksThatAreNone(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		for _, link := range []string{"", "mailto:x", "javascript:alert(1)", "tel:", "tel:" + strings.Repeat("1", 300), strings.Repeat("9", 1<<20)} {
			d.phone.Link(link)
			d.wait(100 * time.Millisecond)
			d.expect("idle")
		}
	})
}

func TestLinkClosesMenusButNoCallThatRings(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeySettings)
		d.phone.Link("tel:5551212")
		d.wait(time.Second)
		d.expect("dialling", "5551212")
		d.press(view.KeySpeaker)
		d.phone.Link("tel:666")
		d.wait(time.Second)
		if s := screenText(d.view().Screen); strings.Contains(s, "666") {
			t.Errorf("it took a number while a line is open: %s", s)
		}
	})
}
