package param

var table []Param

func mustIndex(name string) int { panic("param: no parameter " + name) }

// All gives every parameter, lines expanded, in the order of Table 3-1, then
// the later ones by subject, then Deskset's own.
func All() []Param { return table }

// Lookup finds a parameter by its name in any case.
func Lookup(name string) (Param, bool) { return Param{}, false }

// LineMenu are the parameters of the Line x Settings menu, in its order.
func LineMenu(line int) []Param { return nil }

// SIPMenu are the parameters of the SIP Configuration menu below the lines.
func SIPMenu() []Param { return nil }

// Default is the parameter's value when no layer sets it.
func (p Param) Default(profile Profile) string { return p.defaults[profile] }
