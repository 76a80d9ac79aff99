package phonecore

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/phonecore/flash"
	"deskset/phonecore/view"
)

// choosing is a voice whose devices can be chosen.
type choosing struct {
	*voice
	chosen []string
}

func (c *choosing) ListDevices() ([]audio.Device, error) {
	<-time.After(time.Second)
	return []audio.Device{{Name: "Built-in"}, {ID: "usb-id-2", Name: "USB\x1b[2J"}, {Name: "Built-in", Capture: true}, {Name: "USB", Capture: true}, {Name: "USB", Capture: true}}, nil
}

func (c *choosing) ChooseDevices(r audio.Role, playback, capture string) {
	c.chosen = append(c.chosen, fmt.Sprintf("%v: %s, %s", r, playback, capture))
}

func withChoice(engine **choosing) setup {
	return func(c *Config) {
		plain := c.Audio
		c.Audio = func(notify func(audio.Notice)) (audio.Engine, error) {
			e, err := plain(notify)
			*engine = &choosing{voice: e.(*voice)}
			return *engine, err
		}
	}
}

func TestSoundDeviceIsChosenForARole(t *testing.T) {
	f := flash.Memory()
	var engine *choosing
	expect := func(d *desk, want ...string) {
		t.Helper()
		var got []string
		d.on(func() { got = slices.Clone(engine.chosen) })
		if !slices.Equal(got, want) {
			t.Errorf("chosen %q, want %q", got, want)
		}
	}
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key7)
		d.expect("menu.audio", "headset, loudspeaker Jabra", "headset, microphone Mic", "ringer, loudspeaker the system's")
		d.press(view.Key2)
		d.expect("menu.audio.devices", "handset, microphone", "Looking for devices")
		d.wait(time.Second)
		if n := len(d.view().Screen.Items); n != 3 {
			t.Errorf("%d devices", n)
		}
		d.press(view.Key3)
		if i := d.view().Screen.Items[2]; i.Icon != view.IconConnected || i.Label != "USB" {
			t.Errorf("item %+v", i)
		}
		d.soft("Back")
		d.expect("menu.audio", "handset, microphone USB")
		expect(d, "handset: , USB")
	}, withFlash(f), withChoice(&engine), withFlags("audio_headset", "Jabra / Mic"))
	onDesk(t, func(d *desk) { expect(d, "handset: , USB") }, withFlash(f), withChoice(&engine))
	onDesk(t, func(d *desk) { expect(d) }, withFlash(f), withChoice(&engine), withFlags("audio_handset", "Jabra"))
}

// TestChosenDeviceThatIsGoneStandsInTheList: it is waited for, so the list has it,
// marked, whether the menu or a setting has chosen it; one that is there by its
// ID or as the half of a text is not listed twice.
func TestChosenDeviceThatIsGoneStandsInTheList(t *testing.T) {
	for setting, want := range map[string]string{
		"Jabra / USB":          "the system's, Built-in, USB [2J, x Jabra",
		"Built-in / USB":       "the system's, > Built-in, USB [2J",
		"Desk / Dock":          "the system's, Built-in, USB [2J, x Desk",
		"usb-id-2 / Something": "the system's, Built-in, > USB [2J",
	} {
		var engine *choosing
		onDesk(t, func(d *desk) {
			d.press(view.KeySettings, view.Key7, view.Key3)
			d.wait(time.Second)
			var got []string
			for _, i := range d.view().Screen.Items {
				mark := map[view.Icon]string{view.IconFailed: "x ", view.IconConnected: "> "}[i.Icon]
				got = append(got, mark+i.Label)
			}
			if list := strings.Join(got, ", "); list != want {
				t.Errorf("%s: %s; want %s", setting, list, want)
			}
		}, withChoice(&engine), withFlags("audio_headset", setting))
	}
}
