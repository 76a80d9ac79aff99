package lcd

// Width and Height are the size of the glass in pixels. No source gives the
// instrument's own figure; see design/faceplate.md.
const (
	Width  = 264
	Height = 156
)

// Bitmap is what the glass shows: Width*Height greys, row by row, 0 for the
// background and 3 for the darkest. The zero value is an empty glass.
type Bitmap struct {
	Pix [Width * Height]uint8
}
