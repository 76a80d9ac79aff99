package terminal

import (
	"strconv"
	"strings"

	"deskset/phonecore/view"
)

// icons are the LCD's pictures as signs of one column.
var icons = [view.NumIcons]string{
	view.IconOnHook: "○", view.IconOffHook: "●", view.IconRinging: "♪", view.IconHold: "‖",
	view.IconNotRegistered: "×", view.IconSpeedDial: "»", view.IconForwarded: "→", view.IconMuted: "ø",
	view.IconLocked: "■", view.IconUnlocked: "□", view.IconEncrypted: "♦", view.IconMessage: "≡",
	view.IconConnected: "↔", view.IconRingOut: "↑",
	view.IconPending: "·", view.IconRunning: "▶", view.IconDone: "✓", view.IconFailed: "✗", view.IconSkipped: "–",
}

func icon(i view.Icon) string {
	if i < view.NumIcons {
		return icons[i]
	}
	return ""
}

func startUp(s view.Screen, inner int) []line {
	rows := []line{nil, {{centre(clean(s.Title), inner), bold}}}
	for _, text := range s.Text {
		for _, part := range wrap(clean(text), inner-2) {
			rows = append(rows, plain(centre(part, inner)))
		}
	}
	rows = append(rows, nil, plain(" "+clean(s.Message)).fit(inner))
	if s.Progress.Shown {
		rows = append(rows, progress(s.Progress.Done, inner-2))
	}
	if s.Prompt != "" {
		rows = append(rows, plain(" "+clean(s.Prompt)).fit(inner))
	}
	return rows
}

// progress is a bar of n columns for done thousandths.
func progress(done, n int) line {
	full := min(max(done, 0), 1000) * n / 1000
	return plain(" " + strings.Repeat("█", full) + strings.Repeat("░", n-full))
}

// phonePane sets rows at the left of the line labels. A row in large digits
// takes two.
func phonePane(v view.View, inner int) []line {
	var left []line
	labels := min(18, inner/3)
	width := inner - labels - 1
	for _, row := range v.Screen.Rows {
		left = append(left, phoneRow(row, v.BlinkOn, width))
		if row.Style == view.StyleLarge {
			left = append(left, nil)
		}
	}
	left = padded(left, view.NumLines)[:view.NumLines]
	rows := make([]line, view.NumLines)
	for i, label := range v.Screen.Lines {
		rows[i] = append(left[i].fit(width+1), lineLabel(label, v.BlinkOn, labels)...)
	}
	return rows
}

func phoneRow(row view.Row, blinkOn bool, width int) line {
	head := " "
	if row.Highlight {
		head = ">"
	}
	if i := icon(row.Icon); i != "" {
		head += i + " "
	}
	style := map[view.Style]attr{view.StyleBold: bold, view.StyleLarge: bold, view.StyleFaint: faint}[row.Style]
	text, cursor := clean(row.Text), ""
	if row.Cursor {
		cursor = " "
		if blinkOn {
			cursor = "_"
		}
		// What was entered last matters: a long number loses its beginning.
		if room := width - cells(head) - 1; cells(text) > room {
			text = "…" + tail(text, room-1)
		}
	}
	l := join(line{{text: head}, {text + cursor, style}}, plain(clean(row.Right)), width)
	if row.Highlight {
		l = l.with(inverse)
	}
	return l
}

// tail gives the last n columns of a text.
func tail(s string, n int) string {
	runes := []rune(s)
	i, used := len(runes), 0
	for i > 0 && used+runeCells(runes[i-1]) <= n {
		i--
		used += runeCells(runes[i])
	}
	return string(runes[i:])
}

func lineLabel(label view.LineLabel, blinkOn bool, width int) line {
	sign := icon(label.Icon)
	if sign == "" || label.Blink && !blinkOn {
		sign = " "
	}
	text := shorten(clean(label.Text), width-3)
	style := attr(0)
	if label.Selected {
		style = bold
	}
	pad := strings.Repeat(" ", max(0, width-3-cells(text)))
	return line{{text: pad}, {text + " " + sign + " ", style}}
}

// window gives the part [from, to) of n entries that is in view when rows fit,
// so that selected is in it.
func window(n, first, selected, rows int) (from, to int) {
	from = min(max(first, 0), max(0, n-rows))
	if selected >= 0 {
		from = max(min(from, selected), selected-rows+1)
	}
	from = max(from, 0)
	return from, min(from+rows, n)
}

// menuPane is a list with the selected entry marked and, at the right, whether
// more stands above or below.
func menuPane(s view.Screen, inner int) []line {
	from, to := window(len(s.Items), s.First, s.Selected, paneRows)
	numbers := 0
	for _, item := range s.Items {
		if item.Number > 0 {
			numbers = max(numbers, len(strconv.Itoa(item.Number)))
		}
	}
	var rows []line
	for i := from; i < to; i++ {
		l := menuItem(s.Items[i], numbers, inner-2)
		mark := " "
		switch {
		case i == from && from > 0:
			mark = "▲"
		case i == to-1 && to < len(s.Items):
			mark = "▼"
		}
		head := " "
		if i == s.Selected {
			head, l = ">", l.with(inverse)
		}
		rows = append(rows, append(append(line{{text: head}}, l...), span{text: mark}))
	}
	return rows
}

// itemBar is how many columns a bar takes in a list, or beside the prompt.
const itemBar = 24

func menuItem(item view.Item, numbers, width int) line {
	label := ""
	if numbers > 0 {
		label = strings.Repeat(" ", numbers+1)
		if item.Number > 0 {
			n := strconv.Itoa(item.Number)
			label = strings.Repeat(" ", numbers-len(n)) + n + " "
		}
	}
	if i := icon(item.Icon); i != "" {
		label += i + " "
	}
	value := plain(clean(item.Value))
	if item.Bar.Shown {
		value = progress(item.Bar.Done, min(itemBar, width/2))
	}
	return join(plain(label+clean(item.Label)), value, width)
}

// textPane is running text from the line that is first in view. Without a
// prompt it takes that row too: as many lines as the phone counts on.
func textPane(s view.Screen, inner int) []line {
	first := min(max(s.First, 0), len(s.Text))
	rows := view.TextRows
	if s.Prompt != "" {
		rows = paneRows
	}
	return wrapped(s.Text[first:], inner, rows)
}

// wrapped breaks texts into at most n rows.
func wrapped(texts []string, inner, n int) []line {
	var rows []line
	for _, text := range texts {
		for _, part := range wrap(clean(text), inner-2) {
			if len(rows) == n {
				return rows
			}
			rows = append(rows, plain(" "+part))
		}
	}
	return rows
}

// editorPane is the line being edited with its cursor, and hints below.
func editorPane(v view.View, inner int) []line {
	e := v.Screen.Edit
	// The cursor counts runes of the text as given: clean rune by rune, so
	// that it stays where it is.
	var before, after strings.Builder
	for i, r := range []rune(e.Text) {
		if i < e.Cursor {
			before.WriteString(clean(string(r)))
		} else {
			after.WriteString(clean(string(r)))
		}
	}
	at, rest := " ", after.String()
	if runes := []rune(rest); len(runes) > 0 {
		at, rest = string(runes[0]), string(runes[1:])
	}
	head, cursor := before.String(), span{at, inverse}
	if at == " " && v.BlinkOn {
		cursor = span{text: "_"}
	} else if !v.BlinkOn {
		cursor.attr = 0
	}
	if room := inner * 3 / 4; cells(head) > room {
		head = "…" + tail(head, room-1)
	}
	rows := []line{nil, {{text: "  "}, {head, bold}, cursor, {rest, bold}}, nil}
	return append(rows, wrapped(v.Screen.Text, inner, paneRows-len(rows))...)
}
