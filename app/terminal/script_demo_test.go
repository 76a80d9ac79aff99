package terminal

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"deskset/phonecore/view"
)

// menuView is a menu with one item highlighted.
func menuView(selected int, soft ...string) view.View {
	v := view.View{Contrast: 7, Screen: view.Screen{Layout: view.LayoutMenu, Name: "menu.some", Selected: selected,
		Items: []view.Item{{Number: 1, Label: "One"}, {Number: 2, Label: "Two", Value: "2"}, {Number: 3, Label: "Three"}}}}
	v.Screen.Status.Icon = view.IconLocked
	copy(v.Screen.Soft[:], soft)
	return v
}

// runDemo runs a script as a demo is.
func runDemo(phone *fakePhone, s Script, lines ...string) (string, error) {
	var out strings.Builder
	err := RunScript(context.Background(), phone, phone.views, strings.NewReader(strings.Join(lines, "\n")), &out, Options{Environ: []string{}, Script: s})
	return out.String(), err
}

func TestScriptNamesItemsAndSoftKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phone := newFakePhone()
		phone.views <- menuView(2, "Edit", "", "", "more")
		phone.react = map[view.Key]view.View{
			view.KeyScrollUp: menuView(1, "Edit", "", "", "more"), view.KeySoft4: menuView(1, "Clear", "", "", "more"),
		}
		_, err := runDemo(phone, Script{}, "padlock locked", "contrast 7", "highlight Two", "highlighted Two 2", "soft Clear")
		if err != nil {
			t.Fatal(err)
		}
		phone.check(t, "0s press scroll.up", "120ms release scroll.up", "140ms press soft4", "260ms release soft4", "280ms press soft1", "400ms release soft1")
	})
}

func TestScriptSaysWhatIsNotThere(t *testing.T) {
	for _, command := range []string{
		"soft Save", "soft", "highlight Four", "highlighted Three", "padlock unlocked", "padlock open", "contrast 8", "contrast x", "passed idle", "further no",
	} {
		synctest.Test(t, func(t *testing.T) {
			phone := newFakePhone()
			phone.views <- menuView(0, "Select")
			further := Command{Usage: "further", Run: func(args string) error { return errors.New(args) }}
			_, err := runDemo(phone, Script{Name: "some.demo", Commands: map[string]Command{"further": further}}, command)
			if err == nil || !strings.HasPrefix(err.Error(), "some.demo:1: ") {
				t.Errorf("%s: error %v", command, err)
			}
		})
	}
}

// TestScriptKnowsWhatHasPassed: a screen counts that was there since the last
// key, and no other.
func TestScriptKnowsWhatHasPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phone := newFakePhone()
		starting := samples["startup"]
		starting.Screen.Name = "startup"
		phone.views <- starting
		phone.views <- samples["idle"]
		phone.react = map[view.Key]view.View{view.Key1: samples["dialling"]}
		if _, err := runDemo(phone, Script{}, "screen idle", "passed startup", "press 1", "passed dialling"); err != nil {
			t.Error(err)
		}
		phone.views <- starting
		if _, err := runDemo(phone, Script{}, "screen startup", "press 2", "timeout 1s", "passed dialling"); err == nil {
			t.Error("a screen that was not there has passed")
		}
	})
}

func TestCaptionsStayToBeRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		phone, began := newFakePhone(), time.Now()
		var captions []string
		var seen int
		phone.views <- samples["idle"]
		s := Script{
			Tempo:   Tempo{Hold: 100 * time.Millisecond, Gap: 900 * time.Millisecond, Letter: 100 * time.Millisecond, Caption: time.Second},
			Caption: func(text string) { captions = append(captions, text) }, Look: func(view.View) { seen++ }, NoScreens: true,
		}
		out, err := runDemo(phone, s, "title Ten letter", "start -lab", "say \x1b[2Jfive!", "press 1", "type ab")
		if took := time.Since(began); err != nil || took != 6700*time.Millisecond {
			t.Errorf("took %v, error %v", took, err)
		}
		if !slices.Equal(captions, []string{"Ten letter", "?[2Jfive!"}) || seen != 1 || out != "" {
			t.Errorf("captions %q, %d views seen, printed %q", captions, seen, out)
		}
		if out, err := runDemo(newFakePhone(), Script{}, "say Hello"); err != nil || out != "» Hello\n" {
			t.Errorf("printed %q, error %v", out, err)
		}
	})
}
