package services

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"deskset/phonecore/foreign"
	"deskset/phonecore/view"
	"deskset/provisioning/param"
	"deskset/provisioning/xmltree"
)

// Limits of what is shown (reference section 6).
const (
	maxItems        = 100
	maxIconItems    = 32
	maxGraphicItems = 12
	maxIcons        = 10
	maxInputs       = 5
	maxEntries      = 32
	maxExecute      = 3
	maxSoftKeys     = 16
	maxKeys         = 32

	maxTitle   = 32
	maxName    = 64
	nameLines  = 3
	maxNumber  = 64
	maxEntered = 128
	maxText    = 4000
	maxSoft    = 16

	// instrumentURL is what fits on the instrument. Servers of today make
	// longer ones, and half a URL is of no use, so they are taken to maxURL.
	instrumentURL = 256
	maxURL        = 8192

	paneWidth, paneHeight     = 133, 65
	iconWidth, iconHeight     = 16, 10
	statusWidth, statusHeight = 106, 21
	// maxPixels of a picture before it is cut.
	maxPixels = 1 << 18
)

// reader takes values out of elements and notes what it could not take.
type reader struct {
	name  string
	notes []param.Problem
}

const maxNotes = 50

func (r *reader) note(n *xmltree.Node, code param.Code, text string) {
	if len(r.notes) < maxNotes {
		r.notes = append(r.notes, param.Problem{Severity: param.Warning, Code: code, Source: r.name, Line: n.Line, Text: text})
	}
}

// most cuts a list.
func (r *reader) most(nodes []*xmltree.Node, most int) []*xmltree.Node {
	if len(nodes) <= most {
		return nodes
	}
	r.note(nodes[most], param.CodeTooLarge, fmt.Sprintf("%d times <%s>; the first %d are taken", len(nodes), line(nodes[0].Name, maxName), most))
	return nodes[:most]
}

// cut keeps a text to a number of characters.
func (r *reader) cut(n *xmltree.Node, what, text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	r.note(n, param.CodeTooLarge, fmt.Sprintf("%s is cut to %d characters", what, most))
	return strings.TrimSpace(string(runes[:most]))
}

// line is a child's text in one line.
func (r *reader) line(n *xmltree.Node, name string, most int) string {
	return r.cut(n, name, line(n.Value(name), most+1), most)
}

// line makes one line of a text of the network.
func line(text string, most int) string { return foreign.Line(text, most) }

// lines cleans each line of a running text; empty lines stay, but not at the
// beginning and the end.
func (r *reader) lines(text string, most int) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	var b strings.Builder
	for l := range strings.SplitSeq(text, "\n") {
		if b.Len() > 4*most {
			break
		}
		b.WriteString(line(l, most))
		b.WriteByte('\n')
	}
	return strings.Trim(b.String(), "\n")
}

// title is a name of a menu's item, which may have three lines.
func (r *reader) title(n *xmltree.Node) string {
	all := strings.Split(r.lines(n.Value("Name"), maxName+1), "\n")
	all = slices.DeleteFunc(all, func(l string) bool { return l == "" })
	if len(all) > nameLines {
		all = append(all[:nameLines-1], strings.Join(all[nameLines-1:], " "))
	}
	return r.cut(n, "Name", strings.Join(all, "\n"), maxName)
}

// number is a child's number, or another one if there is none.
func (r *reader) number(n *xmltree.Node, name string, or int) int {
	return r.parseNumber(n, name, n.Value(name), or)
}

func (r *reader) parseNumber(n *xmltree.Node, name, text string, or int) int {
	text = strings.TrimSpace(text)
	if text == "" {
		return or
	}
	v, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		r.note(n, param.CodeBadValue, fmt.Sprintf("%s %q: want a number", name, line(text, maxTitle)))
		return or
	}
	return int(v)
}

// url keeps the text of a URL; what it means shows when it is used.
func (r *reader) url(n *xmltree.Node, text string) string {
	text = strings.TrimSpace(text)
	switch {
	case len(text) > maxURL:
		r.note(n, param.CodeTooLarge, fmt.Sprintf("a URL of %d bytes is left out", len(text)))
		return ""
	case len(text) > instrumentURL:
		r.note(n, param.CodeTooLarge, fmt.Sprintf("a URL has %d bytes; %d fit on the instrument", len(text), instrumentURL))
	}
	return text
}

func (r *reader) items(n *xmltree.Node, most int) []Item {
	var items []Item
	for _, m := range r.most(n.All("MenuItem"), most) {
		item := Item{Name: r.title(m), URL: r.url(m, m.Value("URL")), Icon: r.number(m, "IconIndex", -1)}
		if item.Icon < 0 || item.Icon >= maxIcons {
			item.Icon = -1
		}
		items = append(items, item)
	}
	return items
}

func (r *reader) head(n *xmltree.Node) Head {
	head := Head{Title: r.line(n, "Title", maxTitle), Prompt: r.line(n, "Prompt", maxTitle)}
	for _, s := range r.most(n.All("SoftKeyItem"), maxSoftKeys) {
		key := SoftKey{
			Position: r.number(s, "Position", 0), Name: r.line(s, "Name", maxSoft),
			URL: r.url(s, s.Value("URL")), Down: r.url(s, s.Value("URLDown")),
		}
		if key.Position < 0 || key.Position > maxSoftKeys {
			r.note(s, param.CodeBadValue, fmt.Sprintf("soft key position %d is not 1 to %d; the next free one is taken", key.Position, maxSoftKeys))
			key.Position = 0
		}
		head.SoftKeys = append(head.SoftKeys, key)
	}
	settle(head.SoftKeys)
	for _, k := range r.most(n.All("KeyItem"), maxKeys) {
		name := line(k.Value("Key"), maxTitle)
		key, err := keyNamed(name)
		if err != nil {
			r.note(k, param.CodeBadValue, err.Error())
			continue
		}
		head.Keys = append(head.Keys, KeyAction{Key: key, URL: r.url(k, k.Value("URL")), Down: r.url(k, k.Value("URLDown"))})
	}
	return head
}

// settle gives the soft keys that have no position of their own the next free
// ones, and sorts them.
func settle(keys []SoftKey) {
	var taken [2*maxSoftKeys + 2]bool
	for i := range keys {
		if at := &keys[i].Position; taken[*at] {
			*at = 0
		} else if *at > 0 {
			taken[*at] = true
		}
	}
	next := 1
	for i := range keys {
		if keys[i].Position > 0 {
			continue
		}
		for taken[next] {
			next++
		}
		keys[i].Position, taken[next] = next, true
	}
	slices.SortStableFunc(keys, func(a, b SoftKey) int { return cmp.Compare(a.Position, b.Position) })
}

// keyNamed finds the key of a Key URI or KeyItem.
func keyNamed(name string) (view.Key, error) {
	key, known := keys[strings.ToLower(name)]
	if !known {
		return view.KeyNone, fmt.Errorf("%w: this phone has no key %q", ErrURI, line(name, maxTitle))
	}
	return key, nil
}

// keys by their names in Key URIs, in lower case.
var keys = func() map[string]view.Key {
	all := map[string]view.Key{
		"keypadstar": view.KeyStar, "keypadpound": view.KeyPound,
		"volup": view.KeyVolumeUp, "voldwn": view.KeyVolumeDown,
		"headset": view.KeyHeadset, "speaker": view.KeySpeaker, "mute": view.KeyMute,
		"info": view.KeyInfo, "messages": view.KeyMessages, "services": view.KeyServices,
		"directories": view.KeyDirectories, "settings": view.KeySettings,
		"navup": view.KeyScrollUp, "navdwn": view.KeyScrollDown,
	}
	for digit := range 10 {
		all["keypad"+strconv.Itoa(digit)] = view.DigitKey('0' + rune(digit))
	}
	for i := 1; i <= view.NumLines; i++ {
		all["line"+strconv.Itoa(i)] = view.LineKey(i)
	}
	for i := 1; i <= view.NumSoftKeys; i++ {
		all["soft"+strconv.Itoa(i)] = view.SoftKey(i)
	}
	return all
}()
