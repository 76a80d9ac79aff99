package edit

import "time"

// TapTime is how long a key waits for being pressed again.
const TapTime = time.Second

// Mode says what the dial pad writes.
type Mode uint8

// The modes, named after the soft keys that choose them.
const (
	Number Mode = iota
	Alpha
)

// cycles are the characters of each key in the order in which repeated presses
// bring them: lower case first (guide 2-13), then the digit, then upper case.
// The star begins with the dot (guide 2-21, "use * for dots"). In the mode
// Number a digit is a digit at once; the star's second character is the star,
// which numbers of voice mail begin with. Every printable ASCII character is
// on some key of Alpha.
var cycles = [...]map[byte]string{
	Number: {
		'1': "1", '2': "2", '3': "3", '4': "4", '5': "5", '6': "6", '7': "7", '8': "8", '9': "9", '0': "0",
		'*': ".*", '#': "#",
	},
	Alpha: {
		'1': "1@!$%&^<>", '2': "abc2ABC", '3': "def3DEF", '4': "ghi4GHI", '5': "jkl5JKL", '6': "mno6MNO",
		'7': "pqrs7PQRS", '8': "tuv8TUV", '9': "wxyz9WXYZ", '0': "0 _,'\"|~`",
		'*': ".-+*/=\\:;", '#': "#?()[]{}",
	},
}
