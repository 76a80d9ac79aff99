// Package fonts holds the pixel fonts of the LCD as data, in the format that
// README.md describes; faceplate/lcd reads them. Their licences stand beside
// them: LICENSE-adobe.txt and LICENSE-misc.txt.
package fonts

import _ "embed"

//go:generate go run ./gen .

// The proportional faces: Helvetica, regular (R) and bold (B), by their size
// in pixels. They cover Latin, Latin-1 complete.
var (
	//go:embed helvr10.font
	HelvR10 string
	//go:embed helvr12.font
	HelvR12 string
	//go:embed helvb12.font
	HelvB12 string
	//go:embed helvb14.font
	HelvB14 string
	//go:embed helvb18.font
	HelvB18 string
)

// The fall-backs, 13 pixels high, of fixed width: Fixed and FixedBold for
// Greek, Cyrillic, Hebrew, Armenian, Georgian, Thai and symbols, FixedWide for
// what Fixed lacks: Chinese characters of JIS X 0208, kana and hangul.
var (
	//go:embed 6x13.font
	Fixed string
	//go:embed 6x13b.font
	FixedBold string
	//go:embed 12x13ja.font
	FixedWide string
)
