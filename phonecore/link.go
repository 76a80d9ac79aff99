package phonecore

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"deskset/phonecore/call"
	"deskset/phonecore/text"
)

// maxLink bounds what another program may hand over.
const maxLink = 1 << 10

// Link shows an address that another program wants to be called: a tel:, sip:,
// sips: or callto: link, or a number. The person dials it: a page of the web
// must not make calls alone (RFC 3966 section 11). Before the start-up is over
// the last one waits.
func (p *Phone) Link(address string) { p.put(p.keys, func() { p.link(address) }) }

func (p *Phone) link(address string) {
	if len(address) > maxLink {
		return
	}
	p.log.Info("a link was handed over")
	if p.mode != modeRunning {
		p.waiting = address
		return
	}
	number, c, line := dialable(linked(address), ""), p.calls.Active(), p.defaultLine()
	switch {
	case number == "" || len(number) > maxDialled:
		p.remark(text.Get(text.LinkUnknown))
	case line == 0:
		p.remark(text.Get(text.NoLine))
	case c != nil && c.State != call.Connected && c.State != call.Failed, p.entry.offHook:
		p.remark(text.Get(text.LinkBusy))
	default:
		p.pages = nil
		p.clearFailed()
		p.closeEntry()
		// Not by way of the dial plan, which could dial at once.
		p.entry = entry{open: true, line: line, text: number}
		p.complete()
		p.settle()
	}
}

// linked takes off a link what is no part of the address: the schemes of
// telephone numbers, and the headers of a SIP URI, which could put words into
// the call's request (RFC 3261 section 19.1.5).
func linked(address string) string {
	address = strings.TrimSpace(address)
	scheme, rest, _ := strings.Cut(address, ":")
	switch scheme = strings.ToLower(scheme); {
	case scheme == "callto":
		address = rest
	case slices.Contains([]string{"tel", "sip", "sips"}, scheme), strings.ContainsFunc(scheme, isNoLetter):
	default:
		return "" // mailto: and other things
	}
	address, _, _ = strings.Cut(address, "?")
	if clean, err := url.PathUnescape(address); err == nil && !strings.Contains(address, "@") {
		return clean // browsers escape blanks in numbers
	}
	return address
}

func isNoLetter(r rune) bool { return !unicode.IsLetter(r) }

// takeLink shows what has waited for the start-up.
func (p *Phone) takeLink() {
	if address := p.waiting; address != "" {
		p.waiting = ""
		p.link(address)
	}
}
