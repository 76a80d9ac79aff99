package phonecore

import (
	"testing"

	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

func TestStatusMessagesSayWhatToDo(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.on(func() {
			d.phone.report(nil, text.StatusTFTPTimeout, "SIPDefault.cnf", "192.0.2.2")
			d.phone.reportOf(failureOf(488).text, nil, text.StatusCallFailed, "5551212", "No codec in common")
		})
		d.press(view.KeySettings, view.Key5, view.Key1)
		d.expect("menu.status.messages",
			"TFTP Timeout: 192.0.2.2 does not answer for SIPDefault.cnf", "> Check the address, and that the server runs there.",
			"Call to 5551212: No codec in common", "> Allow more codecs: SIP Configuration, codecs.")
	})
}
