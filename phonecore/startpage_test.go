package phonecore

import (
	"math"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

func TestStartUpPageListsStagesAndTellsOfEach(t *testing.T) {
	onTrainer(t, func(tr *trainer) {
		tr.begin()
		tr.wait(time.Minute)
		tr.press(view.KeySettings, view.Key5)
		tr.on(func() { tr.phone.openStartUp() })
		tr.expect("menu.status.startup", "Voice VLAN FROM HOST  200 ms", "Started in 1.00 s")
		items := tr.view().Screen.Items
		if items[0].Icon != view.IconDone || items[3].Icon != view.IconFailed {
			t.Errorf("%+v", items)
		}
		tr.press(view.KeyScrollDown)
		tr.soft("Select")
		tr.expect("menu.status.stage", "Voice VLAN", "FROM HOST  200 ms", "learned by Voice VLAN", text.Get(text.LicenceLine))
		tr.soft("Back")
		tr.expect("menu.status.startup")
		tr.press(view.Key4)
		tr.expect("menu.status.stage", "No network: cable")
		tr.control(view.ControlReplay)
		tr.expect("menu.status.stage", "Configuration", "Not yet", "REPLAY")
		tr.wait(time.Minute)
		tr.expect("menu.status.stage", "No network: cable")
	})
}

func TestADownloadShowsItsPercentage(t *testing.T) {
	const most = math.MaxInt64
	for _, c := range []struct {
		done, total int64
		want        string
		bar         int
	}{
		{0, 738000, "0 %", 0}, {512000, 738000, "69 %", 693}, {738000, 738000, "100 %", 1000},
		{900000, 738000, "100 %", 1000}, {-5, 738000, "0 %", 0}, {most / 2, most, "50 %", 500},
	} {
		message, bar := downloading(text.Get(text.UpgradingSoftware), c.done, c.total)
		if message != "Upgrading Software "+c.want || bar != (view.Progress{Shown: true, Done: c.bar}) {
			t.Errorf("%d of %d: %q, %+v", c.done, c.total, message, bar)
		}
	}
}

func TestLimitedPhoneSaysSoWhileIdle(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.on(func() { d.phone.limited("No TFTP server\n") })
		d.expect("idle", "No TFTP server", "Stored settings; trying again")
		d.on(func() { d.phone.limited("") })
		if s := screenText(d.view().Screen); strings.Contains(s, "trying again") {
			t.Errorf("still limited:\n%s", s)
		}
	})
}
