package view

// Lamp is one light of the instrument.
type Lamp uint8

// The lamps. LampMessage is the strip in the handset's head: steady for voice
// mail, blinking while the phone rings.
const (
	LampMessage Lamp = iota
	LampHeadset
	LampMute
	LampSpeaker
	NumLamps
)

var lampNames = [NumLamps]string{"lamp.mwi", "lamp.headset", "lamp.mute", "lamp.speaker"}

// String gives the lamp's name in the geometry table.
func (l Lamp) String() string {
	if l < NumLamps {
		return lampNames[l]
	}
	return "lamp(?)"
}

// LampState is what a lamp shows.
type LampState uint8

// A blinking lamp is lit while View.BlinkOn is true: the phone's clock blinks,
// not the face's.
const (
	LampOff LampState = iota
	LampOn
	LampBlinking
)

// View is all that a person can see of the phone at one moment.
type View struct {
	// Seq grows by one with each view; a face may skip views.
	Seq uint64
	// Screen is the LCD.
	Screen Screen
	// Lamps by Lamp.
	Lamps [NumLamps]LampState
	// BlinkOn is the phase of everything that blinks: lamps, ringing icons,
	// the editing cursor.
	BlinkOn bool
	// HandsetLifted is true while the handset is out of its cradle.
	HandsetLifted bool
	// Contrast of the LCD, 0 (pale) to 20 (dark).
	Contrast int
	// Number is the number on the screen worth copying: the one being
	// dialled or the far party's. Empty if there is none.
	Number string
	// Title is one line for the window's title bar and for notifications.
	Title string
	// Timeline is the start-up for the panel beside the face; nil shows none.
	// Like the rest of a View it is immutable once published.
	Timeline *Timeline
}

// Lit tells whether a lamp is alight at this moment.
func (v View) Lit(l Lamp) bool {
	switch v.Lamps[l] {
	case LampOn:
		return true
	case LampBlinking:
		return v.BlinkOn
	}
	return false
}
