package phonecore

import (
	"crypto/x509"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/text"
)

// Names of what flash keeps of certificates.
const (
	blobPins        = "certificate_pins"
	blobAuthorities = "certificate_authorities"
)

// maxPins bounds the certificates that a person has trusted.
const maxPins = 64

// trust is whose certificates the phone believes. A person decides on those
// that no authority has signed; the decision is kept by host and fingerprint.
type trust struct {
	store *sipua.Trust
	pins  map[string]string
	// asked are the fingerprints that were asked about since the start.
	asked map[string]bool
}

// authorities is the file of authorities as flash keeps it, for when no server
// can be asked.
type authorities struct {
	Name string `json:"name"`
	PEM  []byte `json:"pem"`
}

func (t *trust) pinned(host string) bool { return t.pins[strings.ToLower(host)] != "" }

// loadTrust begins with what is in flash.
func (p *Phone) loadTrust() {
	p.trust = trust{store: transport.NewTrust(), pins: map[string]string{}, asked: map[string]bool{}}
	p.readBlob(blobPins, &p.trust.pins)
	p.trust.store.Pin(p.trust.pins)
	p.trust.store.Show(p.cfg.Certificate)
}

// takeAuthorities believes those of this computer's file, of the configuration
// server's, or of the last one that it gave.
func (p *Phone) takeAuthorities(file []byte) {
	name, local := p.params.LocalFile("tls_ca_file")
	var kept authorities
	p.readBlob(blobAuthorities, &kept)
	switch {
	case name == "":
		file = nil
	case local:
		file = p.cfg.Authorities
	case file == nil && kept.Name == name:
		file = kept.PEM
	case file != nil:
		p.writeBlob(blobAuthorities, authorities{name, file})
	}
	var list []*x509.Certificate
	if file != nil {
		list, _ = transport.Authorities(file) // the start-up, or the program, has told what is wrong
	}
	p.trust.store.Add(list)
}

// certificateOf finds a certificate in an error that a person can decide on.
func certificateOf(err error) *sipua.CertificateError {
	e, _ := errors.AsType[*sipua.CertificateError](err)
	return e
}

// certificateTrouble tells of a certificate that nobody can make good here: it
// has expired, or belongs to another host.
func certificateTrouble(err error) bool {
	w := problem{err: err}
	return certificateOf(err) != nil || caused[x509.CertificateInvalidError](w) || caused[x509.HostnameError](w) || caused[x509.UnknownAuthorityError](w)
}

// noteCertificate asks a person about the certificate that a registration has
// failed on: once, and not in the midst of a call. The first steps ask by
// themselves.
func (p *Phone) noteCertificate(r sipua.Registration) {
	e := certificateOf(r.Err)
	if e == nil || p.trust.asked[e.Fingerprint] || p.calls.Len() > 0 || p.entry.open || p.first.trying != nil {
		return
	}
	p.showCertificate(e, nil)
}

// reviewCertificate shows a line's trouble with its certificate again, or lets a
// person forget the one that was trusted.
func (p *Phone) reviewCertificate(line int) {
	l := &p.lines[line-1]
	e := certificateOf(l.reg.Err)
	switch {
	case e != nil && !e.Changed:
		p.showCertificate(e, nil)
	case e == nil && certificateTrouble(l.reg.Err):
		p.openText("menu.certificate.trouble", text.MenuSecurity, func() []string {
			what, remedy := problem{server: l.reg.Server, err: l.reg.Err}.explain()
			return []string{plain(what, maxStatusText), "", plain(remedy, maxStatusText)}
		})
	case p.trust.pinned(l.account.Proxy):
		host := l.account.Proxy
		p.ask(text.Get(text.CertForget, plain(host, maxWords)), func() { p.pin(host, "") })
	}
}

// showCertificate asks whether a certificate is to be trusted. One that has
// changed cannot be trusted by a single key: it is refused with a warning.
// decided, if not nil, is told the answer before it takes effect.
func (p *Phone) showCertificate(e *sipua.CertificateError, decided func(trusted bool)) {
	if len(p.trust.asked) > maxPins {
		clear(p.trust.asked)
	}
	p.trust.asked[e.Fingerprint] = true
	page := menuPage("menu.certificate", text.CertTitle, call.ContextQuestion)
	page.Text = func() []string { return p.cfg.Wrap(certificateWords(e)) }
	page.Answer = func(_ int, yes bool) {
		p.pages.Pop()
		if decided != nil {
			decided(yes)
		}
		if !yes {
			p.report(nil, text.CertRefused, plain(e.Host, maxWords))
			return
		}
		p.pin(e.Host, e.Fingerprint)
		p.remark(text.Get(text.CertTrusted))
	}
	if e.Changed {
		page.Name, page.Keys, page.Answer = "menu.certificate.changed", call.ContextText, nil
	}
	p.openPage(page)
}

// certificateWords is what a person needs to decide.
func certificateWords(e *sipua.CertificateError) []string {
	host := plain(e.Host, maxWords)
	lines := []string{text.Get(text.CertQuestion, host)}
	if e.Changed {
		lines = []string{text.Get(text.CertChanged, host), text.Get(text.CertChangedDo)}
	}
	lines = append(lines, text.Get(text.CertPrint))
	print := strings.ToUpper(e.Fingerprint)
	for ; len(print) >= 16; print = print[16:] {
		lines = append(lines, print[:4]+" "+print[4:8]+" "+print[8:12]+" "+print[12:16])
	}
	lines = append(lines,
		text.Get(text.CertOf, plain(e.Subject, maxWords)), text.Get(text.CertBy, plain(e.Issuer, maxWords)),
		text.Get(text.CertFrom, dateOf(e.NotBefore)), text.Get(text.CertUntil, dateOf(e.NotAfter)))
	if e.Misnamed {
		lines = append(lines, text.Get(text.CertMisnamed, host))
	}
	if !e.Changed {
		lines = append(lines, text.Get(text.CertLater))
	}
	return lines
}

// dateOf is a date in a certificate.
func dateOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// maxNames of a certificate are shown: some have a hundred.
const maxNames = 3

// certifiedNames are those that a certificate has, of which none is the host's.
func certifiedNames(err error) string {
	e, _ := errors.AsType[x509.HostnameError](err)
	names := slices.Clone(e.Certificate.DNSNames)
	for _, a := range e.Certificate.IPAddresses {
		names = append(names, a.String())
	}
	if len(names) > maxNames {
		names = append(names[:maxNames], "...")
	}
	for i := range names {
		names[i] = plain(names[i], maxWords/2)
	}
	return strings.Join(names, ", ")
}

// validity is from when until when a certificate is valid.
func validity(err error) (from, until string) {
	e, _ := errors.AsType[x509.CertificateInvalidError](err)
	return dateOf(e.Cert.NotBefore), dateOf(e.Cert.NotAfter)
}

// lineCertificates are what the idle screen says of a line: what is wrong comes
// first there, for which the sentence with the server's name leaves no room.
var lineCertificates = map[text.ID]text.ID{
	text.WrongAuthority: text.LineUntrusted,
	text.WrongHost:      text.LineMisnamed,
	text.WrongNameless:  text.LineMisnamed,
	text.WrongExpired:   text.LineExpired,
	text.CertChanged:    text.LineChanged,
}

// pin keeps a decision, an empty fingerprint forgets it, and lets the lines
// that wait for it try again.
func (p *Phone) pin(host, fingerprint string) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	pins := maps.Clone(p.trust.pins)
	switch {
	case fingerprint == "":
		delete(pins, host)
	case len(pins) >= maxPins && pins[host] == "":
		return
	default:
		pins[host] = fingerprint
	}
	p.trust.pins = pins
	clear(p.trust.asked)
	p.trust.store.Pin(pins)
	p.writeBlob(blobPins, pins)
	for i := range p.lines {
		if l := &p.lines[i]; l.configured() && l.account.Network == transport.TLS && l.reg.State != sipua.RegOK && p.agent != nil {
			p.agent.Register(i + 1)
		}
	}
}

// menuPage is a page with what every page has.
func menuPage(name string, title text.ID, keys call.Context) *menu.Page {
	return &menu.Page{Name: name, Title: text.Get(title), Keys: keys}
}
