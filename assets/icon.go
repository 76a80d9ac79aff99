// Package assets embeds the program's icon. Larger collections have packages
// of their own below it.
package assets

import _ "embed"

// Icon is the program's icon, a PNG of 512 x 512. It is drawn from the vector
// source in assets/face by go run ./faceplate/art/genicon.
//
//go:embed icon.png
var Icon []byte
