package phonecore

import (
	"reflect"

	"deskset/phonecore/view"
)

// publish composes the view and hands it out if it differs from the last.
func (p *Phone) publish() {
	p.keepLive()
	p.setTicking()
	v := p.compose()
	p.setBlinking(blinks(v))
	v.BlinkOn = p.blink.on
	v.Seq = p.last.Seq
	if reflect.DeepEqual(v, p.last) {
		return
	}
	v.Seq++
	p.last = v
	for _, ch := range p.subscribers {
		if len(ch) == cap(ch) {
			select { // drop the oldest view that nobody took
			case <-ch:
			default:
			}
		}
		ch <- v
	}
}

// blinks tells whether anything in the view follows the blink phase.
func blinks(v view.View) bool {
	for _, l := range v.Lamps {
		if l == view.LampBlinking {
			return true
		}
	}
	for _, l := range v.Screen.Lines {
		if l.Blink {
			return true
		}
	}
	for _, r := range v.Screen.Rows {
		if r.Cursor {
			return true
		}
	}
	return v.Screen.Layout == view.LayoutEditor
}
