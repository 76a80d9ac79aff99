package phonecore

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/phonecore/flash"
	"deskset/phonecore/view"
)

func TestLampsFlashHeadsetMuteSpeakerThenTheMessagesAppear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, withPace(600*time.Millisecond))
		var lamps []view.Lamp
		var said []string
		for range 100 {
			v := d.view()
			for l := range view.NumLamps {
				if v.Lit(l) && (len(lamps) == 0 || lamps[len(lamps)-1] != l) {
					lamps = append(lamps, l)
				}
			}
			if m := v.Screen.Message; m != "" && (len(said) == 0 || said[len(said)-1] != m) {
				said = append(said, m)
			}
			if v.Screen.Name == "idle" {
				break
			}
			d.wait(50 * time.Millisecond)
		}
		d.expect("idle", "5551212", "5551213")
		if want := []view.Lamp{view.LampHeadset, view.LampMute, view.LampSpeaker}; !slices.Equal(lamps, want) {
			t.Errorf("lamps lit in order %v, want %v", lamps, want)
		}
		want := []string{"Load " + Load, "Configuring VLAN", "Configuring IP", "Requesting Configuration"}
		if !slices.Equal(said, want) {
			t.Errorf("messages %q, want %q", said, want)
		}
		d.switchOff()
	})
}

func TestKeysDoNothingBeforeThePhoneHasStarted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, withPace(time.Second))
		d.press(view.KeySpeaker, view.Key1, view.KeySettings, view.KeyHandset)
		d.phone.Type("5551212")
		if v := d.view(); v.Screen.Name != "startup" || v.HandsetLifted || d.heard().path != audio.PathNone {
			t.Errorf("screen %q, path %v", v.Screen.Name, d.heard().path)
		}
		d.switchOff()
	})
}

func TestDeadTFTPServerLeavesThePhoneWithItsFlash(t *testing.T) {
	f := flash.Memory()
	if err := f.Save(map[string]string{"line1_name": "4711", "proxy1_address": "192.0.2.1"}, nil); err != nil {
		t.Fatal(err)
	}
	onDesk(t, func(d *desk) {
		d.expect("idle", "4711")
		d.expectStatus("TFTP Timeout: 192.0.2.2 does not answer")
		d.expectStatus("Using the values stored in flash")
	}, withFiles(nil), withFlash(f))
}

func TestMissingPhoneFileIsReported(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.expect("idle", "No line is set up")
		d.expectStatus("File Not Found: SIP00503EFFD842.cnf at 192.0.2.2")
	}, withFiles(files{"SIPDefault.cnf": "proxy1_address: 192.0.2.1\n"}))
}

func TestPhoneFileOverridesDefaultFileAndBothReachFlash(t *testing.T) {
	f := flash.Memory()
	if err := f.Save(map[string]string{"messages_uri": "1", "preferred_codec": "g711alaw", "tos_media": "2"}, nil); err != nil {
		t.Fatal(err)
	}
	onDesk(t, func(d *desk) {
		for name, want := range map[string]string{
			"messages_uri":    "3",        // phone file over default file
			"preferred_codec": "g711alaw", // absent keeps flash
			"tos_media":       "5",        // present without a value resets to the default
		} {
			if got := d.param(name); got != want {
				t.Errorf("%s = %q, want %q", name, got, want)
			}
		}
		stored, err := f.Load()
		if err != nil || stored["messages_uri"] != "3" || stored["line1_name"] != "5551212" {
			t.Errorf("flash holds %v, %v", stored, err)
		}
		if _, ok := stored["tos_media"]; ok {
			t.Error("a parameter that was reset is still in flash")
		}
	}, withFlash(f), withFiles(files{
		"SIPDefault.cnf":      "messages_uri: 2\ntos_media: \"\"\n",
		"SIP00503EFFD842.cnf": "line1_name: 5551212\nmessages_uri: 3\n",
	}))
}

func TestWhatTheUserSaysWinsAndIsNotStored(t *testing.T) {
	f := flash.Memory()
	onDesk(t, func(d *desk) {
		if got := d.param("line1_name"); got != "1001" {
			t.Errorf("line1_name = %q", got)
		}
		if stored, _ := f.Load(); stored["line1_name"] == "1001" {
			t.Error("a flag was written to flash")
		}
	}, withFlash(f), withFlags("line1_name", "1001"))
}

func TestProblemsOfTheFilesReachTheStatusList(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.expect("idle")
		d.expectStatus("SIPDefault.cnf:1")
		d.expectStatus("preferred_codec")
		d.expectStatus("SIPDefault.cnf:2")
	}, withFiles(files{"SIPDefault.cnf": "preferred_codec: g723\nthis is no setting\nline1_name: 7\n"}))
}

func TestAnotherImageIsReportedNotPretended(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.expectStatus("Image P0S3-08-12-00 is wanted, " + Load + " is running")
	}, withFiles(files{"SIPDefault.cnf": "image_version: P0S3-08-12-00\n"}))
}

func TestNoSoundCardIsSaidAndThePhoneRuns(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.expect("idle")
		d.expectStatus("no sound system")
		d.press(view.KeySpeaker, view.Key1, view.KeyMute, view.KeyVolumeUp, view.KeyHandset, view.KeyHandset)
		d.expect("idle")
	}, func(c *Config) {
		c.Audio = func(func(audio.Notice)) (audio.Engine, error) { return nil, errors.New("no sound system") }
	})
}

func TestSoundNoticesReachTheStatusList(t *testing.T) {
	var notify func(audio.Notice)
	onDesk(t, func(d *desk) {
		notify(audio.Notice{Role: audio.RoleHeadset, Device: "Built-in", Err: errors.New("unplugged")})
		notify(audio.Notice{Role: audio.RoleHeadset, Device: "USB headset"})
		notify(audio.Notice{Role: audio.RoleRinger, Err: errors.New("none")})
		synctest.Wait()
		d.expectStatus("headset lost, using Built-in")
		d.expectStatus("headset uses USB headset")
		d.expectStatus("No device for the ringer")
	}, func(c *Config) {
		engine := c.Audio
		c.Audio = func(n func(audio.Notice)) (audio.Engine, error) {
			notify = n
			return engine(n)
		}
	})
}
