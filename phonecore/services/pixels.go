package services

import (
	"fmt"
	"strconv"

	"deskset/phonecore/view"
	"deskset/provisioning/param"
	"deskset/provisioning/xmltree"
)

// picture reads LocationX, LocationY, Width, Height, Depth and Data of an
// element and cuts the result to a size. It is nil if there is no picture.
func (r *reader) picture(n *xmltree.Node, mostWide, mostHigh int) *view.Image {
	width, height := r.number(n, "Width", 0), r.number(n, "Height", 0)
	data := n.Value("Data")
	switch {
	case width <= 0 || height <= 0 || data == "":
		return nil
	case width > maxPixels || height > maxPixels/width:
		r.note(n, param.CodeTooLarge, fmt.Sprintf("a picture of %d x %d is left out", width, height))
		return nil
	}
	depth := r.number(n, "Depth", 2)
	if depth != 1 && depth != 2 {
		r.note(n, param.CodeBadValue, fmt.Sprintf("a picture with a depth of %d is left out: want 1 or 2", depth))
		return nil
	}
	pixels := r.unpack(n, data, width, height, depth)
	image := &view.Image{
		Width: min(width, mostWide), Height: min(height, mostHigh),
		X: place(r.number(n, "LocationX", -1), mostWide), Y: place(r.number(n, "LocationY", -1), mostHigh),
	}
	if width > mostWide || height > mostHigh {
		r.note(n, param.CodeTooLarge, fmt.Sprintf("a picture of %d x %d is cut to %d x %d", width, height, image.Width, image.Height))
	}
	for y := range image.Height {
		image.Pixels = append(image.Pixels, pixels[y*width:y*width+image.Width]...)
	}
	return image
}

// place keeps a coordinate in the pane; what is not in it is centred.
func place(at, size int) int {
	if at < 0 || at >= size {
		return -1
	}
	return at
}

// unpack turns hexadecimal digits into one value of 0 to 3 for each pixel. The
// first pixel of a byte is in its lowest bits: the pixels 1 3 2 0 are 2D. They
// follow each other without regard to rows; but some servers (ImageMagick)
// begin each row with a new byte, which shows in the length.
func (r *reader) unpack(n *xmltree.Node, data string, width, height, depth int) []byte {
	packed, bad := hexBytes(data)
	if bad {
		r.note(n, param.CodeBadValue, "the picture's data are not hexadecimal throughout")
	}
	perByte := 8 / depth
	stream, byRows := (width*height+perByte-1)/perByte, (width+perByte-1)/perByte*height
	stride := width
	if len(packed) == byRows && byRows != stream {
		stride = (width + perByte - 1) / perByte * perByte
	} else if len(packed) != stream {
		r.note(n, param.CodeBadValue, fmt.Sprintf("%d bytes for a picture of %d x %d, want %d", len(packed), width, height, stream))
	}
	pixels := make([]byte, width*height)
	for i := range pixels {
		at := i/width*stride + i%width
		if at/perByte >= len(packed) {
			break
		}
		value := packed[at/perByte] >> (at % perByte * depth) & (1<<depth - 1)
		if depth == 1 {
			value *= darkest
		}
		pixels[i] = value
	}
	return pixels
}

// darkest of the four greys.
const darkest = 3

// hexBytes reads digits in pairs; white space is skipped. It stops at what is
// no digit and tells.
func hexBytes(text string) (packed []byte, bad bool) {
	high, half := byte(0), false
	for i := range len(text) {
		if c := text[i]; c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			continue
		}
		v, err := strconv.ParseUint(text[i:i+1], 16, 4)
		if err != nil {
			return packed, true
		}
		if half {
			packed = append(packed, high<<4|byte(v))
		}
		high, half = byte(v), !half
	}
	return packed, half
}
