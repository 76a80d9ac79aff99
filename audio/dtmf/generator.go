package dtmf

import "deskset/audio/tone"

// Nominal levels on the line per frequency group in dBm0. The high group is
// sent 2 dB stronger: lines lose more of it.
const (
	lowLevel  = -8
	highLevel = -6
)

// maxGain in dB keeps the sum of both sines within full scale.
const maxGain = 4

// Generator puts digits as tones into the voice. It belongs to the audio side.
type Generator struct {
	keyer *Keyer
	chord *tone.Chord
	level int
}

// NewGenerator makes a generator that reads keys, for blocks at rate, in Hz.
func NewGenerator(keys *Keys, rate int) *Generator {
	return &Generator{keyer: NewKeyer(keys, rate), chord: tone.NewChord(rate)}
}

// SetLevel sets the level in dB relative to nominal (dtmf_db_level, -6 to +6).
// More than +4 would clip and is taken as +4.
func (g *Generator) SetLevel(dB int) { g.level = min(dB, maxGain) }

// Reset ends the digit that sounds, see [Keyer.Reset].
func (g *Generator) Reset() { g.keyer.Reset() }

// Apply replaces the voice in block by tones while digits sound, and by
// silence in the pauses after them. Blocks may have any length; those longer
// than a pause lengthen it.
func (g *Generator) Apply(block []float32) {
	stage := g.keyer.Advance(len(block))
	if stage.First {
		low, high, _ := tone.KeyTone(stage.Digit)
		sines := [2]tone.Sine{
			{Hz: low, DBm0: float64(lowLevel + g.level)},
			{Hz: high, DBm0: float64(highLevel + g.level)},
		}
		g.chord.Tune(sines[:])
	}
	g.chord.Gate(stage.Digit != 0)
	if stage.Digit != 0 || stage.Pause || g.chord.Sounding() {
		g.chord.Read(block)
	}
}
