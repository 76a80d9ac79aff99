package param

// Kind is the type of a parameter's value.
type Kind uint8

// The kinds. Every value is kept as text; Kind says how it is checked.
const (
	Text   Kind = iota // any text, Min..Max characters
	Int                // decimal, Min..Max
	Bool               // 0 or 1
	Choice             // one of Choices
	Host               // IP address or host name
	URI                // number, SIP address or URL
	Secret             // text never shown, logged or traced
	IPv4               // dotted decimal; 0.0.0.0 unsets (guide 2-13)
)

// Param describes one parameter.
type Param struct {
	Name string // as in the files, lower case: "line1_name"
	// XML is the path of the element in SEP<MAC>.cnf.xml, below device; one
	// that begins with line/ is below the element of the line. Empty: none.
	XML string
	// Menu is the label in the menu SIP Configuration or Network Configuration;
	// empty if the parameter is in neither.
	Menu     string
	Kind     Kind
	Min, Max int
	Choices  []string
	Unit     string // "ms", "s" or empty
	// Line is 1 to 6 for a parameter of one line, 0 for the others.
	Line int
	// Locks marks switches of the form 0 off, 1 on, 2 off for good, 3 on for good:
	// nobody can change the last two on the phone.
	Locks bool
	// PhoneOnly marks parameters that belong in the phone-specific file only.
	PhoneOnly bool
	// Local marks Deskset's own settings of this machine: flags, environment,
	// settings file and flash set them, never a file from the network.
	Local bool
	// Since is the firmware generation that brought it, e.g. "1.0", or
	// "deskset" for our own.
	Since string
	// Until is the generation that dropped it, empty if none did.
	Until string
	// Help is one sentence for the manual and the i key.
	Help string
	// defaults by profile; see Default.
	defaults [numProfiles]string
	// beyond says what becomes of a number or a length outside Min..Max.
	beyond beyond
	// low and high are taken too, with a note, where instruments take less.
	low, high int
	// also are values of a Choice or numbers that are taken but not offered.
	also []string
	// wanted are those of the Choices that an instrument knows: an error names
	// them only. Nil is all.
	wanted []string
	// normal checks instead of the kind's own rule.
	normal func(p *Param, text string) (checked, error)
}

// Origin says which layer a value came from. Higher ones win.
type Origin uint8

// The layers, from weakest to strongest.
const (
	FromDefault Origin = iota
	FromFlash
	FromDefaultFile // SIPDefault.cnf
	FromPhoneFile   // SIP<MAC>.cnf
	FromSettings    // the user's settings file
	FromEnvironment
	FromFlag
	numOrigins
)

// Value is a parameter's value and where it came from.
type Value struct {
	Text   string
	Origin Origin
	// Source names the file and line, "SIPDefault.cnf:12", or the flag.
	Source string
}
