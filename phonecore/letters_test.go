package phonecore

import (
	"testing"
	"time"

	"deskset/phonecore/view"
)

// TestURLDialling is the guide's URL dialling (1-3) on the dial pad alone.
func TestURLDialling(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeyLine1)
		d.soft("Alpha")
		d.dial("2")
		d.wait(1500 * time.Millisecond) // the a stands
		d.dial("3" + "2" + "11")        // da, then 1 and @
		d.expect("dialling", "ada@")
		d.soft("Number")
		d.dial("192")
		d.soft("Alpha")
		d.dial("*") // a dot
		d.soft("Number")
		d.dial("0")
		d.phone.Type(".2.9")
		d.expect("dialling", "ada@192.0.2.9")
		d.dial("#") // dials, as after a number
		d.expectCalled("sip:ada@192.0.2.9")
	})
}

func TestLettersAreDialledByHandOnly(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.press(view.KeyLine1)
		d.soft("Alpha")
		d.wait(time.Minute)
		d.expect("offhook")
		d.dial("22")
		d.phone.Type("5") // a keyboard has no need of the cycles
		d.expect("dialling", "b5")
		d.wait(time.Minute)
		d.expectCalled()
		d.soft("<<")
		d.dial("2")
		d.expect("dialling", "ba")
		d.soft("Dial")
		d.expectCalled("sip:ba@192.0.2.1")
	})
}
