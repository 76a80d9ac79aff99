package terminal

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

func TestKeysOfCommonTerminals(t *testing.T) {
	text := func(s string) []input { return []input{{key: keyText, text: s}} }
	key := func(k inputKey) []input { return []input{{key: k}} }
	for _, c := range []struct {
		name, bytes string
		want        []input
	}{
		{"digit", "5", text("5")},
		{"several", "1#", []input{{key: keyText, text: "1"}, {key: keyText, text: "#"}}},
		{"umlaut", "ü", text("ü")},
		{"enter", "\r", key(keyEnter)},
		{"backspace (DEL)", "\x7f", key(keyBackspace)},
		{"backspace (BS)", "\b", key(keyBackspace)},
		{"ctrl-c", "\x03", key(keyQuit)},
		{"up", "\x1b[A", key(keyUp)},
		{"up, application mode", "\x1bOA", key(keyUp)},
		{"shift up", "\x1b[1;2A", key(keyUp)},
		{"F1 xterm", "\x1bOP", key(keyF1)},
		{"F4 xterm", "\x1bOS", key(keyF4)},
		{"F1 with modifier", "\x1b[1;5P", key(keyF1)},
		{"F3 with modifier", "\x1b[1;2R", key(keyF3)},
		{"F2 old, modifier in SS3", "\x1bO2Q", key(keyF2)},
		{"F1 rxvt", "\x1b[11~", key(keyF1)},
		{"F4 vt220", "\x1b[14~", key(keyF4)},
		{"F3 linux console", "\x1b[[C", key(keyF3)},
		{"F5 means nothing", "\x1b[15~", nil},
		{"page up", "\x1b[5~", key(keyPageUp)},
		{"keypad enter", "\x1bOM", key(keyEnter)},
		{"alt digit", "\x1b3", []input{{key: keyText, text: "3", alt: true}}},
		{"escape twice", "\x1b\x1b[A", []input{{key: keyEscape}, {key: keyUp}}},
		{"cursor position report", "\x1b[12;40R", nil},
		{"colour report", "\x1b]11;rgb:0000/0000/0000\x07x", text("x")},
		{"device attributes", "\x1b[?64;1;2c", nil},
		{"paste", "\x1b[200~sip:ada@example.com\n\x1b[201~x",
			[]input{{key: keyPaste, text: "sip:ada@example.com\n"}, {key: keyText, text: "x"}}},
		{"invalid UTF-8", "\xffa", text("a")},
	} {
		for _, chunk := range []int{1, 2, 3, 100} {
			var d decoder
			var got []input
			for part := range slices.Chunk([]byte(c.bytes), chunk) {
				got = append(got, d.feed(part)...)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s in pieces of %d: got %+v, want %+v", c.name, chunk, got, c.want)
			}
			if len(d.held) > 0 {
				t.Errorf("%s: %q left over", c.name, d.held)
			}
		}
	}
}

func TestLoneEscapeIsTheKeyAfterAWhile(t *testing.T) {
	var d decoder
	if got := d.feed([]byte{0x1b}); got != nil || !d.waiting() {
		t.Fatalf("got %v, waiting %v", got, d.waiting())
	}
	if got := d.flush(); !slices.Equal(got, []input{{key: keyEscape}}) || d.waiting() {
		t.Errorf("got %v, waiting %v", got, d.waiting())
	}
	if got := d.flush(); got != nil {
		t.Errorf("a second time: %v", got)
	}
}

func TestLettersAreKeysExceptInTheEditor(t *testing.T) {
	for _, c := range []struct {
		in      input
		editing bool
		want    action
	}{
		{input{key: keyText, text: "5"}, false, action{key: view.Key5}},
		{input{key: keyText, text: "*"}, false, action{key: view.KeyStar}},
		{input{key: keyText, text: "5"}, true, action{text: "5"}},
		{input{key: keyText, text: "m"}, false, action{key: view.KeyMute}},
		{input{key: keyText, text: "m"}, true, action{text: "m"}},
		{input{key: keyText, text: " "}, false, action{key: view.KeyHandset}},
		{input{key: keyText, text: "q"}, false, action{}},
		{input{key: keyText, text: "2", alt: true}, true, action{key: view.KeyLine2}},
		{input{key: keyText, text: "7", alt: true}, false, action{}},
		{input{key: keyF3}, true, action{key: view.KeySoft3}},
		{input{key: keyEnter}, false, action{text: "\r"}},
		{input{key: keyEscape}, true, action{text: "\x1b"}},
		{input{key: keyPaste, text: "tel:123"}, false, action{text: "tel:123"}},
	} {
		if got := meaning(c.in, c.editing); got != c.want {
			t.Errorf("meaning(%+v, %v) = %+v, want %+v", c.in, c.editing, got, c.want)
		}
	}
}

// FuzzDecoder: any bytes, cut anywhere, give the same inputs as in one piece,
// and nothing is hoarded.
func FuzzDecoder(f *testing.F) {
	for _, seed := range []string{"1\x1b[A\x1bOP\x1b[200~x\x1b[201~", "\x1b]0;a\x1b\\b", "\x1b[[A\xc3\xbc", "\x1b[200~\x1b[201"} {
		f.Add([]byte(seed), 1)
	}
	f.Fuzz(func(t *testing.T, p []byte, cut int) {
		var whole, parts decoder
		want := whole.feed(p)
		cut = min(max(cut, 0), len(p))
		got := append(parts.feed(p[:cut]), parts.feed(p[cut:])...)
		if !slices.Equal(got, want) || !bytes.Equal(parts.held, whole.held) {
			t.Errorf("cut at %d: %+v, want %+v", cut, got, want)
		}
		if len(whole.held) > maxSequence+1 || len(whole.paste) > maxPaste {
			t.Errorf("holds %d and %d bytes", len(whole.held), len(whole.paste))
		}
	})
}

// TestHelpNamesEveryKey: the table that binds the keys is the help, so what is
// left to see is that nothing is bound twice.
func TestHelpNamesEveryKey(t *testing.T) {
	keys := 0
	for _, b := range bindings {
		keys += len(b.keys) + len(b.letters) + len(b.typed)
		if b.shown == "" || text.Get(b.what) == "" {
			t.Errorf("%+v is not in the help", b)
		}
	}
	if bound := len(letters) + len(fixed) + len(typed); bound != keys {
		t.Errorf("%d keys are bound, the table has %d", bound, keys)
	}
	for _, k := range view.Keys() {
		if k.Digit() == 0 && k.Line() == 0 && !slices.Contains(slices.Collect(maps.Values(letters)), k) && !slices.Contains(slices.Collect(maps.Values(fixed)), k) {
			t.Errorf("no key of the keyboard presses %v", k)
		}
	}
}
