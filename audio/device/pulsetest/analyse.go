package pulsetest

import "math"

// toneWindow is the stretch of sound that is judged at a time: 50 ms.
const toneWindow = 2400

// Level is the amplitude of one frequency in samples, full scale is 1
// (Goertzel's sum).
func Level(samples []int16, hz float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	var re, im float64
	for i, v := range samples {
		sin, cos := math.Sincos(2 * math.Pi * hz * float64(i) / 48000)
		re += float64(v) * cos
		im += float64(v) * sin
	}
	return 2 * math.Hypot(re, im) / float64(len(samples)) / 32768
}

// RMS is the effective value of samples, full scale is 1.
func RMS(samples []int16) float64 {
	if len(samples) == 0 {
		return 0
	}
	var sum float64
	for _, v := range samples {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum/float64(len(samples))) / 32768
}

// ToneShare is the part of samples, 0 to 1, in which a tone is clearly heard:
// windows of 50 ms that hold at least -46 dBFS, four fifths of it in the tone.
func ToneShare(samples []int16, hz float64) float64 {
	windows, heard := 0, 0
	for ; len(samples) >= toneWindow; samples = samples[toneWindow:] {
		w := samples[:toneWindow]
		windows++
		tone := Level(w, hz) / math.Sqrt2
		if rms := RMS(w); rms > 0.005 && tone*tone > 0.8*rms*rms {
			heard++
		}
	}
	if windows == 0 {
		return 0
	}
	return float64(heard) / float64(windows)
}
