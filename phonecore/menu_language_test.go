package phonecore

import (
	"fmt"
	"slices"
	"testing"

	"deskset/phonecore/flash"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// settingsRow opens a row of the Settings menu by its words.
func (d *desk) settingsRow(label string) {
	d.t.Helper()
	d.press(view.KeySettings)
	i := slices.IndexFunc(d.view().Screen.Items, func(i view.Item) bool { return i.Label == label })
	if i < 0 {
		d.t.Fatalf("no row %q", label)
	}
	for range i {
		d.press(view.KeyScrollDown)
	}
	d.press(view.KeySoft1)
}

func TestLanguageIsChosenInTheMenuAndKept(t *testing.T) {
	kept := flash.Memory()
	onDesk(t, func(d *desk) {
		d.settingsRow("Language")
		d.expect("menu.language", "As the computer (English)", "English", "Deutsch", "Español")
		d.press(view.Key3)
		d.expect("idle", "Deutsch", "Wahlwh.")
		d.settingsRow("Sprache")
		if items := d.view().Screen.Items; items[2].Icon != view.IconDone || items[0].Icon != view.IconNone {
			t.Errorf("the choice is not marked: %v", items)
		}
	}, withFlash(kept))
	onDesk(t, func(d *desk) {
		d.expect("idle", "Ihre Möglichkeiten", "0 wählen: Menü des Labors")
		d.expectStatus("Gestartet in")
		d.settingsRow("Sprache")
		d.press(view.Key1)
		d.expect("idle", "Español", "Rellam.")
	}, withFlash(kept), func(c *Config) { c.Language, c.IdleHint = "es_ES.UTF-8", text.PlugHint })
}

func TestLanguageOfParameterAndComputer(t *testing.T) {
	for _, c := range []struct{ file, computer, want string }{
		{"", "", "English"},
		{"", "de_DE.UTF-8", "Deutsch"},
		{"spanish", "de_DE.UTF-8", "Español"},
		{"klingon", "de_DE.UTF-8", "Deutsch"},
		{"english", "de_DE.UTF-8", "English"},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			onDesk(t, func(d *desk) {
				d.on(func() {
					if got := text.InUse().Name; got != c.want {
						t.Errorf("%q, want %q", got, c.want)
					}
				})
			}, withFiles(twoLines.with("language: "+c.file+"\n")), func(config *Config) { config.Language = c.computer })
		})
	}
	text.Use("")
}
