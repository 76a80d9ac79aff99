package art

import "deskset/phonecore/view"

// KeySet is a set of keys.
type KeySet uint64

// Has tells whether a key is in the set.
func (s KeySet) Has(k view.Key) bool { return s&(1<<k) != 0 }

// With gives the set with a key added.
func (s KeySet) With(k view.Key) KeySet { return s | 1<<k }

// Without gives the set with a key taken out.
func (s KeySet) Without(k view.Key) KeySet { return s &^ (1 << k) }

// LampSet is a set of lamps.
type LampSet uint8

// Has tells whether a lamp is in the set.
func (s LampSet) Has(l view.Lamp) bool { return s&(1<<l) != 0 }

// State is how the face looks at a moment, but for the content of the LCD. It
// is a value, so that pictures can be kept by it.
type State struct {
	Pressed, Hovered, Focused KeySet
	Lit                       LampSet
	// Lifted shows the handset out of its cradle.
	Lifted bool
}

// StateOf gives what a view says about lamps and handset.
func StateOf(v *view.View) State {
	s := State{Lifted: v.HandsetLifted}
	for l := range view.NumLamps {
		if v.Lit(l) {
			s.Lit |= 1 << l
		}
	}
	return s
}

// Part is a piece of the face that changes its look as one: a key with its
// lamp, a rocker, the handset.
type Part struct {
	Name string
	Keys []view.Key
	// Bounds holds everything that any state of the part changes.
	Bounds Rect

	lamps   LampSet
	lifts   bool
	inBase  bool // lies under the other parts: the handset
	draw    func(c *pen, p *Part, s State)
	control *Control
	paint   string // material of the cap
	legend  func(c *pen, p *Part, dy float64)
}

// Of gives the part of a state that concerns p.
func (s State) Of(p *Part) State {
	var keys KeySet
	for _, k := range p.Keys {
		keys = keys.With(k)
	}
	if p.lifts {
		s.Pressed = 0 // the handset answers by moving
	}
	return State{s.Pressed & keys, s.Hovered & keys, s.Focused & keys, s.Lit & p.lamps, s.Lifted && p.lifts}
}

// Compact tells whether the part is on the compact face.
func (p *Part) Compact() bool {
	return p.Keys[0].Line() != 0 || p.Keys[0].Soft() != 0
}
