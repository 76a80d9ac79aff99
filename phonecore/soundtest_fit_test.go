package phonecore

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/faceplate/lcd"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// TestPagesOfSoundDevicesFitInEveryLanguage takes pictures of what the walk
// through the menus does not come to.
func TestPagesOfSoundDevicesFitInEveryLanguage(t *testing.T) {
	for _, l := range text.Languages() {
		t.Run(l.Code, func(t *testing.T) {
			var engine *trialVoice
			var notify func(audio.Notice)
			onDesk(t, func(d *desk) {
				var pages []aPage
				keep := func(path string) { pages = append(pages, aPage{path, d.view()}) }
				d.wait(time.Second)
				d.press(view.KeySettings, view.Key7)
				d.on(func() { engine.level = -22 })
				d.wait(2 * meterEvery)
				keep("audio")
				d.press(view.KeySoft2)
				d.wait(2 * meterEvery)
				keep("audio.test")
				d.press(view.KeySoft1)
				keep("audio.starting")
				d.wait(2 * time.Second)
				keep("audio.recording")
				d.wait(audio.TrialLength)
				keep("audio.playing")
				d.wait(audio.TrialLength)
				keep("audio.heard")
				d.press(view.KeySoft2)
				d.press(view.KeySoft4)
				keep("audio.stopped")
				d.on(func() { engine.level = -127 })
				d.press(view.KeySoft1)
				d.wait(2*audio.TrialLength + time.Second)
				keep("audio.silence")
				d.on(func() { engine.gone = errors.New("gone") })
				d.press(view.KeySoft1)
				d.wait(time.Second)
				keep("audio.nomicrophone")
				d.press(view.KeySoft4)
				for range 6 {
					d.press(view.KeyScrollDown)
				}
				d.on(func() { engine.gone = nil })
				d.press(view.KeySoft2)
				keep("audio.ringer")
				d.press(view.KeySoft2)
				keep("audio.rings")
				d.press(view.KeySettings)
				for r := range audio.NumRoles {
					gone := errors.New("gone")
					for _, n := range []audio.Notice{
						{Device: "Audio"}, {Device: "Audio", Err: gone}, {Err: gone},
						{Capture: true, Device: "USB", Err: gone}, {Capture: true, Err: gone}, {Capture: true, Device: "USB"},
					} {
						n.Role = r
						notify(n)
						synctest.Wait()
						keep("audio.notice")
					}
				}
				notify(audio.Notice{Role: audio.RoleHeadset, Device: "内蔵オーディオ", Err: errors.New("gone")})
				synctest.Wait()
				keep("audio.lost")
				for _, page := range pages {
					for _, s := range lcd.Shortened(&page.v) {
						if ours(page.v.Screen, s) {
							t.Errorf("%s: %q does not fit", page.path, s)
						}
					}
				}
				comparePictures(t, l.Code, slices.DeleteFunc(pages, func(p aPage) bool { return strings.HasSuffix(p.path, "notice") }))
			}, withTrials(&engine), withNotices(&notify), func(c *Config) {
				c.Language, c.Wrap = l.Code, lcd.Wrap
				c.Now = func() time.Time { return time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC) }
			})
		})
	}
	text.Use("")
}
