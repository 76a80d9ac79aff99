package tone

// Ringer plays rings by name.
type Ringer struct{}

// The built-in rings (guide, "Customizing the Cisco SIP IP Phone Ring Types").
const (
	Chirp1 = "Chirp 1"
	Chirp2 = "Chirp 2"
)

// NewRinger makes a player for blocks at sampleRate, in Hz.
func NewRinger(sampleRate int) *Ringer { return &Ringer{} }

// SetPCM adds a ring, or replaces it: raw µ-law at 8 kHz, 240 to 16080 bytes,
// a multiple of 240. Control side.
func (r *Ringer) SetPCM(name string, ulaw []byte) error { return nil }

// Play rings until Stop; an unknown name rings Chirp 1 and gives false.
// Control side.
func (r *Ringer) Play(name string) bool { return false }

// Stop falls silent. Control side.
func (r *Ringer) Stop() {}

// Read overwrites dst with the next samples and tells whether any sounds; if
// not, dst is silence. Audio side.
func (r *Ringer) Read(dst []float32) bool { clear(dst); return false }
