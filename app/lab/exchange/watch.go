package exchange

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"deskset/app/lab/wire"
)

// The exchange tells what its numbers are doing (event package "dialog", RFC
// 4235), for the busy lamps of phones. Its users' calls it does not know well
// enough: their ends pass it by.

const (
	dialogEvent  = "dialog"
	dialogType   = "application/dialog-info+xml"
	maxWatchers  = 64
	watchExpires = time.Hour // the most that is granted
)

// watcher is one subscription to a number.
type watcher struct {
	*leg    // the dialog, without media
	number  string
	version int
	// waiting for the answer to a NOTIFY; again: something has changed since.
	waiting, again bool
	left           time.Time // when it ends
	limit          *timer
}

// subscribe takes the SUBSCRIBE that begins a subscription to a number.
func (x *Exchange) subscribe(tx *serverTx, n Number) {
	contacts := tx.req.List("Contact")
	switch {
	case !isDialogEvent(tx.req):
		tx.respond(489, "Bad Event", "Allow-Events", dialogEvent)
		return
	case len(contacts) == 0:
		tx.respond(400, "Contact is missing")
		return
	case len(x.watchers) >= maxWatchers:
		tx.respond(503, "Service Unavailable", "Retry-After", "60")
		return
	}
	to, err := wire.ParseAddress(tx.req.Get("To"))
	if err != nil {
		tx.respond(400, "Bad To")
		return
	}
	to.Params.Set("tag", tx.tag)
	w := &watcher{number: n.Digits, leg: &leg{
		x: x, id: legID{tx.req.Get("Call-ID"), tx.tag, tx.req.Tag("From")}, local: to.String(), remote: tx.req.Get("From"), from: tx.from,
		routes: tx.req.List("Record-Route"),
	}}
	w.retarget(contacts[0])
	x.watchers[w.id] = w
	x.Log.Info("lab: watched", "number", n.Digits, "by", userOf(tx.req, "From"))
	w.granted(tx)
}

func isDialogEvent(m *wire.Message) bool {
	event, _, _ := strings.Cut(m.Get("Event"), ";")
	return strings.EqualFold(strings.TrimSpace(event), dialogEvent)
}

// receive takes a SUBSCRIBE within the subscription (RFC 6665 section 4.2.1).
func (w *watcher) receive(tx *serverTx) {
	seq, _, _ := tx.req.CSeq()
	switch {
	case tx.req.Method != "SUBSCRIBE":
		tx.respond(405, "Method Not Allowed", "Allow", "SUBSCRIBE")
		return
	case !isDialogEvent(tx.req):
		tx.respond(489, "Bad Event", "Allow-Events", dialogEvent)
		return
	case seq <= w.remoteSeq:
		tx.respond(500, "Out of Order")
		return
	}
	w.from = tx.from
	if c := tx.req.List("Contact"); len(c) > 0 {
		w.retarget(c[0])
	}
	w.granted(tx)
}

// granted answers a SUBSCRIBE, and tells how things are.
func (w *watcher) granted(tx *serverTx) {
	w.remoteSeq, _, _ = tx.req.CSeq()
	expires := watchExpires
	if n, err := strconv.ParseUint(tx.req.Get("Expires"), 10, 31); err == nil {
		expires = min(expires, time.Duration(n)*time.Second)
	}
	w.left = time.Now().Add(expires)
	w.limit.stop()
	w.limit = w.x.after(expires, w.notify)
	tx.respond(200, "OK", "Expires", seconds(expires), "Contact", w.contact(tx.from.network))
	w.notify()
}

// notify sends the state, one NOTIFY at a time: then they come in order.
func (w *watcher) notify() {
	if w.again = w.waiting; w.waiting {
		return
	}
	left := time.Until(w.left)
	state := "active;expires=" + seconds(left)
	if left <= 0 {
		state = "terminated;reason=timeout"
		w.end()
	}
	w.localSeq++
	m := w.request("NOTIFY", w.localSeq)
	m.Add("Contact", w.contact(w.hop().network))
	m.Add("Event", dialogEvent)
	m.Add("Subscription-State", state)
	m.Add("Content-Type", dialogType)
	m.Body = []byte(w.x.dialogInfo(w.number, w.version))
	w.version++
	w.waiting = true
	w.x.request(m, w.hop(), w.heard)
}

// heard takes the answer to a NOTIFY; one that is refused ends the subscription
// (RFC 6665 section 4.2.2).
func (w *watcher) heard(res *wire.Message) {
	switch {
	case res.Status < 200:
		return
	case res.Status >= 300:
		w.end()
	}
	w.waiting = false
	if w.again && w.x.watchers[w.id] == w {
		w.notify()
	}
}

func (w *watcher) end() {
	w.limit.stop()
	delete(w.x.watchers, w.id)
}

// changed tells who watches a number that it does something else now.
func (x *Exchange) changed(number string) {
	for _, w := range x.watchers {
		if w.number == number {
			w.notify()
		}
	}
}

// dialogInfo is the document that lists the calls of a number (RFC 4235 section
// 4.1); all that is in it is ours and needs no escape.
func (x *Exchange) dialogInfo(number string, version int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\"?>\r\n<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"%d\" state=\"full\" entity=\"%s\">\r\n",
		version, x.uri(number))
	dialog := func(id, state string) {
		fmt.Fprintf(&b, "<dialog id=\"%s\" direction=\"recipient\"><state>%s</state></dialog>\r\n", id, state)
	}
	for a := range x.answers {
		if a.number.Digits == number {
			dialog(a.tx.tag, "early")
		}
	}
	for _, l := range x.legs {
		if l.record != nil && l.record.To == number {
			dialog(l.id.local, "confirmed")
		}
	}
	b.WriteString("</dialog-info>\r\n")
	return b.String()
}
