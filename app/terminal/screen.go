package terminal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"golang.org/x/term"

	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// escapeWait is how long a lone ESC may be the beginning of a sequence.
const escapeWait = 50 * time.Millisecond

// Codes of the terminal: the alternate screen keeps what stood there before,
// bracketed paste tells pasted text from keys (xterm control sequences).
const (
	enterScreen = "\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[2J"
	leaveScreen = "\x1b[?2004l\x1b[?25h\x1b[?1049l"
	home        = "\x1b[H"
	clearToEOL  = "\x1b[K"
	clearBelow  = "\x1b[J"
)

// screen is the face on a terminal.
type screen struct {
	out   *os.File
	style style
	keys  *holder
	phone Phone

	view     view.View
	showHelp bool
	// showTimeline draws the start-up below the phone.
	showTimeline bool
	prompt       prompt
	drawn        []string
}

// runScreen draws views in place and turns key strokes into presses.
func runScreen(ctx context.Context, phone Phone, views <-chan view.View, in, out *os.File, s style) (err error) {
	old, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return fmt.Errorf("terminal: %w", err)
	}
	defer func() { err = errors.Join(err, term.Restore(int(in.Fd()), old)) }()
	restoreOutput := prepareOutput(out)
	defer restoreOutput()
	if _, err := io.WriteString(out, enterScreen); err != nil {
		return fmt.Errorf("terminal: %w", err)
	}
	defer func() {
		_, leaveErr := io.WriteString(out, leaveScreen)
		err = errors.Join(err, leaveErr)
	}()

	f := &screen{out: out, style: s, phone: phone, keys: newHolder(phone)}
	defer f.keys.releaseAll()
	return f.loop(ctx, views, in)
}

func (f *screen) loop(ctx context.Context, views <-chan view.View, in io.Reader) error {
	done := make(chan struct{})
	defer close(done)
	bytesRead := reader(in, done)
	resized, stop := watchSize()
	defer stop()

	var decode decoder
	escape := time.NewTimer(time.Hour)
	defer escape.Stop()
	for {
		if err := f.draw(); err != nil {
			return err
		}
		var inputs []input
		select {
		case <-ctx.Done():
			return nil
		case v, open := <-views:
			if !open {
				return nil
			}
			f.view = v
		case <-resized:
			f.drawn = nil
		case p, open := <-bytesRead:
			if !open {
				return nil // the terminal is gone
			}
			inputs = decode.feed(p)
			escape.Reset(escapeWait)
		case <-escape.C:
			inputs = decode.flush()
		}
		for _, in := range inputs {
			if in.key == keyQuit {
				return nil
			}
			f.input(in)
		}
	}
}

// reader reads in until it ends. A read from a terminal cannot be broken off:
// after done the goroutine ends with the next key or with the program.
func reader(in io.Reader, done <-chan struct{}) <-chan []byte {
	out := make(chan []byte)
	go func() {
		defer close(out)
		for {
			p := make([]byte, 256)
			n, err := in.Read(p)
			if n > 0 {
				select {
				case out <- p[:n]:
				case <-done:
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	return out
}

func (f *screen) input(in input) {
	if f.prompt.open {
		if command, used := f.prompt.take(in); used {
			f.command(command)
			return
		}
	}
	f.prompt.error = ""
	switch {
	case in.key == keyText && in.text == ":" && !f.editing():
		f.prompt.open = true
		return
	case in.key == keyRedraw:
		f.drawn = nil
		return
	case in.key == keyText && in.text == "?" && !f.editing():
		f.showHelp = !f.showHelp
		return
	}
	switch a := meaning(in, f.editing()); {
	case a.key != view.KeyNone:
		f.keys.stroke(a.key, holdTime)
	case a.text != "":
		f.phone.Type(a.text)
	}
}

func (f *screen) editing() bool { return f.view.Screen.Layout == view.LayoutEditor }

// draw writes the screen if it looks different from what stands there.
func (f *screen) draw() error {
	width, height, err := term.GetSize(int(f.out.Fd()))
	if err != nil || width <= 0 || height <= 0 {
		width, height = 80, 24
	}
	lines := f.style.lines(f.view, width)
	if l := f.prompt.line(); l != nil {
		lines = append(lines, f.style.written(drawn([]line{l}, width, f.style.colour))...)
	}
	lines = append(lines, f.helpLines(width)...)
	if f.showTimeline { // last, because a low terminal cuts off what is below
		lines = append(append(lines, ""), f.style.written(Timeline(f.view.Timeline, width, f.style.colour))...)
	}
	lines = lines[:min(len(lines), height)]
	if slices.Equal(lines, f.drawn) {
		return nil
	}
	var b bytes.Buffer
	b.WriteString(home)
	for i, l := range lines {
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString(l)
		b.WriteString(clearToEOL)
	}
	b.WriteString(clearBelow)
	if _, err := f.out.Write(b.Bytes()); err != nil {
		return fmt.Errorf("terminal: %w", err)
	}
	f.drawn = lines
	return nil
}

// helpLines tells the keys: the first ones always, all of them after "?".
func (f *screen) helpLines(width int) []string {
	items := shortHelp
	if f.showHelp {
		items = bindings
	}
	var spans []line
	for _, item := range items {
		spans = append(spans, line{{item.shown + " " + text.Get(item.what), faint}})
	}
	lines := append([]line{nil}, flow(spans, min(width, maxWidth)-2)...)
	return f.style.written(drawn(lines, width, f.style.colour))
}
