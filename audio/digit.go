package audio

// DigitMethod is a way of sending digits within a call.
type DigitMethod uint8

// The methods.
const (
	DigitsNone   DigitMethod = iota
	DigitsEvents             // telephone-event, RFC 4733
	DigitsTones              // in the voice, ITU-T Q.23
	DigitsInfo               // by the signalling, RFC 6086
)

// HeardDigit is a digit that the peer has sent.
type HeardDigit struct {
	Key    byte // '0'-'9', '*', '#', 'A'-'D'
	Method DigitMethod
}

// MaxHeardDigits is how many of them are remembered.
const MaxHeardDigits = 8

// HeardDigits are the last ones, the newest last; those before the first have no
// key.
type HeardDigits [MaxHeardDigits]HeardDigit

// Add puts a digit at the end.
func (h *HeardDigits) Add(d HeardDigit) {
	copy(h[:], h[1:])
	h[MaxHeardDigits-1] = d
}
