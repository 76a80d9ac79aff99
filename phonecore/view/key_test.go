package view

import "testing"

func TestEveryKeyHasANameOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Keys() {
		name := k.String()
		if name == "" || seen[name] {
			t.Errorf("key %d is named %q", k, name)
		}
		seen[name] = true
		if back, err := ParseKey(name); err != nil || back != k {
			t.Errorf("ParseKey(%q) = %v, %v", name, back, err)
		}
	}
	if _, err := ParseKey("none"); err == nil {
		t.Error(`"none" is no key`)
	}
}

func TestDigitsLinesAndSoftKeysGoThereAndBack(t *testing.T) {
	for _, r := range "0123456789*#" {
		if got := DigitKey(r).Digit(); got != byte(r) {
			t.Errorf("digit %q came back as %q", r, got)
		}
	}
	if DigitKey('a') != KeyNone || KeyMute.Digit() != 0 {
		t.Error("what is no digit must not become one")
	}
	for n := 1; n <= NumLines; n++ {
		if LineKey(n).Line() != n {
			t.Errorf("line %d", n)
		}
	}
	for n := 1; n <= NumSoftKeys; n++ {
		if SoftKey(n).Soft() != n {
			t.Errorf("soft key %d", n)
		}
	}
	if LineKey(0) != KeyNone || LineKey(7) != KeyNone || SoftKey(5) != KeyNone {
		t.Error("numbers out of range have no key")
	}
}
