package services

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func picture(t *testing.T, width, height, depth int, data string) (pixels []byte, w, h int, notes int) {
	t.Helper()
	text := fmt.Sprintf("<CiscoIPPhoneImage><Width>%d</Width><Height>%d</Height><Depth>%d</Depth><Data>%s</Data></CiscoIPPhoneImage>", width, height, depth, data)
	o, problems, err := Parse("x", "", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	i := o.(Image).Image
	if len(i.Pixels) != i.Width*i.Height {
		t.Fatalf("%d pixels for %d x %d", len(i.Pixels), i.Width, i.Height)
	}
	return i.Pixels, i.Width, i.Height, len(problems)
}

func TestPixelOrder(t *testing.T) {
	tests := []struct {
		name          string
		width, height int
		depth         int
		data          string
		want          []byte
		notes         int
	}{
		{"lowest bits first", 4, 1, 2, "2D", []byte{1, 3, 2, 0}, 0},
		{"rows follow without a gap", 3, 2, 2, "E406", []byte{0, 1, 2, 3, 2, 1}, 0},
		{"rows that begin with a byte", 5, 2, 2, "E401E402", []byte{0, 1, 2, 3, 1, 0, 1, 2, 3, 2}, 0},
		{"one bit", 8, 1, 1, "81", []byte{3, 0, 0, 0, 0, 0, 0, 3}, 0},
		{"white space and small letters", 4, 2, 2, "2d\n 2D", []byte{1, 3, 2, 0, 1, 3, 2, 0}, 0},
		{"too short", 4, 2, 2, "2D", []byte{1, 3, 2, 0, 0, 0, 0, 0}, 1},
		{"too long", 4, 1, 2, "2DFFFF", []byte{1, 3, 2, 0}, 1},
		{"no digits", 4, 1, 2, "2Dxx", []byte{1, 3, 2, 0}, 1},
		{"half a byte", 4, 1, 2, "2D2", []byte{1, 3, 2, 0}, 1},
	}
	for _, tt := range tests {
		if got, _, _, notes := picture(t, tt.width, tt.height, tt.depth, tt.data); !slices.Equal(got, tt.want) || notes != tt.notes {
			t.Errorf("%s: %v with %d notes, want %v with %d", tt.name, got, notes, tt.want, tt.notes)
		}
	}
}

func TestPictureLargerThanThePaneIsCut(t *testing.T) {
	const wide, high = 298, 168 // the pane of a later phone
	got, w, h, notes := picture(t, wide, high, 2, strings.Repeat("E4", wide*high/4))
	if w != 133 || h != 65 || notes != 1 {
		t.Fatalf("%d x %d, %d notes", w, h, notes)
	}
	for y := range h {
		for x := range w {
			if want := byte((y*wide + x) % 4); got[y*w+x] != want {
				t.Fatalf("pixel %d,%d is %d, want %d", x, y, got[y*w+x], want)
			}
		}
	}
}

func TestAbsurdSizes(t *testing.T) {
	for _, size := range []string{"<Width>-1</Width><Height>4</Height>", "<Width>2000000000</Width><Height>2000000000</Height>", "<Width>99999999999999999999</Width><Height>1</Height>",
		"<Width>4</Width><Height>1</Height><Depth>12</Depth>"} {
		if o, _, err := Parse("x", "", []byte("<CiscoIPPhoneImage>"+size+"<Data>2D</Data></CiscoIPPhoneImage>")); err == nil {
			t.Errorf("%s: %+v", size, o)
		}
	}
}
