package phonecore

import (
	"fmt"

	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

// reliably makes a 1xx of the monkey's a reliable one, most often under the
// right number.
func (m *monkey) reliably() siptest.Option {
	n := m.r.IntN(6)
	return func(res *wire.Message) {
		if n < 3 {
			return
		}
		res.Header.Set("Require", "100rel")
		res.Header.Set("RSeq", fmt.Sprint(n-2))
		res.Header.Set("Allow", "INVITE, UPDATE")
	}
}

// timed gives a 2xx a session timer, or none.
func (m *monkey) timed() siptest.Option {
	value := pick(m.r, []string{"", "", "90;refresher=uac", "90;refresher=uas", "1;refresher=uac", "rubbish"})
	return func(res *wire.Message) {
		if value != "" {
			res.Header.Set("Session-Expires", value)
			res.Header.Set("Allow", "INVITE, UPDATE")
		}
	}
}

// choosy makes a caller want reliable ringing, or bring no offer, or both.
func (m *monkey) choosy() siptest.Option {
	reliable, offerless := m.r.IntN(6) == 0, m.r.IntN(6) == 0
	return func(invite *wire.Message) {
		if reliable {
			invite.Header.Set("Require", "100rel")
		}
		if offerless {
			invite.SetBody("", nil)
		}
	}
}
