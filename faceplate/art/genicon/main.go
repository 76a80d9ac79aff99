// Command genicon draws the program's icon. Run it from the top of the tree:
//
//	go run ./faceplate/art/genicon                      # assets/icon.png, which the program embeds
//	go run ./faceplate/art/genicon -theme DIR NAME      # DIR/48x48/apps/NAME.png ..., as desktops want it
//	go run ./faceplate/art/genicon -plain DIR           # DIR/48.png ..., for Windows
//
// Each size is drawn, not scaled.
package main

import (
	"flag"
	"fmt"
	"image/png"
	"log"
	"os"
	"path/filepath"

	"deskset/faceplate/art"
)

// sizes are those of the hicolor theme, in pixels; Windows takes up to 256.
var sizes = []int{16, 22, 24, 32, 36, 48, 64, 72, 96, 128, 192, 256, 512}

func main() {
	log.SetFlags(0)
	theme := flag.String("theme", "", "write the icon NAME for an icon theme in this `directory`")
	plain := flag.String("plain", "", "write a file for each size into this `directory`")
	flag.Parse()
	files := map[string]int{}
	for _, size := range sizes {
		switch {
		case *theme != "":
			files[filepath.Join(*theme, fmt.Sprintf("%dx%d", size, size), "apps", flag.Arg(0)+".png")] = size
		case *plain != "":
			files[filepath.Join(*plain, fmt.Sprint(size)+".png")] = size
		default:
			files["assets/icon.png"] = art.IconSize
		}
	}
	for path, size := range files {
		if err := write(path, size); err != nil {
			log.Fatal("genicon: ", err)
		}
	}
}

func write(path string, size int) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(f, art.Icon(size)); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
