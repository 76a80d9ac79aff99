package tone

// Name is a call-progress tone.
type Name uint8

// The tones of the guide's call states (reference section 8).
const (
	None Name = iota
	Dial
	OutsideDial
	Ringback
	Busy
	Reorder
	CallWaiting
	Stutter
	Confirmation
	BeepBonk
	Zip
	NumNames
)
