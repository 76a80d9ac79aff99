package g729

// Figures of the Recommendation that only the encoder needs; see tables.go.
var (
	// gainFirstIndex and gainSecondIndex are the indices on the line of the
	// rows of gainFirst and gainSecond: the inverse of gainFirstRow and
	// gainSecondRow.
	gainFirstIndex  [8]uint8
	gainSecondIndex [16]uint8

	// preselect leads from the optimum gains to coordinates along the two gain
	// codebooks (section 3.9.2), as Q26, Q30, Q32 and Q35; upper halves alone
	// are Q10, Q14, Q16 and Q19. The bounds (Q14, Q15) say where the clusters of
	// four and of eight neighbouring rows begin.
	preselect       = [2][2]int32{{2089405952, 1731217536}, {2067549984, 1822990272}}
	gainFirstBound  = [4]int16{10808, 12374, 19778, 32567}
	gainSecondBound = [8]int16{14087, 16188, 20274, 21321, 23525, 25232, 27873, 30542}

	// noiseFirstScale weighs the errors of the two noise predictors, Q15.
	noiseFirstScale = [2]int16{8644, 16572}
	// lowBand is the autocorrelation of the filter of section B.3.1.3, Q15.
	lowBand = [13]int16{7869, 7011, 4838, 2299, 321, -660, -782, -484, -164, 3, 39, 21, 4}
)

func init() {
	for index, row := range gainFirstRow {
		gainFirstIndex[row] = uint8(index)
	}
	for index, row := range gainSecondRow {
		gainSecondIndex[row] = uint8(index)
	}
}
