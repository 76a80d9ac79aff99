package art

import (
	"testing"

	"deskset/phonecore/view"
)

func TestEveryKeyHasAPlaceOfItsOwn(t *testing.T) {
	for _, k := range view.Keys() {
		c := ForKey(k)
		if c.Key != k {
			t.Errorf("control %s presses %v", c.Name, c.Key)
		}
		if got := KeyAt(c.Centre()); got != k {
			t.Errorf("the middle of %v belongs to %v", k, got)
		}
	}
	for x := 0.5; x < Width; x += 2 {
		for y := 0.5; y < Height; y += 2 {
			var on []view.Key
			for _, k := range view.Keys() {
				if ForKey(k).Hit(x, y) {
					on = append(on, k)
				}
			}
			if len(on) > 1 {
				t.Fatalf("%v, %v is on %v", x, y, on)
			}
		}
	}
}

func TestEveryLampHasAPlace(t *testing.T) {
	for l := range view.NumLamps {
		if Find(l.String()) == nil {
			t.Errorf("geometry.json has no %v", l)
		}
	}
}

func TestCornersOfRoundKeysAreOutside(t *testing.T) {
	for _, k := range view.Keys() {
		c := ForKey(k)
		if k == view.KeyScrollDown || k == view.KeyVolumeUp {
			continue // its upper left corner is in the middle of the rocker
		}
		if c.Hit(c.X+1, c.Y+1) {
			t.Errorf("%v: the corner of its box is on the key", k)
		}
	}
}

func TestLineKeysStandBesideTheirRows(t *testing.T) {
	// design/screens.md: rows of 18 pixels from y = 16; a pixel is 2 units.
	for line := 1; line <= view.NumLines; line++ {
		_, y := ForKey(view.LineKey(line)).Centre()
		want := lcdBox.Y + 2*(16+18*float64(line-1)+9)
		if y != want {
			t.Errorf("line %d: key at %v, row at %v", line, y, want)
		}
	}
}

func TestSoftKeysStandUnderTheirLabels(t *testing.T) {
	for i := 1; i <= view.NumSoftKeys; i++ {
		x, _ := ForKey(view.SoftKey(i)).Centre()
		want := lcdBox.X + lcdBox.W*(float64(i)-0.5)/view.NumSoftKeys
		if x != want {
			t.Errorf("soft key %d: at %v, label at %v", i, x, want)
		}
	}
}

func TestLiftedHandsetCanBeClickedWhereItIs(t *testing.T) {
	p := liftedHandset.apply(point{144, 700})
	if !HitHandset(p.x, p.y, true) {
		t.Error("the lifted handset does not take the pointer")
	}
	if HitHandset(20, 700, false) {
		t.Error("a resting handset takes the pointer beside its cradle")
	}
	if !HitHandset(144, 400, true) {
		t.Error("the empty cradle does not take the pointer")
	}
}
