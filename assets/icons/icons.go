// Package icons holds the pictures of the LCD as data: text in which a pixel
// is a character, as the file's head explains. faceplate/lcd reads them.
package icons

import _ "embed"

// LCD is the icons of the LCD, 12 x 12 pixels each.
//
//go:embed lcd.txt
var LCD string
