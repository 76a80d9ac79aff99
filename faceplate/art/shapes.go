package art

import (
	"encoding/json"
	"fmt"

	"deskset/assets/face"
)

// shapes are the outlines of assets/face/shapes.json.
var shapes = mustLoadShapes(face.Shapes)

func mustLoadShapes(data []byte) map[string]*Path {
	var file map[string]string
	if err := json.Unmarshal(data, &file); err != nil {
		panic(fmt.Sprintf("art: shapes.json: %v", err))
	}
	out := make(map[string]*Path, len(file))
	for name, d := range file {
		p, err := parsePath(d)
		if err != nil {
			panic(fmt.Sprintf("art: shapes.json: %s: %v", name, err))
		}
		out[name] = p
	}
	return out
}

func shape(name string) *Path {
	p, ok := shapes[name]
	if !ok {
		panic("art: no shape is named " + name)
	}
	return p
}

// symbol gives a stroked shape, its origin moved to x, y.
func symbol(name string, x, y, width float64) *Path {
	return shape(name).stroked(width).transformed(translation(x, y))
}
