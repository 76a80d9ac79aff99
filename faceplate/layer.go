package faceplate

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// layer is one picture of the face on the screen. It is handed to the window
// system only when it changes: every change repaints the whole window.
type layer struct {
	raster *canvas.Raster
	img    *image.RGBA
	// refresh tells the window of a change. It must be the canvas's own: the one
	// of the raster does nothing for an object that was hidden so far, because
	// Fyne learns the canvas of an object when it first paints it.
	refresh func(fyne.CanvasObject)
}

func newLayer(refresh func(fyne.CanvasObject)) *layer {
	l := &layer{refresh: refresh}
	l.raster = canvas.NewRaster(func(int, int) image.Image {
		if l.img == nil {
			return image.Transparent
		}
		return l.img
	})
	l.raster.ScaleMode = canvas.ImageScaleFastest
	l.raster.Hide()
	return l
}

// show puts a picture on the screen, or none for nil.
func (l *layer) show(img *image.RGBA) {
	if img == l.img {
		return
	}
	l.img = img
	if img == nil {
		l.raster.Hide()
	} else {
		l.raster.Show()
	}
	l.refresh(l.raster)
}

// renew tells that the picture's pixels have changed.
func (l *layer) renew() { l.refresh(l.raster) }

// place puts the layer over a box of pixels; ratio is how many pixels a
// device-independent one has.
func (l *layer) place(px image.Rectangle, ratio float32) {
	l.raster.Move(fyne.NewPos(float32(px.Min.X)/ratio, float32(px.Min.Y)/ratio))
	l.raster.Resize(fyne.NewSize(float32(px.Dx())/ratio, float32(px.Dy())/ratio))
}
