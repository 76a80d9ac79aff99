// Package linear turns sound into samples of 16 bits, as codecs, files and
// recordings have them, and back. Nothing else in the program does it: two ways would
// differ in rounding, and so in the noise of what is silent.
package linear

// Sample gives the nearest sample of 16 bits; full scale is ±1. What is louder
// is clipped, and what is no number is silence.
func Sample(v float32) int16 {
	v *= 32768
	switch {
	case v >= 32767:
		return 32767
	case v <= -32768:
		return -32768
	case v != v:
		return 0
	case v < 0:
		return int16(v - 0.5)
	}
	return int16(v + 0.5)
}

// Sound gives what a sample stands for, -1 to 1.
func Sound(v int16) float32 { return float32(v) / 32768 }
