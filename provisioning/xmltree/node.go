package xmltree

import "strings"

// Node is an element. Names compare without regard to case.
type Node struct {
	Name  string
	Attrs []Attr
	// Text is the character data directly inside, pieces joined, trimmed.
	Text string
	Kids []*Node
	// Line of the start tag, from 1.
	Line int

	text []byte // while it is read
}

// Attr is an attribute.
type Attr struct{ Name, Value string }

// Attr gives the first attribute of a name.
func (n *Node) Attr(name string) (value string, ok bool) {
	if n == nil {
		return "", false
	}
	for _, a := range n.Attrs {
		if strings.EqualFold(a.Name, name) {
			return a.Value, true
		}
	}
	return "", false
}

// Find walks down the first children of the names given. It is nil if one is
// missing; all methods work on nil.
func (n *Node) Find(path ...string) *Node {
	for _, name := range path {
		n = n.first(name)
	}
	return n
}

func (n *Node) first(name string) *Node {
	if n == nil {
		return nil
	}
	for _, kid := range n.Kids {
		if strings.EqualFold(kid.Name, name) {
			return kid
		}
	}
	return nil
}

// All gives the children of a name.
func (n *Node) All(name string) []*Node {
	if n == nil {
		return nil
	}
	var all []*Node
	for _, kid := range n.Kids {
		if strings.EqualFold(kid.Name, name) {
			all = append(all, kid)
		}
	}
	return all
}

// Value is the text of the child at a path, empty if there is none.
func (n *Node) Value(path ...string) string {
	if n = n.Find(path...); n == nil {
		return ""
	}
	return n.Text
}
