//go:build cgo

package device

import "testing"

func TestWhatMakesNoSoundIsNotListed(t *testing.T) {
	for id, hidden := range map[string]bool{
		":0,0": false, ":1,3": false, "default": false, "pipewire": false,
		"null": true, "lavrate": true, "speex": true, "upmix": true, "oss": true,
	} {
		if alsaPlugin(id) != hidden {
			t.Errorf("ALSA %q: hidden %v, want %v", id, !hidden, hidden)
		}
	}
	for id, hidden := range map[string]bool{
		"auto_null": true, "auto_null.monitor": true, "alsa_output.pci": false, "spk.monitor": false,
	} {
		if pulseDummy(id) != hidden {
			t.Errorf("PulseAudio %q: hidden %v, want %v", id, !hidden, hidden)
		}
	}
}

func TestSamplesOfLongTimesDoNotOverflow(t *testing.T) {
	const year = 365 * 24 * 3600
	if got := samples(year * 1e9); got != year*Rate {
		t.Errorf("%d samples in a year, want %d", got, year*Rate)
	}
}

func TestNamesThatWereCutOffAreValidText(t *testing.T) {
	for in, want := range map[string]string{
		"Micrófono": "Micrófono", "麦克\xe9\xa3": "麦克", "麦克\xe9": "麦克", "\xf0\x9f\x8e": "", "a\xffb": "a?b", "": "",
	} {
		if got := nameText(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
