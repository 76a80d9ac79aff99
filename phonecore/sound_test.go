package phonecore

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// withNotices lets a test speak as the engine does.
func withNotices(notify *func(audio.Notice)) setup {
	return func(c *Config) {
		engine := c.Audio
		c.Audio = func(n func(audio.Notice)) (audio.Engine, error) {
			*notify = n
			return engine(n)
		}
	}
}

func TestLostDeviceIsSaidOnTheDisplayAndInTheStatusMessages(t *testing.T) {
	gone, none := errors.New("unplugged"), errors.New("none left")
	var notify func(audio.Notice)
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.call(peer)
		for _, c := range []struct {
			n    audio.Notice
			says string
		}{
			{audio.Notice{Device: "Built-in", Err: gone}, "headset lost, using Built-in"},
			{audio.Notice{Capture: true, Device: "Mic", Err: gone}, "headset microphone lost, using Mic"},
			{audio.Notice{Device: "Jabra"}, "headset uses Jabra"},
			{audio.Notice{Capture: true, Err: none}, "No microphone for the headset"},
			{audio.Notice{Capture: true, Device: "Jabra Mic"}, "headset microphone is Jabra Mic"},
			{audio.Notice{Err: gone}, "No device for the headset"},
			{audio.Notice{Device: "Jabra"}, "headset uses Jabra"},
			{audio.Notice{Device: "超长\x1b[2J 麦克风\u202e", Err: gone}, "headset lost, using 超长 [2J 麦克风"},
		} {
			c.n.Role = audio.RoleHeadset
			notify(c.n)
			synctest.Wait()
			d.expect("connected", c.says)
			d.expectStatus(c.says)
			if n := len(d.phone.calls.All()); n != 1 {
				t.Fatalf("%d calls", n)
			}
		}
		d.wait(noticeTime)
		d.expect("connected", "Connected")
		d.soft("EndCall")
		peer.Reply(peer.Await("BYE"), 200)
	}, withNotices(&notify))
}

func TestLostDeviceIsSaidInTheLanguageInUse(t *testing.T) {
	for language, says := range map[string]string{"german": "Headset weg, jetzt Built-in", "spanish": "Cascos perdido, ahora Built-in"} {
		var notify func(audio.Notice)
		onDesk(t, func(d *desk) {
			notify(audio.Notice{Role: audio.RoleHeadset, Device: "Built-in", Err: errors.New("gone")})
			synctest.Wait()
			d.expect("idle", says)
		}, withNotices(&notify), func(c *Config) { c.Language = language })
	}
	text.Use("")
}

// besideVoice is a voice that can ring beside a call.
type besideVoice struct {
	*voice
	beside string
}

func (b *besideVoice) Ring(name string)       { b.beside = ""; b.voice.Ring(name) }
func (b *besideVoice) RingBeside(name string) { b.beside = name; b.voice.ring = "" }
func (b *besideVoice) StopRing()              { b.beside = ""; b.voice.StopRing() }

// TestSecondCallKnocksInTheEarAndRingsBesideIt: what talks on the headset rings
// on the ringer (issue "Voice", 5).
func TestSecondCallKnocksInTheEarAndRingsBesideIt(t *testing.T) {
	var engine *besideVoice
	onDesk(t, func(d *desk) {
		rings := func(beside, alone string) {
			t.Helper()
			synctest.Wait()
			d.on(func() {
				if engine.beside != beside || engine.ring != alone {
					t.Errorf("rings %q beside, %q alone; want %q, %q", engine.beside, engine.ring, beside, alone)
				}
			})
		}
		a, c := d.far("ada", "9"), d.far("cid", "10")
		a.calls("5551212")
		d.press(view.KeyHandset)
		a.answered()
		c.calls("5551212")
		d.expect("incoming", "Call waiting: cid")
		rings(tone.Chirp1, "")
		if got := d.heard().tone; got != tone.CallWaiting {
			t.Errorf("tone %v in the ear", got)
		}
		// The first call ends: the second one rings as ever.
		d.press(view.KeyHandset)
		a.left()
		d.wait(100 * time.Millisecond)
		rings("", tone.Chirp1)
		d.press(view.KeyHandset)
		c.answered()
		rings("", "")
	}, func(c *Config) {
		plain := c.Audio
		c.Audio = func(n func(audio.Notice)) (audio.Engine, error) {
			e, err := plain(n)
			engine = &besideVoice{voice: e.(*voice)}
			return engine, err
		}
	})
}
