package faceplate

import (
	"time"

	"fyne.io/fyne/v2"

	"deskset/phonecore/view"
)

// input counts who holds each key, pointer and keyboard, so that the phone gets
// one Press when the first takes it and one Release when the last lets go.
type input struct {
	phone   Phone
	changed func() // the look of a key has changed
	held    map[view.Key]int
	// repeat is the clock that strokes a held rocker again.
	repeat *repeater
}

func newInput(phone Phone, changed func(), later func(time.Duration, func()) func()) *input {
	in := &input{phone: phone, changed: changed, held: map[view.Key]int{}}
	in.repeat = &repeater{stroke: in.stroke, later: later}
	return in
}

func (in *input) press(k view.Key) {
	in.held[k]++
	if in.held[k] > 1 {
		return
	}
	in.phone.Press(k)
	if repeating[k] {
		in.repeat.start(k)
	}
	in.changed()
}

func (in *input) release(k view.Key) {
	if in.held[k] == 0 {
		return
	}
	in.held[k]--
	if in.held[k] > 0 {
		return
	}
	delete(in.held, k)
	in.repeat.stop(k)
	in.phone.Release(k)
	in.changed()
}

// stroke lets go of a held key and presses it again.
func (in *input) stroke(k view.Key) {
	if in.held[k] > 0 {
		in.phone.Release(k)
		in.phone.Press(k)
	}
}

// repeating are the rockers: held, they go on. What other held keys mean, such
// as a DTMF tone or deleting on, is the phone's to know.
var repeating = map[view.Key]bool{
	view.KeyVolumeDown: true, view.KeyVolumeUp: true,
	view.KeyScrollUp: true, view.KeyScrollDown: true,
}

const (
	repeatAfter = 450 * time.Millisecond
	repeatEvery = 130 * time.Millisecond
)

// repeater strokes one key until it is stopped. All of it runs on the window's
// goroutine.
type repeater struct {
	stroke func(view.Key)
	key    view.Key
	// later runs a function after a while and gives a way to prevent it.
	later func(time.Duration, func()) (cancel func())
	// cancel prevents the next stroke.
	cancel func()
}

func (r *repeater) start(k view.Key) {
	r.halt()
	r.key = k
	r.cancel = r.later(repeatAfter, r.again)
}

func (r *repeater) again() {
	r.cancel = r.later(repeatEvery, r.again)
	r.stroke(r.key)
}

func (r *repeater) stop(k view.Key) {
	if r.key == k {
		r.halt()
	}
}

func (r *repeater) halt() {
	r.key = view.KeyNone
	if r.cancel != nil {
		r.cancel()
		r.cancel = nil
	}
}

// later runs f on the window's goroutine after d. A cancelled f does not run,
// even when its time had already come.
func later(d time.Duration, f func()) (cancel func()) {
	cancelled := false // only touched on the window's goroutine
	t := time.AfterFunc(d, func() {
		fyne.Do(func() {
			if !cancelled {
				f()
			}
		})
	})
	return func() {
		cancelled = true
		t.Stop()
	}
}
