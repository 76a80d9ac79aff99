package terminal

import (
	"strconv"
	"strings"

	"deskset/phonecore/view"
)

// The drawing's width in columns. Below minWidth nothing useful fits: lines are
// cut. Above maxWidth the box would tear labels and text apart.
const (
	minWidth = 24
	maxWidth = 72
)

// paneRows is how many rows stand between the status row and the prompt.
const paneRows = view.NumRows

// Text draws a view for a terminal of the given width in columns, one string
// per line, without line ends: the LCD in a box, the soft keys, the lamps.
// With colour the lines hold SGR codes, without they are text only.
func Text(v view.View, width int, colour bool) []string {
	return drawn(draw(v, min(width, maxWidth)), width, colour)
}

// drawn makes strings of lines, none wider than width.
func drawn(lines []line, width int, colour bool) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		if l.cells() > width {
			l = l.fit(max(0, width))
		}
		out[i] = strings.TrimRight(l.string(colour), " ")
	}
	return out
}

func draw(v view.View, width int) []line {
	inner := max(width, minWidth) - 4 // two borders, and the line key's number
	lines := []line{rule("╭", "─", "╮", inner)}
	for i, row := range lcd(v, inner) {
		mark := "  "
		if n := lineKeyBeside(v.Screen, i); n > 0 {
			mark = " " + strconv.Itoa(n)
		}
		boxed := append(line{{text: "│"}}, row.fit(inner)...)
		lines = append(lines, append(boxed, span{text: "│"}, span{mark, faint}))
	}
	lines = append(lines, rule("╰", "─", "╯", inner))
	lines = append(lines, softKeyNames(inner))
	return append(lines, lamps(v, inner)...)
}

func rule(left, fill, right string, inner int) line {
	return plain(left + strings.Repeat(fill, inner) + right)
}

// lineKeyBeside gives the line key at the right of an LCD row, 0 for none: row
// 0 is the status row.
func lineKeyBeside(s view.Screen, row int) int {
	if s.Layout == view.LayoutPhone && row >= 1 && row <= view.NumLines {
		return row
	}
	return 0
}

// lcd gives the rows of the display: the top row, the pane, prompt, soft keys.
func lcd(v view.View, inner int) []line {
	s := v.Screen
	if s.Layout == view.LayoutOff {
		return padded(nil, paneRows+3)
	}
	if s.Layout == view.LayoutStartUp {
		rows := padded(startUp(s, inner), paneRows+3)
		if s.Soft != ([view.NumSoftKeys]string{}) {
			rows[len(rows)-1] = softKeys(s, inner)
		}
		return rows
	}
	top, pane := line(nil), []line(nil)
	switch s.Layout {
	case view.LayoutPhone:
		top, pane = statusRow(s, inner), phonePane(v, inner)
	case view.LayoutMenu:
		top, pane = titleRow(s, inner), menuPane(s, inner)
	case view.LayoutEditor:
		top, pane = titleRow(s, inner), editorPane(v, inner)
	case view.LayoutImage:
		top, pane = titleRow(s, inner), imagePane(s, inner)
	default:
		top, pane = titleRow(s, inner), textPane(s, inner)
	}
	rows := append([]line{top}, padded(pane, paneRows)...)
	if len(rows) == 1+paneRows {
		rows = append(rows, promptRow(s, inner))
	}
	return append(rows, softKeys(s, inner))
}

// promptRow is the row above the soft keys, in a menu with its bar.
func promptRow(s view.Screen, inner int) line {
	words := plain(" " + clean(s.Prompt))
	if s.Layout == view.LayoutMenu && s.Progress.Shown {
		return join(words, progress(s.Progress.Done, min(itemBar, inner/2)), inner)
	}
	return words.fit(inner)
}

// padded makes at least n rows.
func padded(rows []line, n int) []line {
	for len(rows) < n {
		rows = append(rows, nil)
	}
	return rows
}

func statusRow(s view.Screen, inner int) line {
	return join(plain(" "+clean(s.Status.Left)), status(s), inner)
}

func titleRow(s view.Screen, inner int) line {
	return join(line{{" " + clean(s.Title), bold}}, line{{icon(s.Status.Icon) + " ", 0}}, inner)
}

func status(s view.Screen) line {
	text := clean(s.Status.Right)
	if i := icon(s.Status.Icon); i != "" {
		text += " " + i
	}
	return plain(text + " ")
}

// softKeyCell is the width of one of the four labels.
func softKeyCell(inner int) int { return inner / view.NumSoftKeys }

func softKeys(s view.Screen, inner int) line {
	var l line
	n := softKeyCell(inner)
	for i, label := range s.Soft {
		text := centre(clean(label), n-1)
		if strings.TrimSpace(text) == "" {
			l = append(l, span{text: strings.Repeat(" ", n)})
			continue
		}
		l = append(l, span{text, inverse})
		if i < len(s.Soft)-1 || inner > n*view.NumSoftKeys-1 {
			l = append(l, span{text: " "})
		}
	}
	return l
}

// softKeyNames stands below the box: which key of the keyboard is which.
func softKeyNames(inner int) line {
	var b strings.Builder
	b.WriteString(" ")
	for i := range view.NumSoftKeys {
		b.WriteString(centre("F"+strconv.Itoa(i+1), softKeyCell(inner)))
	}
	return line{{b.String(), faint}}
}

// lampNames are the lamps as they stand below the box, with their colours.
var lampNames = [view.NumLamps]struct {
	name string
	attr attr
}{
	view.LampMessage: {"message", red},
	view.LampHeadset: {"headset", green},
	view.LampMute:    {"mute", red},
	view.LampSpeaker: {"speaker", green},
}

// lamps tells the lamps and the handset, on as many lines as they need.
func lamps(v view.View, inner int) []line {
	var items []line
	for i, lamp := range lampNames {
		if v.Lit(view.Lamp(i)) {
			items = append(items, line{{"● " + lamp.name, lamp.attr | bold}})
		} else {
			items = append(items, line{{"○ " + lamp.name, faint}})
		}
	}
	handset := line{{"handset in cradle", faint}}
	if v.HandsetLifted {
		handset = line{{"handset lifted", bold}}
	}
	return flow(append(items, handset), inner)
}

// flow sets items one after the other, two blanks between, in lines of n
// columns after a blank.
func flow(items []line, n int) []line {
	var lines []line
	var l line
	for _, item := range items {
		if len(l) > 0 && l.cells()+2+item.cells() > n {
			lines, l = append(lines, l), nil
		}
		gap := "  "
		if len(l) == 0 {
			gap = " "
		}
		l = append(append(l, span{text: gap}), item...)
	}
	return append(lines, l)
}
