package lcd

import (
	"strings"
	"testing"

	"deskset/assets/fonts"
	"deskset/assets/icons"
	"deskset/phonecore/view"
)

var allFaces = []*typeface{faceSmall, faceNormal, faceBold, faceMiddle, faceLarge}

func TestEveryFaceHasLatin1(t *testing.T) {
	for i, face := range allFaces {
		for c := rune(' '); c <= 0xff; c++ {
			if c >= 0x7f && c < 0xa0 {
				continue
			}
			if _, ok := face.fonts[0].glyph(c); !ok {
				t.Errorf("face %d lacks %q in its first font", i, c)
			}
		}
	}
}

func TestFallBackCoversOtherScripts(t *testing.T) {
	for _, c := range "ŁőĞαΩжЯЇעברחไทยქაԱあア漢字한글€→•…" {
		if _, ok := faceNormal.glyph(c); !ok {
			t.Errorf("no picture for %q", c)
		}
	}
}

func TestShortenedTextFitsItsRoom(t *testing.T) {
	r := New()
	texts := []string{"5550199", "Ada Lovelace", "W", "iiiiiiiiiiii", "山田太郎 やまだ", "a b c d e f g", "\U0001f600\U0001f600", "Trnsfer current"}
	for _, face := range allFaces {
		for _, s := range texts {
			whole := r.width(s, face)
			for room := 0; room < whole+3; room++ {
				for _, keepEnd := range []bool{false, true} {
					runes, width := r.fit(s, face, room, keepEnd)
					if width > room && width != 0 || width != runesWidth(runes, face) {
						t.Fatalf("%q in %d: %q is %d wide, says %d", s, room, string(runes), runesWidth(runes, face), width)
					}
					if room >= whole && string(runes) != s {
						t.Fatalf("%q in %d was changed to %q", s, room, string(runes))
					}
				}
			}
		}
	}
}

func TestShortenedTextShowsAnEllipsisAtTheRightEnd(t *testing.T) {
	r := New()
	if runes, _ := r.fit("5550199 5550123", faceNormal, 60, false); !strings.HasSuffix(string(runes), "…") || !strings.HasPrefix(string(runes), "555") {
		t.Errorf("got %q", string(runes))
	}
	if runes, _ := r.fit("5550199 5550123", faceNormal, 60, true); !strings.HasPrefix(string(runes), "…") || !strings.HasSuffix(string(runes), "0123") {
		t.Errorf("got %q", string(runes))
	}
}

func TestLettersDoNotRunTogether(t *testing.T) {
	if faceBold.kern('r', 'n') != 1 || faceBold.kern('n', 'o') != 0 || faceNormal.kern('_', '_') != 0 {
		t.Error("want a free column between r and n only")
	}
}

func TestUnseenAndControlCharactersTakeNoRoom(t *testing.T) {
	r := New()
	for in, want := range map[string]string{
		"a\u200bb\u202ec": "abc", "a\tb\nc\x00": "a b c ", "e\u0301": "é", "a\u00a0b": "a b", "so\u00adft": "soft", "\xff": "\ufffd",
	} {
		if got := string(r.clean(in, false)); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestWordsFromRightToLeftAreTurnedRound(t *testing.T) {
	for in, want := range map[string]string{
		"abc":            "abc",
		"אבג":            "גבא",
		"אב גד":          "דג בא",
		"Ada אבג (55)":   "Ada גבא (55)",
		"אב 123 גד":      "דג 123 בא",
		"אב (גד) הו":     "וה (דג) בא",
		"שִ":             "שִ",
		"אבג abc":        "גבא abc",
		"x אבג, 12:41 y": "x גבא, 12:41 y",
	} {
		runes := []rune(in)
		order(runes)
		if string(runes) != want {
			t.Errorf("%q: got %q, want %q", in, string(runes), want)
		}
	}
}

func TestWrapBreaksAtBlanksAndFitsThePage(t *testing.T) {
	r := New()
	text := []string{
		"preferred_codec \"g723\": want g711ulaw, g711alaw or g729a; keeping g711ulaw",
		"", "two\nlines", strings.Repeat("W", 100), strings.Repeat("山", 60), "  indented",
	}
	lines := Wrap(text)
	for _, line := range lines {
		if w := r.width(line, faceNormal); w > textWidth {
			t.Errorf("%q is %d wide, want at most %d", line, w, textWidth)
		}
	}
	joined := strings.ReplaceAll(strings.Join(lines, ""), " ", "")
	if want := strings.NewReplacer(" ", "", "\n", "").Replace(strings.Join(text, "")); joined != want {
		t.Errorf("letters were lost: %q", joined)
	}
	if lines[1] != "g711alaw or g729a; keeping g711ulaw" || lines[2] != "" || lines[3] != "two" || lines[4] != "lines" {
		t.Errorf("got %q", lines[:5])
	}
	if again := Wrap(lines); strings.Join(again, "|") != strings.Join(lines, "|") {
		t.Error("wrapping twice changes the lines")
	}
	if got := Wrap([]string{strings.Repeat("a\n", 10000)}); len(got) != maxLines {
		t.Errorf("got %d lines, want the limit %d", len(got), maxLines)
	}
}

func TestEveryIconHasAPicture(t *testing.T) {
	for icon := view.IconNone + 1; icon < view.NumIcons; icon++ {
		if pictures[icon][0] == nil {
			t.Errorf("icon %d has no picture", icon)
		}
	}
	byName, err := parsePictures(icons.LCD)
	if err != nil {
		t.Fatal(err)
	}
	for _, names := range iconNames {
		delete(byName, names[0])
		delete(byName, names[1])
	}
	for name := range byName {
		t.Errorf("picture %q is of no icon", name)
	}
}

func TestBrokenIconsNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"a\n....\n":           "icons/lcd.txt:2",
		"a\n...........?\n":   "icons/lcd.txt:2",
		"a\n............":     "has 1 rows",
		"\n# x\nb\n.........": "icons/lcd.txt:4",
	} {
		if _, err := parsePictures(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func FuzzOpenFont(f *testing.F) {
	f.Add(fonts.HelvR10[:2000])
	f.Add("DSF1\x0b\x03\x00\x00\x00\x00\x00\x01\x00\x00\x00A\x00\x00\x00\x00\x07\x00\x01\x08\x01\xff")
	f.Fuzz(func(t *testing.T, data string) {
		opened, err := openFont(data)
		if err != nil {
			return
		}
		for i := range opened.count {
			if _, ok := opened.glyph(opened.runeAt(i)); !ok {
				t.Fatalf("glyph %d is lost", i)
			}
		}
	})
}
