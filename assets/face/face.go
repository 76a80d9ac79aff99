// Package face holds the vector source of the faceplate as data: where every
// control is (geometry.json), the gradients (paints.json) and the outlines and
// symbols (shapes.json). All of it was drawn for this project. One unit is
// 0.25 mm of the instrument. Package faceplate/art reads it; nothing else does.
package face

import _ "embed"

// Geometry is the place of every control: name to x, y, width, height and
// corner radius, in units.
//
//go:embed geometry.json
var Geometry []byte

// Paints are the gradients: name to ends (fractions of the painted box) and
// colour stops.
//
//go:embed paints.json
var Paints []byte

// Shapes are outlines in the syntax of SVG path data, in units.
//
//go:embed shapes.json
var Shapes []byte
