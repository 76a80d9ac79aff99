package clock

// minutesEast are the zones of time_zone in minutes east of Greenwich. The
// reference (section 3) has the names from west to east; where it leaves a name
// open, its place in that row decides: HST, between WAST and JST, is Hong Kong
// and not Hawaii.
var minutesEast = map[string]int{
	"IDL":  -12 * 60,     // date line
	"NT":   -11 * 60,     // Nome
	"AHST": -10 * 60,     // Alaska, Hawaii
	"IMT":  -(9*60 + 30), // Marquesas
	"YST":  -9 * 60,      // Yukon
	"PST":  -8 * 60,
	"MST":  -7 * 60,
	"CST":  -6 * 60,
	"EST":  -5 * 60,
	"AST":  -4 * 60,      // Atlantic
	"NST":  -(3*60 + 30), // Newfoundland
	"BST":  -3 * 60,      // Brazil
	"AT":   -2 * 60,      // Azores
	"WAT":  -1 * 60,      // West Africa
	"GMT":  0,
	"CET":  1 * 60,
	"EET":  2 * 60,
	"BT":   3 * 60,    // Baghdad
	"IT":   3*60 + 30, // Iran
	"ZP4":  4 * 60,
	"AFG":  4*60 + 30, // Afghanistan
	"ZP5":  5 * 60,
	"IST":  5*60 + 30, // India
	"ZP6":  6 * 60,
	"SUM":  6*60 + 30, // North Sumatra
	"WAST": 7 * 60,    // West Australia, as tables of the time had it
	"HST":  8 * 60,    // Hong Kong
	"JST":  9 * 60,
	"CAST": 9*60 + 30, // Central Australia
	"EAST": 10 * 60,   // East Australia
	"EADT": 11 * 60,   // East Australia in summer
	"NZST": 12 * 60,
}
