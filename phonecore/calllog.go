package phonecore

import (
	"deskset/phonecore/call"
	"deskset/phonecore/directory"
	"deskset/phonecore/flash"
	"deskset/phonecore/history"
	"deskset/phonecore/text"
)

// loadDirectories reads the log of calls and the personal directory from flash.
func (p *Phone) loadDirectories() {
	var err error
	if p.history, err = history.Load(p.cfg.Flash); err != nil {
		p.report(err, text.StatusFlash, err)
	}
	data, err := p.cfg.Flash.Get(directory.Blob)
	if err != nil {
		p.report(err, text.StatusFlash, err)
	}
	if p.book, err = directory.Decode(data); err != nil {
		p.report(err, text.StatusFlash, err)
	}
}

// logCall keeps a call that has ended in its list. One that another phone has
// answered was no call of ours; one that the person rejected counts as received.
func (p *Phone) logCall(c *call.Call) {
	e := history.Entry{Line: c.Line, Name: c.Name, Number: c.Number, When: c.Began, Duration: c.Duration(p.cfg.Now())}
	kind := history.Received
	switch {
	case c.Elsewhere:
		return
	case c.Outgoing:
		kind = history.Placed
		if c.Dialled != "" { // not on a hot line
			e.Number = c.Dialled
		}
	case c.Missed:
		kind = history.Missed
		p.missed++
	}
	p.history.Add(kind, e)
	p.saveHistory()
}

func (p *Phone) saveHistory() {
	record := p.history.Record()
	p.write("calls", func(f *flash.Flash) error { return f.SetCalls(record) })
}

// saveBook stores the personal directory; an error is one for the person.
func (p *Phone) saveBook() error {
	data, err := p.book.Encode()
	if err == nil {
		p.write(directory.Blob, func(f *flash.Flash) error { return f.Put(directory.Blob, data) })
	}
	return err
}

// nameParty names a party whose network says nothing but a number by the
// personal directory.
func (p *Phone) nameParty(c *call.Call) {
	if c.Name != "" {
		return
	}
	if known, ok := p.book.Lookup(c.Number); ok {
		c.Name = known.Name
	}
}
