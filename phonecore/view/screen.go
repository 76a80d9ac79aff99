package view

// Layout says which of the LCD's arrangements a Screen uses.
type Layout uint8

// The arrangements of design/screens.md.
const (
	// LayoutOff is a dark LCD: no power yet.
	LayoutOff Layout = iota
	// LayoutStartUp is the copyright screen: Title, Text lines, Message,
	// Progress.
	LayoutStartUp
	// LayoutPhone is the idle and call screen: Status, Rows at the left,
	// Lines at the right, Prompt, Soft.
	LayoutPhone
	// LayoutMenu is a numbered list over the whole width: Title, Items,
	// Selected, First, Prompt, Soft.
	LayoutMenu
	// LayoutText is a page of running text: Title, Text, First, Prompt, Soft.
	LayoutText
	// LayoutEditor is the editing panel: Title, Edit, Text as hints below
	// it, Prompt, Soft.
	LayoutEditor
	// LayoutImage is a page with a picture of at most 133 x 65 pixels beside
	// or instead of text: Title, Image, Prompt, Soft.
	LayoutImage
)

// Icon is a small picture on the LCD.
type Icon uint8

// The icons of the LCD.
const (
	IconNone Icon = iota
	IconOnHook
	IconOffHook
	IconRinging
	IconHold
	IconNotRegistered
	IconSpeedDial
	IconForwarded
	IconMuted
	IconLocked
	IconUnlocked
	IconEncrypted
	IconMessage
	IconConnected
	IconRingOut
	// Icons of a stage of the start-up: see StageState.
	IconPending
	IconRunning
	IconDone
	IconFailed
	IconSkipped
	NumIcons
)

// Style is how a row of text is set.
type Style uint8

// The faces of the LCD. StyleLarge is for digits being dialled and takes two
// rows.
const (
	StyleNormal Style = iota
	StyleBold
	StyleLarge
	StyleFaint
)

// TextRows is how many lines of a text page are in view.
const TextRows = 7

// NumRows is how many rows the pane has, one beside each line key.
const NumRows = 6

// Screen is the content of the LCD. Which fields count depends on Layout; the
// wording is final: a face never makes up text.
type Screen struct {
	Layout Layout
	// Name tells the state for scripts, tests and screenshots: "idle",
	// "dialling", "incoming", "menu.settings" and so on.
	Name   string
	Status StatusRow
	Rows   []Row
	Lines  [NumLines]LineLabel
	Prompt string
	Soft   [NumSoftKeys]string

	Title   string
	Text    []string
	Message string
	// Progress is the bar of the start-up, or of a menu, where it stands at the
	// end of the prompt's row.
	Progress Progress
	Items    []Item
	// Selected is the index of the highlighted item or row, -1 for none.
	Selected int
	// First is the index of the first item or text line in view. A face that
	// shows fewer than all keeps Selected in view whatever First says.
	First int
	Edit  Editor
	Image *Image
}

// StatusRow is the top row of the LCD.
type StatusRow struct {
	Left  string // time and date
	Right string // phone label or primary number
	Icon  Icon   // padlock, at the far right
}

// Row is one row of the pane at the left of the line labels.
type Row struct {
	Icon  Icon
	Text  string
	Right string // set flush right within the pane, e.g. a call's duration
	Style Style
	// Highlight inverts the row: the selected call.
	Highlight bool
	// Cursor draws the entry cursor behind Text, blinking.
	Cursor bool
}

// LineLabel is the text beside a line key.
type LineLabel struct {
	Text string
	Icon Icon
	// Blink lets the icon blink: ringing, held.
	Blink bool
	// Selected marks the line in use.
	Selected bool
}

// Item is one entry of a menu or list.
type Item struct {
	Number int // shown at the left; 0 for none
	Label  string
	Value  string
	Icon   Icon
	// Bar is shown in place of Value.
	Bar Progress
}

// Editor is the line being edited.
type Editor struct {
	Text   string
	Cursor int // in runes, 0 to the length of Text
	// Pending is true while multi-tap may still change the rune before the
	// cursor.
	Pending bool
}

// Progress is a bar. The zero value shows none.
type Progress struct {
	Shown bool
	// Done in thousandths, 0 to 1000.
	Done int
}

// Image is a picture in four greys: 0 is the LCD's background, 3 is darkest.
type Image struct {
	Width, Height int
	// X, Y place it in the pane; -1 centres it.
	X, Y int
	// Pixels holds Width*Height values of 0 to 3, row by row.
	Pixels []byte
}
