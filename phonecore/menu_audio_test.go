package phonecore

import (
	"fmt"
	"slices"
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
	return []audio.Device{{Name: "Built-in"}, {Name: "USB\x1b[2J"}, {Name: "Built-in", Capture: true}, {Name: "USB", Capture: true}, {Name: "USB", Capture: true}}, nil
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
