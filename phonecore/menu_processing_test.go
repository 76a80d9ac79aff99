package phonecore

import (
	"testing"

	"deskset/audio"
	"deskset/phonecore/flash"
	"deskset/phonecore/view"
)

// processor is a voice that processes.
type processor struct {
	*voice
	wanted audio.Processing
}

func (e *processor) Process(p audio.Processing) { e.wanted = p }

func withProcessor(engine **processor) setup {
	return func(c *Config) {
		plain := c.Audio
		c.Audio = func(notify func(audio.Notice)) (audio.Engine, error) {
			e, err := plain(notify)
			*engine = &processor{voice: e.(*voice)}
			return *engine, err
		}
	}
}

// openProcessing goes down the settings to the last entry but one.
func openProcessing(d *desk) {
	d.press(view.KeySettings)
	for range len(settingsMenu) - 2 {
		d.press(view.KeyScrollDown)
	}
	d.soft("Select")
}

func TestVoiceProcessingFollowsParametersAndThePerson(t *testing.T) {
	f := flash.Memory()
	var engine *processor
	expect := func(d *desk, want audio.Processing) {
		t.Helper()
		var got audio.Processing
		d.on(func() { got = engine.wanted })
		if got != want {
			t.Errorf("the engine was told %+v, want %+v", got, want)
		}
	}
	want := audio.Processing{Echo: audio.OnSpeaker, Noise: audio.OnSpeaker, Gain: audio.Nowhere}
	want.SideTone[audio.RoleHandset] = -18
	want.SideTone[audio.RoleHeadset] = -9
	onDesk(t, func(d *desk) {
		expect(d, want)
		openProcessing(d)
		d.expect("menu.processing", "Echo Cancel on speaker", "Less Noise on speaker", "Level Control off", "Side Tone, handset -18 dB", "Side Tone, headset -9 dB")
		d.press(view.Key1, view.Key2, view.Key2, view.Key4)
		d.expect("menu.processing", "Echo Cancel always", "Less Noise off", "Side Tone, handset -24 dB")
		want.Echo, want.Noise, want.SideTone[audio.RoleHandset] = audio.Everywhere, audio.Nowhere, -24
		expect(d, want)
	}, withFlash(f), withProcessor(&engine), withFlags("gain_control", "off"), withFlags("sidetone_headset", "9"))
	onDesk(t, func(d *desk) { expect(d, want) }, withFlash(f), withProcessor(&engine), withFlags("gain_control", "off"), withFlags("sidetone_headset", "9"))
}

func TestVoiceProcessingIsOnlyShownWithoutAnEngineThatProcesses(t *testing.T) {
	onDesk(t, func(d *desk) {
		openProcessing(d)
		d.expect("menu.processing", "Echo Cancel on speaker")
		d.press(view.Key1)
		d.expect("menu.processing", "Echo Cancel on speaker")
	})
}
