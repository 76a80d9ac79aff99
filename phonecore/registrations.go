package phonecore

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/param"
)

// setServers fills in a line's servers in the order in which they are tried:
// the proxy or, one after the other, the call managers; then proxy_backup
// (reference, sections 3 and 5).
func (p *Phone) setServers(a *sipua.Account) {
	servers := p.params.Servers(a.Line)
	if len(servers) == 0 {
		return
	}
	a.Proxy, a.ProxyPort = servers[0].Host, servers[0].Port
	for _, s := range servers[1:] {
		a.Backups = append(a.Backups, sipua.Server{Host: s.Host, Port: s.Port})
	}
	own := p.params.Text(fmt.Sprintf("proxy%d_address", a.Line))
	if own == "" {
		own = p.params.Text("proxy1_address")
	}
	_, err := netip.ParseAddr(strings.Trim(a.Proxy, "[]"))
	if err != nil && len(servers) > 1 && a.Proxy == own { // not one of the call managers
		a.Domain = a.Proxy // a name is the domain's, and the backup serves it too
	}
}

// regNews is what a person was last told of a registration.
type regNews struct {
	state  sipua.RegState
	code   int
	server string
	rank   int // of the server that it was registered at last
}

// registration takes news of a line's registration. The status list gets
// changes only: not every refresh, and not every try at a server that stays
// away, which would drive all else from it.
func (p *Phone) registration(r sipua.Registration) {
	if r.Line < 1 || r.Line > view.NumLines {
		return
	}
	r.Reason = plain(r.Reason, maxWords)
	l := &p.lines[r.Line-1]
	l.reg = r
	l.noteAlone(r)
	p.prepareMedia()
	l.watchAnswer(p, r)
	p.watchMessages(r)
	p.watchBusy(r)
	p.noteState(r)
	p.noteCertificate(r)
	p.first.heard(p, r)
	p.timelineLines()
	news := regNews{r.State, r.Code, r.Server, r.Rank}
	if r.State != sipua.RegOK {
		news.rank = l.told.rank
	}
	again := r.State == sipua.RegTrying && l.told.state != sipua.RegNone
	if news == l.told || again {
		return
	}
	id, args := p.registrationText(r)
	if r.State == sipua.RegOK && l.told.rank != r.Rank {
		id = text.LineBack
		if r.Rank > l.told.rank {
			id = text.LineMoved
		}
	}
	l.told = news
	if id != text.None {
		var cause error
		if r.State == sipua.RegFailed || r.State == sipua.RegRejected {
			cause = errors.New(r.Reason)
		}
		remedy := id
		if id == text.LineCertificate {
			remedy = problem{err: r.Err}.trouble().what
		}
		p.reportOf(remedy, cause, id, args...)
	}
}

// quietTime is how long a server may keep quiet before the idle screen says so.
const quietTime = 4 * time.Second

// watchAnswer lets a person know early that a server does not answer: the time-out
// itself takes half a minute (RFC 3261 section 17.1.2.2).
func (l *lineState) watchAnswer(p *Phone, r sipua.Registration) {
	l.t.stop()
	l.quiet = false
	if r.State == sipua.RegTrying {
		l.t = p.after(quietTime, func() { l.quiet = true })
	}
}

// trouble is the line's trouble for the idle screen, empty if there is none.
func (p *Phone) trouble(l *lineState) string {
	brief, strange := lineCertificates[problem{err: l.reg.Err}.trouble().what]
	switch {
	case l.quiet:
		return text.Get(text.LineNoAnswerYet, l.reg.Line, l.reg.Server)
	case l.reg.State == sipua.RegFailed && strange:
		return text.Get(brief, l.reg.Line)
	case l.reg.State == sipua.RegFailed || l.reg.State == sipua.RegRejected:
		id, args := p.registrationText(l.reg)
		return text.Get(id, args...)
	case l.reg.State == sipua.RegOK && l.reg.Rank > 0:
		return text.Get(text.LineOnBackup, l.reg.Line, l.reg.Server)
	}
	return ""
}

func wrongPassword(r sipua.Registration) bool {
	return r.State == sipua.RegRejected && (r.Code == 401 || r.Code == 407)
}

// passwordOrigin says where the password of a line comes from that its server
// does not accept: there it has to be changed.
func (p *Phone) passwordOrigin(line int) string {
	name := fmt.Sprintf("line%d_password", line)
	_, edited := p.edits.session[name]
	switch v := p.params.Value(name); {
	case v.Text == "":
		return text.Get(text.PasswordUnset, line)
	case !edited && v.Origin != param.FromFlash:
		return text.Get(text.PasswordFrom, v.Source)
	case line == 1:
		return text.Get(text.PasswordHere, text.Get(text.MenuFirstRun))
	}
	return text.Get(text.PasswordHere, text.Get(text.MenuSIP))
}

func (p *Phone) registrationText(r sipua.Registration) (text.ID, []any) {
	switch r.State {
	case sipua.RegTrying:
		return text.LineRegistering, []any{r.Line}
	case sipua.RegOK:
		return text.LineRegistered, []any{r.Line, r.Server}
	case sipua.RegRejected:
		if wrongPassword(r) {
			return text.LinePassword, []any{r.Line, r.Code}
		}
		return text.LineRejected, []any{r.Line, r.Code, r.Reason}
	case sipua.RegFailed:
		if r.Code == 408 {
			return text.LineNoServer, []any{r.Line, r.Server}
		}
		if certificateTrouble(r.Err) {
			what, _ := problem{server: r.Server, err: r.Err}.explain()
			return text.LineCertificate, []any{r.Line, what}
		}
		return text.LineNotRegistered, []any{r.Line, r.Reason, r.Code, r.Retry.Round(time.Second)}
	}
	return text.None, nil
}
