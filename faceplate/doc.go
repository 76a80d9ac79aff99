// Package faceplate is the phone's face in a window: body, keys, lamps,
// handset and LCD, drawn from one geometry table and worked by pointer,
// keyboard and, where the platform allows, by assistive technology. It maps
// what a person does to [view.Key] and knows no behaviour of the phone: it
// draws the latest [view.View] and nothing else.
//
//	win := faceplate.NewWindow(app.New(), phone, faceplate.Options{Title: "Deskset"})
//	go func() {
//		for v := range views {
//			win.Show(v)
//		}
//	}()
//	win.ShowAndRun()
//
// The artwork is in faceplate/art, the LCD in faceplate/lcd; both are pure Go,
// so [Render] makes the same picture without a display.
package faceplate
