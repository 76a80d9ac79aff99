package dialoginfo

import "slices"

// State is what is known of a watched phone. The zero value knows nothing.
type State struct {
	known   bool
	version uint32
	dialogs []Dialog
}

// Apply takes a document (RFC 4235 section 4.3) and tells whether one before it
// was lost, so that a full one is needed. SIP delivers them in order, so a full
// one counts whatever its version is: servers begin anew, and some always send 0.
func (s *State) Apply(d Document) (lost bool) {
	switch {
	case d.Full:
		s.dialogs = nil
	case !s.known:
		return true
	case d.Version <= s.version:
		return false // old
	default:
		lost = d.Version != s.version+1
	}
	s.known, s.version = true, d.Version
	for _, dialog := range d.Dialogs {
		s.take(dialog)
	}
	return lost
}

// take puts a dialog in place of the one of that name, or removes it.
func (s *State) take(d Dialog) {
	s.dialogs = slices.DeleteFunc(s.dialogs, func(x Dialog) bool { return x.ID == d.ID })
	if d.State != "terminated" && d.State != "" && len(s.dialogs) < maxDialogs {
		s.dialogs = append(s.dialogs, d)
	}
}

// Lamp is what a busy lamp shows: who talks is busy whatever rings besides, and
// so is who calls somebody.
func (s *State) Lamp() Lamp {
	lamp := Unknown
	if s.known {
		lamp = Idle
	}
	for _, d := range s.dialogs {
		if d.State == "confirmed" || !d.Called {
			return Busy
		}
		lamp = Ringing
	}
	return lamp
}
