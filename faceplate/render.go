package faceplate

import (
	"image"
	"image/draw"

	"deskset/faceplate/art"
	"deskset/phonecore/view"
)

// Render draws the whole face without a display. Width is that of the face in
// device-independent pixels, scale the pixels of the picture for each of them.
// It is the picture the window shows on a light desktop, to the pixel. A view
// with a timeline is drawn with the panel open, which adds its width.
func Render(v view.View, width int, scale float32) image.Image {
	return render(v, width, scale, false)
}

func render(v view.View, width int, scale float32, compact bool) image.Image {
	px := max(int(float32(width)*scale+0.5), 1)
	frame := art.Fit(px, 8*px, compact, desks[lightDesk])
	bounds := frame.Bounds()
	var side image.Image
	if v.Timeline != nil {
		side = renderPanel(v.Timeline, float64(frame.Size.Y)/float64(scale), scale)
		bounds.Max.X += side.Bounds().Dx()
	}
	img := image.NewRGBA(bounds)
	paintFace(img.SubImage(frame.Bounds()).(*image.RGBA), frame, &v)
	if side != nil {
		draw.Draw(img, side.Bounds().Add(image.Pt(frame.Size.X, 0)), side, image.Point{}, draw.Src)
	}
	return img
}

func renderPanel(t *view.Timeline, height float64, scale float32) image.Image {
	p := &panel{chosen: -1, timeline: t}
	p.model = art.Panel{Width: art.PanelWidth, Height: height, Timeline: t, Hovered: art.NoSpot, Pressed: art.NoSpot}
	p.model.Selected = p.interesting()
	return p.model.Draw(float64(scale), desks[lightDesk])
}

func paintFace(img *image.RGBA, frame art.Frame, v *view.View) {
	frame.Draw(img, art.StateOf(v))
	g := newGlass()
	g.update(v)
	g.gloss = makeGloss(frame)
	g.resize(frame.LCD().Size())
	draw.Draw(img, frame.LCD(), g.img, image.Point{}, draw.Src)
}
