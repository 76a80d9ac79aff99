package phonecore

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"deskset/audio"
	"deskset/faceplate/lcd"
	"deskset/phonecore/call"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

var update = flag.Bool("update", false, "write the pictures of the menus anew")

// aPage is a page that a walk came to: where it stands and what it shows.
type aPage struct {
	path string
	v    view.View
}

// walkPages opens every page of the menus by its items, and keeps each view:
// lists row by row, as soft keys and prompts change with the row.
func (d *desk) walkPages(open func()) []aPage {
	var pages []aPage
	seen := map[string]bool{}
	var walk func(path string, depth int)
	walk = func(path string, depth int) {
		v := d.view()
		if !strings.HasPrefix(v.Screen.Name, "menu.") && !strings.HasPrefix(v.Screen.Name, "firstrun") || seen[v.Screen.Name+v.Screen.Title] || depth > 4 {
			return
		}
		seen[v.Screen.Name+v.Screen.Title] = true
		for i := range max(1, len(v.Screen.Items)) {
			if v = d.view(); i > 0 {
				d.press(view.KeyScrollDown)
				v = d.view()
			}
			pages = append(pages, aPage{fmt.Sprintf("%s-%d", path, i+1), v})
			if v.Screen.Layout != view.LayoutMenu || changesMore(v.Screen, i) {
				continue
			}
			var below int
			d.on(func() { below = len(d.phone.pages) })
			d.press(view.KeySoft1)
			walk(fmt.Sprintf("%s.%d", path, i+1), depth+1)
			d.on(func() {
				for len(d.phone.pages) > below {
					d.phone.menuBack()
				}
				d.phone.clearRemark()
			})
		}
	}
	open()
	synctest.Wait()
	walk(d.view().Screen.Name, 0)
	d.on(func() { d.phone.menuExit() })
	return pages
}

// changesMore tells what the walk must not select: it would lock the settings,
// choose a language, or leave the menus.
func changesMore(s view.Screen, row int) bool {
	return s.Name == "menu.language" || s.Name == "menu.settings" && row == 7 || s.Name == "firstrun" && row != 1 || s.Name == "firstrun.account" && row == 5
}

// ours tells whether a text that was shortened is of the catalogue; names,
// addresses and labels of parameters may be longer than their place.
func ours(s view.Screen, shortened string) bool {
	if shortened == s.Title || shortened == s.Prompt || slices.Contains(s.Soft[:], shortened) {
		return true
	}
	parameters := strings.HasPrefix(s.Name, "menu.sip.") || s.Name == "menu.network"
	return !parameters && slices.ContainsFunc(s.Items, func(i view.Item) bool { return i.Label == shortened })
}

// TestEveryPageFitsInEveryLanguage walks through all menus, unlocked, and
// measures on the LCD what each page says.
func TestEveryPageFitsInEveryLanguage(t *testing.T) {
	for _, l := range text.Languages() {
		t.Run(l.Code, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				d.wait(time.Second)
				pages := []aPage{{"idle", d.view()}}
				d.press(view.Key1)
				pages = append(pages, aPage{"dialling", d.view()})
				d.phone.Type("\x1b")
				synctest.Wait()
				d.press(view.KeyLine1)
				pages = append(pages, aPage{"offhook", d.view()})
				d.phone.Type("\x1b")
				synctest.Wait()
				d.on(func() { d.phone.lock.unlocked = true })
				pages = append(pages, d.walkPages(func() { d.press(view.KeySettings) })...)
				pages = append(pages, d.walkPages(func() { d.on(func() { d.phone.openFirstRun() }) })...)
				t.Logf("%d pages", len(pages))
				if len(pages) < 150 {
					t.Errorf("the walk came to %d pages only", len(pages))
				}
				for _, page := range pages {
					for _, s := range lcd.Shortened(&page.v) {
						if ours(page.v.Screen, s) {
							t.Errorf("%s: %q does not fit", page.path, s)
						}
					}
				}
				comparePictures(t, l.Code, pages)
			}, func(c *Config) {
				c.Language, c.Wrap = l.Code, lcd.Wrap
				c.Now = func() time.Time { return time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC) }
			})
		})
	}
	text.Use("")
}

// comparePictures keeps one picture of each page in testdata/menus, "-update"
// writes them.
func comparePictures(t *testing.T, code string, pages []aPage) {
	t.Helper()
	dir := filepath.Join("testdata", "menus", code)
	for _, page := range pages {
		if !slices.Contains(pictured, page.path) {
			continue
		}
		var bitmap lcd.Bitmap
		lcd.New().Draw(&bitmap, &page.v)
		var picture strings.Builder
		if err := lcd.WritePNG(&picture, &bitmap, 1, defaultContrast); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, page.path+".png")
		if *update {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(picture.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if want, err := os.ReadFile(path); err != nil || string(want) != picture.String() {
			t.Errorf("%s differs (%v): look at it, then make golden", path, err)
		}
	}
}

// pictured are the pages with a picture: those whose content is the phone's own.
var pictured = []string{
	"idle", "dialling", "offhook", "menu.settings-1", "menu.settings-7", "menu.settings.1-1", "menu.settings.3-1", "menu.settings.4-1",
	"menu.settings.4.1-1", "menu.settings.5-1", "menu.settings.6-1", "menu.settings.7-1", "menu.settings.9-1", "menu.settings.10-1",
	"firstrun-1", "audio", "audio.test", "audio.recording", "audio.heard", "audio.ringer", "audio.lost",
}

// TestSoftKeysAndPromptsFitInEveryLanguage measures what a walk through idle
// menus does not meet.
func TestSoftKeysAndPromptsFitInEveryLanguage(t *testing.T) {
	defer text.Use("")
	for _, l := range text.Languages() {
		text.Use(l.Code)
		check := func(s view.Screen) {
			s.Layout = view.LayoutMenu
			if short := lcd.Shortened(&view.View{Screen: s}); len(short) > 0 {
				t.Errorf("%s: %q does not fit", l.Code, short)
			}
		}
		check(view.Screen{Soft: [view.NumSoftKeys]string{text.Get(text.SoftMore)}})
		for ctx := range call.NumContexts {
			for _, k := range call.Keys(ctx, func(call.SoftKey) bool { return true }) {
				check(view.Screen{Soft: [view.NumSoftKeys]string{text.Get(k)}})
			}
		}
		for _, id := range []text.ID{
			text.CurrentOptions, text.EnterNumber, text.CallingNumber, text.RingOut, text.ConnectedTo, text.ConnectedSilent,
			text.OnHold, text.HeldByPeer, text.KeyNotActive, text.HelpNextKey, text.NoLine, text.ShownOnly, text.NoVoice,
			text.RedialNothing, text.ResetPending, text.SettingsLocked, text.SaveResets, text.SaveApplies, text.HoldsUntilRestart,
			text.SettingsSaved, text.NothingChanged, text.NotDuringCall, text.NeedsDHCPOff, text.NeedsStaticOrAlternate,
			text.NeedsOwnPort, text.LockedByFile, text.UnlockWrong, text.LockedNow, text.UnlockedNow, text.MenuSaved,
			text.AudioLooking, text.BreakOffHint, text.FirstPrompt, text.FirstNotHere, text.AccountPrompt, text.AccountNeeded, text.TimelineArmed,
			text.FailBusy, text.FailNotFound, text.FailForbidden, text.FailPassword, text.FailTemporarily, text.FailNoAnswer,
			text.FailDeclined, text.FailServer, text.FailUnreachable, text.FailMedia, text.FailAddress, text.FailNoServer, text.FailIncomplete,
			text.TransferTo, text.TransferAsk, text.Transferring, text.TransferRings, text.TransferDone, text.TransferFailed,
			text.TransferNoNews, text.TransferUnknown, text.TransferFollowed,
			text.CallForwarded, text.CallQueued, text.FailMoved, text.FailService, text.FailRequest, text.FailPayment, text.FailMethod, text.FailNotAcceptable, text.FailAgain, text.FailGone, text.FailTooLong,
			text.FailOption, text.FailAnonymous, text.FailIdentity, text.FailLost, text.FailLoop, text.FailAmbiguous, text.FailSecurity, text.FailGateway, text.FailAbility, text.FailUnwanted,
		} {
			check(view.Screen{Prompt: text.Get(id)})
		}
		for _, role := range []audio.Role{audio.RoleHandset, audio.RoleHeadset, audio.RoleSpeaker, audio.RoleRinger} {
			check(view.Screen{Prompt: text.Get(text.VolumeIs, roleName(role), 15, 15)})
		}
	}
}
