package services

import "deskset/phonecore/view"

// Object is what a server sent: Menu, Text, Input, Directory, Image,
// GraphicMenu, IconMenu, Status, Execute, Response or ErrorObject.
type Object interface{ object() }

// Head is what the objects that fill a page have in common. Each may be empty.
type Head struct {
	Title, Prompt string
	// SoftKeys in the order of their positions. Without any the phone shows
	// its own for the kind of object.
	SoftKeys []SoftKey
	// Keys are actions of other keys while the page is shown.
	Keys []KeyAction
}

// SoftKey is one of the page's own soft keys. URL and Down go to [Page.Press]
// when the key is released and pressed; Down is mostly empty.
type SoftKey struct {
	// Position from 1; positions beyond 4 need a further row.
	Position  int
	Name      string
	URL, Down string
}

// KeyAction is what a key of the phone does while a page is shown.
type KeyAction struct {
	Key       view.Key
	URL, Down string
}

// Item is an entry of a menu.
type Item struct {
	// Name may hold two line breaks.
	Name string
	// URL goes to [Page.Resolve].
	URL string
	// Icon is an index into IconMenu.Icons, -1 for none.
	Icon int
}

// Menu is a list to choose from.
type Menu struct {
	Head
	Items []Item
}

// Text is a page of running text, with line breaks.
type Text struct {
	Head
	Text string
}

// Input is a form; see [Page.Submit].
type Input struct {
	Head
	URL   string
	Items []InputItem
}

// InputItem is a field of a form.
type InputItem struct {
	// Name is shown, Param is the name in the query.
	Name, Param, Default string
	Kind                 InputKind
	// Password asks for stars instead of what is entered.
	Password bool
}

// Directory is a list of people to dial.
type Directory struct {
	Head
	Entries []Entry
}

// Entry is a person of a Directory.
type Entry struct{ Name, Number string }

// Image is a picture over the page.
type Image struct {
	Head
	Image view.Image
}

// GraphicMenu is a picture whose items are chosen by the numbers 1 to 12.
type GraphicMenu struct {
	Head
	Image view.Image
	Items []Item
}

// IconMenu is a menu with a small picture before each item.
type IconMenu struct {
	Head
	Items []Item
	// Icons by index; those that were not sent are nil.
	Icons [maxIcons]*view.Image
}

// Status hovers over the calls: a line, a timer that counts up from Seconds
// if Timed, and a small picture, nil if there is none.
type Status struct {
	Text    string
	Timed   bool
	Seconds int
	Image   *view.Image
}

// Execute is a list of actions; see [Page.Plan].
type Execute struct{ Items []ExecuteItem }

// ExecuteItem is an action with its urgency.
type ExecuteItem struct {
	URL      string
	Priority Priority
}

// Priority says when a page that was pushed may be fetched.
type Priority int

// The priorities of ExecuteItem.
const (
	PriorityNow Priority = iota
	PriorityWhenIdle
	PriorityIfIdle
)

// Response tells how each action of an Execute went.
type Response struct{ Items []ResponseItem }

// ResponseItem is the result of one action; Status 0 is success.
type ResponseItem struct {
	Status    int
	Data, URL string
}

// ErrorObject is a server's refusal: 1 parsing, 2 framing, 3 file, 4
// authentication.
type ErrorObject struct {
	Number int
	Text   string
}

func (Menu) object()        {}
func (Text) object()        {}
func (Input) object()       {}
func (Directory) object()   {}
func (Image) object()       {}
func (GraphicMenu) object() {}
func (IconMenu) object()    {}
func (Status) object()      {}
func (Execute) object()     {}
func (Response) object()    {}
func (ErrorObject) object() {}

// Common gives what an object has in common with others that fill a page; the
// zero Head for those that do not.
func Common(o Object) Head {
	switch o := o.(type) {
	case Menu:
		return o.Head
	case Text:
		return o.Head
	case Input:
		return o.Head
	case Directory:
		return o.Head
	case Image:
		return o.Head
	case GraphicMenu:
		return o.Head
	case IconMenu:
		return o.Head
	}
	return Head{}
}
