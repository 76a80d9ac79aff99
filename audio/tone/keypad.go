package tone

import (
	"strings"
	"sync/atomic"
)

// ITU-T Q.23: rows and columns of the dial pad, in Hz.
var (
	rows    = [4]float64{697, 770, 852, 941}
	columns = [4]float64{1209, 1336, 1477, 1633}
)

const pad = "123A456B789C*0#D"

// KeyTone gives the two frequencies in Hz of a digit '0'-'9', '*', '#',
// 'A'-'D' (ITU-T Q.23); ok is false for anything else.
func KeyTone(digit byte) (low, high float64, ok bool) {
	i := strings.IndexByte(pad, digit)
	if i < 0 {
		return 0, 0, false
	}
	return rows[i/4], columns[i%4], true
}

// KeyAt gives the digit at a row and a column of the pad, 0 to 3 each.
func KeyAt(row, column int) byte { return pad[4*row+column] }

// Rows and Columns give the frequencies of the pad in Hz, from top and left.
func Rows() [4]float64 { return rows }

// Columns gives the frequencies of the pad's columns, see [Rows].
func Columns() [4]float64 { return columns }

// keyLevel is for the own ear only: well below what goes to the line.
const keyLevel = -17

// minKey is in milliseconds; a key sounds that long however short the press.
const minKey = 100

// KeyPad plays the tones of dial-pad keys into the local ear.
type KeyPad struct {
	// order holds a count of presses above the digit (low byte) and heldBit.
	order atomic.Uint64

	// What follows belongs to the audio side.
	chord  *Chord
	keys   [len(pad)][]Sine
	obeyed uint64 // count of the press that sounds
	min    int    // samples that a key sounds at least
	left   int    // samples of that still to come
}

const (
	heldBit    = 1 << 8
	pressShift = 9
)

// NewKeyPad makes a player for blocks at sampleRate, in Hz.
func NewKeyPad(sampleRate int) *KeyPad {
	k := &KeyPad{chord: NewChord(sampleRate), min: minKey * sampleRate / 1000}
	for i := range k.keys {
		k.keys[i] = pair(rows[i/4], columns[i%4], keyLevel)
	}
	return k
}

// Down begins the tone of a digit '0'-'9', '*', '#', 'A'-'D', in place of one
// that still sounds, and reports whether it is one. Control side.
func (k *KeyPad) Down(digit byte) bool {
	if _, _, ok := KeyTone(digit); !ok {
		return false
	}
	press := k.order.Load()>>pressShift + 1
	k.order.Store(press<<pressShift | heldBit | uint64(digit))
	return true
}

// Up ends the tone, after 100 ms at least. Control side.
func (k *KeyPad) Up() { k.order.Store(k.order.Load() &^ heldBit) }

// Read overwrites dst with the next samples and tells whether any sounds; if
// not, dst is silence. Audio side.
func (k *KeyPad) Read(dst []float32) bool {
	order := k.order.Load()
	if press := order >> pressShift; press != k.obeyed {
		k.obeyed, k.left = press, k.min
		k.chord.Tune(k.keys[strings.IndexByte(pad, byte(order))])
	}
	k.chord.Gate(order&heldBit != 0 || k.left > 0)
	n := len(dst)
	if order&heldBit == 0 && k.left > 0 {
		n = min(n, k.left)
	}
	k.left = max(0, k.left-n)
	sounds := k.chord.Read(dst[:n])
	if n < len(dst) {
		k.chord.Gate(false)
		sounds = k.chord.Read(dst[n:]) || sounds
	}
	return sounds
}
