package lcd_test

import (
	"strings"
	"testing"

	"deskset/faceplate/lcd"
	"deskset/phonecore/view"
)

// FuzzDraw makes screens of any numbers and any text. Nothing may panic, and
// the same view must draw the same picture again.
func FuzzDraw(f *testing.F) {
	long := strings.Repeat("Supercalifragilistic ", 500)
	f.Add(byte(2), "idle", "5550199", int64(-7), uint16(0))
	f.Add(byte(3), long, "\xff\xfe\x00", int64(1<<62), uint16(0xffff))
	f.Add(byte(4), strings.Repeat("\n", 10000), strings.Repeat("x", 10000), int64(-1<<63), uint16(0x1234))
	f.Add(byte(5), "עברית 123 (abc)", "e\u0301\u0301\u0301", int64(3), uint16(0xaaaa))
	f.Add(byte(6), strings.Repeat("\u0301", 5000), "\u202e\u200f", int64(66), uint16(0x5555))
	f.Add(byte(1), "漢字\U0001f600", "", int64(1000), uint16(1))
	r := lcd.New()
	f.Fuzz(func(t *testing.T, layout byte, a, b string, n int64, bits uint16) {
		v := absurd(layout, a, b, int(n), bits)
		var first, again lcd.Bitmap
		r.Draw(&first, &v)
		r.Draw(&again, &v)
		if first != again {
			t.Fatal("the same view makes two pictures")
		}
		for _, grey := range first.Pix {
			if grey > 3 {
				t.Fatalf("grey %d", grey)
			}
		}
		lcd.Wrap(v.Screen.Text)
	})
}

func absurd(layout byte, a, b string, n int, bits uint16) view.View {
	flag := func(i int) bool { return bits>>(i%16)&1 != 0 }
	s := view.Screen{
		Layout: view.Layout(layout % 9), Title: a, Message: b, Prompt: a, Text: []string{a, b, ""},
		Status: view.StatusRow{Left: a, Right: b, Icon: view.Icon(bits)}, Selected: n, First: n / 2,
		Progress: view.Progress{Shown: flag(0), Done: n}, Edit: view.Editor{Text: a, Cursor: n, Pending: flag(1)},
		Image: &view.Image{Width: n, Height: n % 1000, X: -n, Y: n, Pixels: []byte(a)},
	}
	for i := range s.Lines {
		s.Lines[i] = view.LineLabel{Text: b, Icon: view.Icon(i * n), Blink: flag(i), Selected: flag(i + 1)}
	}
	for i := range s.Soft {
		if flag(i) {
			s.Soft[i] = a
		}
	}
	for i := range int(bits % 20) {
		s.Rows = append(s.Rows, view.Row{
			Icon: view.Icon(i), Text: a, Right: b, Style: view.Style(i * int(bits)), Highlight: flag(i), Cursor: flag(i + 3),
		})
		s.Items = append(s.Items, view.Item{Number: n * i, Label: b, Value: a, Icon: view.Icon(i)})
	}
	return view.View{Screen: s, BlinkOn: flag(2), Contrast: n}
}
