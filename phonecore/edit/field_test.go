package edit

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestEveryKeyGoesThroughItsCycle: "For a lower case a, press the 2 key once.
// To scroll through the available letters and numbers, press the key
// repeatedly" (guide 2-13).
func TestEveryKeyGoesThroughItsCycle(t *testing.T) {
	for _, tt := range []struct {
		mode  Mode
		key   byte
		cycle string
	}{
		{Alpha, '2', "abc2ABCa"}, {Alpha, '3', "def3DEFd"}, {Alpha, '4', "ghi4GHIg"}, {Alpha, '5', "jkl5JKLj"},
		{Alpha, '6', "mno6MNOm"}, {Alpha, '7', "pqrs7PQRSp"}, {Alpha, '8', "tuv8TUVt"}, {Alpha, '9', "wxyz9WXYZw"},
		{Alpha, '1', "1@!$%&^<>1"}, {Alpha, '0', "0 _,'\"|~`0"}, {Alpha, '*', ".-+*/=\\:;."}, {Alpha, '#', "#?()[]{}#"},
		{Number, '*', ".*."},
	} {
		f := New("", Text(10))
		f.SetMode(tt.mode)
		for i, want := range []rune(tt.cycle) {
			if !f.Press(tt.key) {
				t.Errorf("key %c: press %d leaves nothing pending", tt.key, i+1)
			}
			if got := f.View(); got.Text != string(want) || !got.Pending || got.Cursor != 1 {
				t.Errorf("key %c, press %d: %+v, want %c", tt.key, i+1, got, want)
			}
		}
	}
}

func TestDigitsAreDigitsAtOnceInNumberMode(t *testing.T) {
	f := New("", Text(20))
	for _, key := range []byte("0011223344556677889#") {
		if f.Press(key) {
			t.Errorf("%c is pending", key)
		}
	}
	if text, _ := f.Value(); text != "0011223344556677889#" {
		t.Errorf("got %q", text)
	}
}

func TestEveryPrintableCharacterIsOnSomeKey(t *testing.T) {
	var all string
	for _, cycle := range cycles[Alpha] {
		for _, r := range cycle {
			if strings.ContainsRune(all, r) {
				t.Errorf("%c is on two keys", r)
			}
			all += string(r)
		}
	}
	for r := ' '; r < 0x7f; r++ {
		if !strings.ContainsRune(all, r) {
			t.Errorf("%c is on no key", r)
		}
	}
}

func TestAnotherKeyOrTimeBeginsANewCharacter(t *testing.T) {
	f := New("", Host())
	f.SetMode(Alpha)
	for _, key := range []byte("222.3.3") { // c, then d, then d after TapTime
		if key == '.' {
			f.Settle()
			continue
		}
		f.Press(key)
	}
	f.Press('*')
	if text, _ := f.Value(); text != "cdd." {
		t.Errorf("got %q", text)
	}
}

// TestStarIsADot: "During configuration, use * for dots" (guide 2-21).
func TestStarIsADot(t *testing.T) {
	f := New("10.0.0.1", Address())
	for _, key := range []byte("192*168*1*20#") {
		f.Press(key)
	}
	f.SetMode(Alpha)
	f.Press('2')
	if text, _ := f.Value(); text != "192.168.1.202" || f.Mode() != Number {
		t.Errorf("got %q in mode %d", text, f.Mode())
	}
	typed := New("", Address())
	typed.Insert("192*168.1.x20")
	if text, _ := typed.Value(); text != "192.168.1.20" {
		t.Errorf("typed: %q", text)
	}
}

func TestFirstKeyReplacesAndFirstBackspaceDeletesTheOldValue(t *testing.T) {
	f := New("old", Text(9))
	if f.Press('5'); f.View().Text != "5" {
		t.Errorf("got %q", f.View().Text)
	}
	f = New("old", Text(9))
	if more := f.Backspace(); more || f.View().Text != "" {
		t.Errorf("<< left %q", f.View().Text)
	}
	if _, changed := f.Value(); !changed {
		t.Error("an erased value counts as changed")
	}
	f = New("old", Text(9))
	f.Move(-1)
	f.Backspace()
	f.Insert("u")
	if text, changed := f.Value(); text != "oud" || !changed {
		t.Errorf("within the text: %q", text)
	}
	if _, changed := New("old", Text(9)).Value(); changed {
		t.Error("untouched, yet changed")
	}
}

func TestSecretIsOnlyStars(t *testing.T) {
	f := New("canary", Secret(31))
	if e := f.View(); e.Text != "********" {
		t.Errorf("kept: %q", e.Text)
	}
	f.Move(-3)
	if text, changed := f.Value(); text != "" || changed {
		t.Errorf("untouched: %q, %v", text, changed)
	}
	f.Insert("s3cret")
	f.SetMode(Alpha)
	f.Press('2')
	if e := f.View(); e.Text != "*******" || !e.Pending {
		t.Errorf("%+v", e)
	}
	if text, changed := f.Value(); text != "s3creta" || !changed {
		t.Errorf("value %q, %v", text, changed)
	}
}

func TestPasteIsCleanedAndBounded(t *testing.T) {
	f := New("", Text(5))
	f.Insert("a\x00\u202eb\x1b[\xff" + strings.Repeat("9", 1<<16))
	if text, _ := f.Value(); text != "ab[99" {
		t.Errorf("got %q", text)
	}
	f.Press('1')
	if text, _ := f.Value(); text != "ab[99" {
		t.Errorf("a full field took more: %q", text)
	}
}

func TestRandomUseKeepsAFieldInOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 7960))
	for _, rules := range []Rules{Address(), Digits(), Host(), URI(20), Text(20), Secret(20)} {
		f := New("7", rules)
		for range 5000 {
			switch r.IntN(7) {
			case 0:
				f.Backspace()
			case 1:
				f.Move(r.IntN(5) - 2)
			case 2:
				f.Settle()
			case 3:
				f.SetMode(Mode(r.IntN(2)))
			case 4:
				f.Insert([]string{"x", "ü", "*", "1.2", "\n", ""}[r.IntN(6)])
			default:
				f.Press("0123456789*#"[r.IntN(12)])
			}
			e := f.View()
			if n := utf8.RuneCountInString(e.Text); e.Cursor < 0 || e.Cursor > n || n > rules.Max || e.Pending && e.Cursor == 0 {
				t.Fatalf("%+v", e)
			}
		}
	}
}
