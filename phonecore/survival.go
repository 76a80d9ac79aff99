package phonecore

import (
	"strconv"

	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// Survivability: while no server has any line, the phone still calls addresses
// and takes calls from them (sipua.Options.OnlyFromServers), and the emergency
// route of the dial plan has a server of its own. The screen says so.

// surviving tells that lines want a server and none has one, after all servers
// were asked.
func (p *Phone) surviving() bool {
	wanted := false
	for i := range p.lines {
		l := &p.lines[i]
		if !l.configured() || !l.account.Register || l.account.Proxy == "" {
			continue
		}
		wanted = true
		if !l.alone {
			return false
		}
	}
	return wanted
}

// noteAlone keeps whether a server has a line: from the end of a round without
// success until one does, and not anew with every try in between.
func (l *lineState) noteAlone(r sipua.Registration) {
	switch {
	case r.State == sipua.RegFailed:
		l.alone = true
	case r.State != sipua.RegTrying:
		l.alone = false
	}
}

// refusedItems is what SIP was not taken from the network.
func (p *Phone) refusedItems() []view.Item {
	var c sipua.Counts
	if p.agent != nil {
		c = p.agent.Counts()
	}
	item := func(id text.ID, n uint64) view.Item {
		return view.Item{Label: text.Get(id), Value: strconv.FormatUint(n, 10)}
	}
	return []view.Item{item(text.StatSIPMalformed, c.Malformed), item(text.StatSIPRefused, c.Refused), item(text.StatSIPDropped, c.Dropped)}
}
