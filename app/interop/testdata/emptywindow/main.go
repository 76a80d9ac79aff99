// Command emptywindow shows a window with nothing in it: what a Fyne program
// costs before it does anything.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
)

func main() {
	w := app.New().NewWindow("empty")
	w.Resize(fyne.NewSize(1060, 800))
	w.ShowAndRun()
}
