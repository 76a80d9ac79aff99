package phonecore

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"deskset/phonecore/sipua/wire"
)

// What the robot does when a person makes up his mind: picks up late, gives up,
// transfers, is transferred.

// referred does what a phone does that is told to call somebody else (RFC 3515):
// it tells how that goes, and leaves the call whose place the new one would take
// (RFC 3891). Who shall call "busy" says so.
func (r *robot) referred(m *wire.Message) {
	t := r.talks[m.CallID()]
	if t == nil {
		r.reply(m, 481, "")
		return
	}
	r.reply(m, 202, "")
	to, outcome := m.Header.Get("Refer-To"), "200 OK"
	if strings.Contains(to, "busy@") {
		outcome = "486 Busy Here"
	}
	r.tell(t, m.CallID(), "active;expires=60", "100 Trying")
	r.tell(t, m.CallID(), "terminated;reason=noresource", outcome)
	if _, replaced, ok := strings.Cut(to, "Replaces="); ok {
		id, _, _ := strings.Cut(wire.Unescape(replaced), ";")
		if other := r.talks[id]; other != nil {
			r.send(r.within(other, "BYE", id))
			r.forget(id)
		}
	}
}

// tell sends news of a transfer.
func (r *robot) tell(t *talk, id, state, status string) {
	m := r.within(t, "NOTIFY", id)
	m.Header.Set("Event", "refer")
	m.Header.Set("Subscription-State", state)
	m.SetBody("message/sipfrag;version=2.0", []byte("SIP/2.0 "+status+"\r\n"))
	r.send(m)
}

// pickUp answers every call of the phone's that waits for it.
func (r *robot) pickUp() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(r.waits)) {
		m := r.waits[id]
		delete(r.waits, id)
		if r.talks[id] == nil {
			r.begin(m)
		}
		r.answer(m)
	}
}

// giveUp cancels the robot's own calls that the phone has not answered.
func (r *robot) giveUp() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range slices.Clone(r.ids) {
		t := r.talks[id]
		if t.up || t.invite.Header.Get("From") != t.local {
			continue
		}
		n, _ := t.invite.CSeq()
		m := r.within(t, "CANCEL", id)
		m.RequestURI = t.invite.RequestURI
		m.Header.Set("Via", t.invite.Header.Get("Via"))
		m.Header.Set("CSeq", fmt.Sprintf("%d CANCEL", n))
		r.send(m)
	}
}

// transfer wants the phone to call somebody else in place of the robot.
func (r *robot) transfer(uri string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range r.ids {
		if t := r.talks[id]; t.up {
			m := r.within(t, "REFER", id)
			m.Header.Set("Refer-To", "<"+uri+">")
			r.send(m)
			return
		}
	}
}

// leave forgets every call without a word, as a machine that has lost its power.
func (r *robot) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.talks)
	clear(r.waits)
	r.ids = nil
}
