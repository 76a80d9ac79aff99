// Package lcd draws a [view.View] into the bitmap of the instrument's LCD:
// 264 x 156 pixels in four greys, with pixel fonts and icons from assets. It
// implements the screens of design/screens.md and "LCD screen" of chapter 1 of
// the administrator guide. It is pure Go and needs no display, so the window,
// the screenshot command and the golden tests draw the same picture.
//
//	r := lcd.New()
//	var b lcd.Bitmap
//	if r.Draw(&b, &v) {
//		lcd.Paint(rgba, &b, 2, v.Contrast)
//	}
//
// The golden pictures in testdata are refreshed by
//
//	go test ./faceplate/lcd -update
//
// which also writes testdata/contact.png, a sheet of them all to look at.
package lcd
