package xmlservice

import (
	"fmt"
	"math"
	"strings"
)

// drawing is a picture in four greys, 0 the lightest.
type drawing struct {
	width, height int
	grey          []byte
}

// The pane of the phone, and an icon on it.
const (
	paneWidth, paneHeight = 133, 65
	iconWidth, iconHeight = 16, 10
)

func blank(width, height int) drawing { return drawing{width, height, make([]byte, width*height)} }

func (d drawing) set(x, y int, grey byte) {
	if x >= 0 && x < d.width && y >= 0 && y < d.height {
		d.grey[y*d.width+x] = grey
	}
}

func (d drawing) fill(x, y, width, height int, grey byte) {
	for row := y; row < y+height; row++ {
		for column := x; column < x+width; column++ {
			d.set(column, row, grey)
		}
	}
}

func (d drawing) frame(x, y, width, height int) {
	d.fill(x, y, width, 1, 3)
	d.fill(x, y+height-1, width, 1, 3)
	d.fill(x, y, 1, height, 3)
	d.fill(x+width-1, y, 1, height, 3)
}

// sine is two periods in a frame, with a grey shadow.
func sine() drawing {
	d := blank(paneWidth, paneHeight)
	d.fill(0, paneHeight/2, paneWidth, 1, 1)
	for x := range paneWidth {
		y := paneHeight/2 - int(math.Round(24*math.Sin(4*math.Pi*float64(x)/paneWidth)))
		d.set(x+2, y+2, 1)
		d.set(x, y, 3)
		d.set(x, y+1, 2)
	}
	d.frame(0, 0, paneWidth, paneHeight)
	return d
}

// boxes are n boxes side by side, the k-th with k dots.
func boxes(n int) drawing {
	d := blank(paneWidth, paneHeight)
	width := paneWidth / n
	for k := range n {
		left := k * width
		d.frame(left+2, 8, width-4, paneHeight-16)
		for dot := range k + 1 {
			d.fill(left+width/2-2, 16+12*dot, 5, 5, byte(3-dot%3))
		}
	}
	return d
}

// gauge is a bar that is filled to part/whole.
func gauge(part, whole int) drawing {
	d := blank(iconWidth, iconHeight)
	d.frame(0, 1, iconWidth, iconHeight-2)
	d.fill(1, 2, (iconWidth-2)*part/whole, iconHeight-4, 2)
	return d
}

// pixels writes a picture as an object's elements: four pixels in a byte, the
// first in its lowest bits, without regard to rows.
func pixels(d drawing) string {
	packed := make([]byte, (len(d.grey)+3)/4)
	for i, grey := range d.grey {
		packed[i/4] |= grey << (i % 4 * 2)
	}
	var b strings.Builder
	for _, e := range []struct {
		name  string
		value int
	}{{"LocationX", -1}, {"LocationY", -1}, {"Width", d.width}, {"Height", d.height}, {"Depth", 2}} {
		b.WriteString(element(e.name, fmt.Sprint(e.value)))
	}
	b.WriteString(element("Data", fmt.Sprintf("%X", packed)))
	return b.String()
}
