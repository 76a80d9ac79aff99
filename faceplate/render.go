package faceplate

import (
	"image"
	"image/draw"

	"deskset/faceplate/art"
	"deskset/phonecore/view"
)

// Render draws the whole face without a display. Width is that of the face in
// device-independent pixels, scale the pixels of the picture for each of them.
// It is the picture the window shows on a light desktop, to the pixel.
func Render(v view.View, width int, scale float32) image.Image {
	return render(v, width, scale, false)
}

// RenderCompact is Render for the compact face.
func RenderCompact(v view.View, width int, scale float32) image.Image {
	return render(v, width, scale, true)
}

func render(v view.View, width int, scale float32, compact bool) image.Image {
	px := max(int(float32(width)*scale+0.5), 1)
	frame := art.Fit(px, 8*px, compact, desks[lightDesk])
	img := image.NewRGBA(frame.Bounds())
	paintFace(img, frame, &v)
	return img
}

func paintFace(img *image.RGBA, frame art.Frame, v *view.View) {
	frame.Draw(img, art.StateOf(v))
	g := newGlass()
	g.update(v)
	g.gloss = makeGloss(frame)
	g.resize(frame.LCD().Size())
	draw.Draw(img, frame.LCD(), g.img, image.Point{}, draw.Src)
}
