package phonecore

import (
	"strings"

	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// mediaEncryption gives the values of media_encryption to the signalling.
var mediaEncryption = map[string]sdp.Encryption{
	"off": sdp.EncryptionOff, "optional": sdp.EncryptionOptional, "required": sdp.EncryptionRequired,
}

// encryption is what a line offers. Keys in the clear are no keys: without TLS
// they are given to who asks for them only, unless the setting says otherwise.
func (p *Phone) encryption(network string) sdp.Encryption {
	e := mediaEncryption[p.params.Text("media_encryption")]
	if e == sdp.EncryptionOptional && !p.mayOfferKeys(network) {
		return sdp.EncryptionIfAsked
	}
	return e
}

func (p *Phone) mayOfferKeys(network string) bool {
	return network == transport.TLS || p.params.Bool("media_keys_without_tls")
}

// forbidden tells that a line may not call: encryption is required, and its keys
// would go out in the clear.
func (p *Phone) forbidden(line int) bool {
	a := p.lines[line-1].account
	return a.Encryption == sdp.EncryptionRequired && !p.mayOfferKeys(a.Network)
}

// demanding tells that a line's calls are encrypted or are not at all.
func (p *Phone) demanding(line int) bool {
	return p.lines[line-1].account.Encryption == sdp.EncryptionRequired
}

// protection is how well a call is kept from others' ears.
type protection uint8

const (
	// protectNone: the media are plain, or there are none yet.
	protectNone protection = iota
	// protectMedia: the media are encrypted, but the keys went by a way that
	// nobody has checked.
	protectMedia
	// protectAll: the media are encrypted both ways, and the keys went by TLS to
	// a server whose certificate was checked. This alone has the padlock.
	protectAll
)

func (p *Phone) protection(c *call.Call) protection {
	l := p.legs[c]
	if l == nil || !l.encrypted || l.sip == nil || c.State != call.Connected && c.State != call.Held {
		return protectNone
	}
	if l.sip.Verified() {
		return protectAll
	}
	return protectMedia
}

// secureRow is the second row of a call with the padlock, or with the words for
// what is only half secure.
func (p *Phone) secureRow(c *call.Call, detail string) view.Row {
	switch p.protection(c) {
	case protectAll:
		if detail == "" {
			detail = text.Get(text.SecureCall)
		}
		return view.Row{Icon: view.IconEncrypted, Text: detail}
	case protectMedia:
		return view.Row{Text: "  " + text.Get(text.SecureMediaOnly)}
	}
	return view.Row{Text: "  " + detail}
}

// openSecurity is the page Security of the Status menu: what is set, and what is
// true now for each line.
func (p *Phone) openSecurity() {
	lines := []int{}
	for i := range p.lines {
		if p.lines[i].configured() {
			lines = append(lines, i+1)
		}
	}
	const before = 2 // rows above those of the lines
	page := menuPage("menu.status.security", text.MenuSecurity, call.ContextSubMenu)
	page.Items = func() []view.Item {
		items := []view.Item{
			{Label: text.Get(text.SecurityMode), Value: text.Get(p.securityMode())},
			{Label: text.Get(text.SecurityMedia), Value: text.Get(mediaWords[p.params.Text("media_encryption")])},
		}
		for _, n := range lines {
			items = append(items, view.Item{Label: text.Get(text.SecurityLine, n), Value: p.linkWords(n)})
		}
		for i := range items {
			items[i].Number = i + 1
		}
		return items
	}
	page.Open = func(i int) {
		if i >= before && i-before < len(lines) {
			p.reviewCertificate(lines[i-before])
		}
	}
	p.openPage(page)
}

var mediaWords = map[string]text.ID{"off": text.MediaOff, "optional": text.MediaOptional, "required": text.MediaRequired}

// securityMode is the settings in the words of the documents
// (deviceSecurityMode): authenticated is TLS, encrypted is SRTP as well.
func (p *Phone) securityMode() text.ID {
	switch {
	case p.params.Text("sip_transport") != transport.TLS:
		return text.ModeNonSecure
	case p.params.Text("media_encryption") == "off":
		return text.ModeAuthenticated
	}
	return text.ModeEncrypted
}

// linkWords says how a line's signalling goes now.
func (p *Phone) linkWords(line int) string {
	l := &p.lines[line-1]
	if l.account.Network != transport.TLS {
		return text.Get(text.LinkOpen, strings.ToUpper(l.account.Network))
	}
	switch {
	case l.reg.State == sipua.RegOK && p.trust.pinned(l.account.Proxy):
		return text.Get(text.LinkPinned)
	case l.reg.State == sipua.RegOK:
		return text.Get(text.LinkVerified)
	case certificateTrouble(l.reg.Err):
		return text.Get(text.LinkRefused)
	}
	return text.Get(text.LinkNone)
}
