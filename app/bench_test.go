package main

import (
	"context"
	"image"
	"log/slog"
	"testing"

	"deskset/faceplate/lcd"
	"deskset/phonecore/view"
)

// BenchmarkPressToLCD is the time from a key press to the finished picture of
// the LCD at twice its size: event loop, view, drawing. What the window system
// adds is not in it.
func BenchmarkPressToLCD(b *testing.B) {
	b.Setenv("XDG_CONFIG_HOME", b.TempDir())
	o := &options{lab: true, fast: true, audioNull: true}
	d, err := build(b.Context(), o, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.phone.Run(ctx) }()
	views := d.phone.Subscribe()
	until := func(done func(view.View) bool) view.View {
		for v := range views {
			if done(v) {
				return v
			}
		}
		b.Fatal("the phone has ended")
		return view.View{}
	}
	until(func(v view.View) bool { return v.Screen.Name == "idle" })
	renderer, bitmap := lcd.New(), &lcd.Bitmap{}
	picture := image.NewRGBA(image.Rect(0, 0, 2*lcd.Width, 2*lcd.Height))
	digits := 0
	for b.Loop() {
		d.phone.Press(view.Key5)
		digits++
		v := until(func(v view.View) bool { return len(v.Number) == digits })
		renderer.Draw(bitmap, &v)
		lcd.Paint(picture, bitmap, 2, v.Contrast)
		d.phone.Release(view.Key5)
		if digits == 20 {
			for ; digits > 0; digits-- {
				d.phone.Type("\b")
			}
			until(func(v view.View) bool { return v.Number == "" })
		}
	}
	stop()
	if err := <-ended; err != nil {
		b.Error(err)
	}
	if err := d.close(); err != nil {
		b.Error(err)
	}
}
