package g729

import (
	"hash/crc32"
	"slices"
	"testing"
)

// checksum names a table's figures without repeating them.
func checksum(values ...int16) uint32 {
	raw := make([]byte, 0, 2*len(values))
	for _, v := range values {
		raw = append(raw, byte(v), byte(v>>8))
	}
	return crc32.ChecksumIEEE(raw)
}

// TestFormulasGiveTheFiguresOfTheStandard: the checksums are those of the
// tables that implementations print.
func TestFormulasGiveTheFiguresOfTheStandard(t *testing.T) {
	for name, table := range map[string]struct {
		values []int16
		want   uint32
	}{
		"cosine":       {cosTable[:64], 0x4f8b0847},
		"cosine slope": {cosSlope[:], 0x9ed41b14},
		"logarithm":    {logTable[:], 0x5474b326},
		"power":        {powTable[:], 0xe3e9fe51},
		"inverse root": {sqrtTable[:], 0xd97bb52f},
		"SID gains":    {noiseGain[:], 0x3f782d26},
	} {
		if got := checksum(table.values...); got != table.want {
			t.Errorf("%s: checksum %#x, want %#x: %v", name, got, table.want, table.values)
		}
	}
	for name, table := range map[string][2][]int16{
		"gain predictor": {gainPredictor[:], {5571, 4751, 2785, 1556}},
		"initial LSF":    {initialLSF[:], {2339, 4679, 7018, 9358, 11698, 14037, 16377, 18717, 21056, 23396}},
		"SID predictor":  {noisePredict[1][3][:], {3643, 2455, 1944, 2466, 2438, 2259, 2798, 2775, 2479, 3124}},
	} {
		if !slices.Equal(table[0], table[1]) {
			t.Errorf("%s: %v, want %v", name, table[0], table[1])
		}
	}
}

// TestTrainedFiguresAreUnchanged guards the figures that were compared entry by
// entry with two other implementations.
func TestTrainedFiguresAreUnchanged(t *testing.T) {
	var first, second, predictor []int16
	for _, row := range lspFirst {
		first = append(first, row[:]...)
	}
	for _, row := range lspSecond {
		second = append(second, row[:]...)
	}
	for _, frames := range lspPredictor {
		for _, row := range frames {
			predictor = append(predictor, row[:]...)
		}
	}
	for name, table := range map[string]struct {
		values []int16
		want   uint32
	}{
		"L1":            {first, 0xd372ce8b},
		"L2 and L3":     {second, 0x771ce736},
		"predictors":    {predictor, 0x24eabb43},
		"interpolation": {interpolation[:], 0x3f88cae9},
	} {
		if got := checksum(table.values...); got != table.want {
			t.Errorf("%s: checksum %#x, want %#x", name, got, table.want)
		}
	}
}
