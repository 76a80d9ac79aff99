package tone

// KeyPad plays the tones of dial-pad keys into the local ear.
type KeyPad struct{}

// NewKeyPad makes a player for blocks at sampleRate, in Hz.
func NewKeyPad(sampleRate int) *KeyPad { return &KeyPad{} }

// Down begins the tone of a digit '0'-'9', '*', '#', 'A'-'D', and reports
// whether it is one. Control side.
func (k *KeyPad) Down(digit byte) bool { return false }

// Up ends the tone, after 100 ms at least. Control side.
func (k *KeyPad) Up() {}

// Read overwrites dst with the next samples and tells whether any sounds; if
// not, dst is silence. Audio side.
func (k *KeyPad) Read(dst []float32) bool { clear(dst); return false }
