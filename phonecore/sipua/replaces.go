package sipua

import (
	"fmt"
	"strings"

	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

const tagReplaces = "replaces"

// replaces is the value of a Replaces header (RFC 3891 section 6.1): a dialog as
// who receives it knows it.
type replaces struct {
	callID, to, from string
	earlyOnly        bool
}

// parseReplaces reads the value of Replaces. Call-ID and both tags must be there.
func parseReplaces(value string) (r replaces, ok bool) {
	a, err := wire.ParseAddress(value) // a word with parameters, like a URI
	if err != nil || len(value) > maxReferTo || strings.ContainsAny(value, "\r\n\x00") || a.Name != "" {
		return r, false
	}
	r.callID = a.URI
	r.to, _ = a.Params.Get("to-tag")
	r.from, _ = a.Params.Get("from-tag")
	r.earlyOnly = a.Params.Has("early-only")
	return r, r.to != "" && r.from != "" && !strings.ContainsAny(r.to+r.from, "\"\\<>;, ")
}

func (r replaces) String() string {
	s := fmt.Sprintf("%s;to-tag=%s;from-tag=%s", r.callID, r.to, r.from)
	if r.earlyOnly {
		s += ";early-only"
	}
	return s
}

// replacement is the Replaces that makes the far side of a call put a new one in
// its place. A peer without a tag is named 0 (RFC 3891 section 6.1).
func (c *Call) replacement() replaces {
	return replaces{callID: c.id, to: tagOrZero(c.dlg.remoteTag), from: tagOrZero(c.dlg.localTag)}
}

func tagOrZero(tag string) string {
	if tag == "" {
		return "0"
	}
	return tag
}

// names tells whether a Replaces means a dialog of ours.
func (r replaces) names(d *dialog) bool {
	return r.callID == d.callID && r.to == tagOrZero(d.localTag) && r.from == tagOrZero(d.remoteTag)
}

// replaced finds the call that an INVITE wants to take the place of (RFC 3891
// section 3). A status other than 0 refuses the INVITE. Who knows Call-ID and
// both tags of a call has had them from one of its two ends, or stands between
// them.
func (a *Agent) replaced(m *wire.Message) (*Call, int) {
	values := m.Header.All("Replaces")
	if len(values) == 0 {
		return nil, 0
	}
	r, ok := parseReplaces(values[0])
	if !ok || len(values) > 1 {
		return nil, 400
	}
	for _, c := range a.calls {
		if c.dialogNamed(r) != nil {
			return c, c.replaceable(r)
		}
	}
	return nil, 481
}

// dialogNamed is the call's dialog that a Replaces means, confirmed or early.
func (c *Call) dialogNamed(r replaces) *dialog {
	switch {
	case c.dlg != nil && r.names(c.dlg):
		return c.dlg
	case c.dlg == nil && c.out != nil:
		for _, d := range c.out.early {
			if r.names(d.dialog) {
				return d.dialog
			}
		}
	}
	return nil
}

// replaceable is 0 if a call may be replaced, else the status that says why not
// (RFC 3891 section 3).
func (c *Call) replaceable(r replaces) int {
	switch {
	case c.state == CallEnded:
		return 603
	case c.state == CallConnected && r.earlyOnly:
		return 486
	case c.state == CallIncoming:
		return 481 // early, and not of our making
	}
	return 0
}

// refuseReplaces answers an INVITE whose Replaces cannot be followed.
func (a *Agent) refuseReplaces(s *transaction.Server, status int) {
	a.o.Log.Info("refused to replace a call", "from", s.From.Addr, "status", status)
	a.respond(s, status)
}
