// Command genicon draws the program's icon into assets/icon.png. Run it from
// the top of the tree:
//
//	go run ./faceplate/art/genicon
package main

import (
	"image/png"
	"log"
	"os"

	"deskset/faceplate/art"
)

func main() {
	f, err := os.Create("assets/icon.png")
	if err != nil {
		log.Fatal(err)
	}
	if err := png.Encode(f, art.Icon(art.IconSize)); err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
}
