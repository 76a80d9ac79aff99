package g729

// Figures of the Recommendation that only the encoder needs; see tables.go.
var (
	// gainFirstIndex and gainSecondIndex are the indices on the line of the
	// rows of gainFirst and gainSecond: the inverse of gainFirstRow and
	// gainSecondRow.
	gainFirstIndex  [8]uint8
	gainSecondIndex [16]uint8

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
