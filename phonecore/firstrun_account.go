package phonecore

import (
	"cmp"
	"net"
	"slices"
	"strings"

	"deskset/phonecore/call"
	"deskset/phonecore/edit"
	"deskset/phonecore/menu"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/param"
)

// account is line 1 as the person enters it.
type account struct {
	server    string // host or host:port
	transport string
	user      string
	login     string // with the password; the user if empty
	password  string
	// guided asks for one thing after the other, until the first try.
	guided bool
}

// The rows of the account's page.
const (
	rowServer = iota
	rowTransport
	rowUser
	rowLogin
	rowPassword
	rowTry
)

// accountKeys are the soft keys for each row.
var accountKeys = [...]call.Context{
	rowServer: call.ContextSubEdit, rowTransport: call.ContextSubChange, rowUser: call.ContextSubEdit,
	rowLogin: call.ContextSubEdit, rowPassword: call.ContextSubEdit, rowTry: call.ContextSubMenu,
}

// openAccount asks for an account: what is missing is asked for by itself, and
// each row can be changed. One that is complete is shown, to be changed.
func (p *Phone) openAccount() {
	a := &p.first.account
	*a = account{
		server: p.params.Text("proxy1_address"), transport: p.params.Text("sip_transport"),
		user: p.params.Text("line1_name"), login: p.params.Text("line1_authname"), password: p.params.Text("line1_password"),
	}
	a.guided = a.server == "" || a.user == "" || a.password == ""
	if a.login == a.user {
		a.login = ""
	}
	if a.server != "" && p.params.IsSet("proxy1_port") {
		a.server = net.JoinHostPort(a.server, p.params.Text("proxy1_port"))
	}
	page := &menu.Page{Name: "firstrun.account", Title: text.Get(text.AccountTitle), Prompt: text.Get(text.AccountPrompt)}
	page.Items = a.items
	page.KeysNow = func() call.Context { return accountKeys[page.Selected] }
	page.Open = p.editAccount
	p.openPage(page)
	p.guideAccount()
}

func (a *account) items() []view.Item {
	stars := ""
	if a.password != "" {
		stars = maskedSecret
	}
	items := []view.Item{
		rowServer:    {Label: text.Get(text.AccountServer), Value: a.server},
		rowTransport: {Label: text.Get(text.AccountTransport), Value: a.transport},
		rowUser:      {Label: text.Get(text.AccountUser), Value: a.user},
		rowLogin:     {Label: text.Get(text.AccountLogin), Value: a.login},
		rowPassword:  {Label: text.Get(text.AccountPassword), Value: stars},
		rowTry:       {Label: text.Get(text.AccountTry)},
	}
	for i := range items {
		items[i].Number = i + 1
	}
	return items
}

// guideAccount opens the panel for the first thing that is missing, or tries
// the account when nothing is.
func (p *Phone) guideAccount() {
	a, page := &p.first.account, p.pages.Top()
	if !a.guided || page == nil || page.Name != "firstrun.account" {
		return
	}
	row := rowTry
	switch {
	case a.server == "":
		row = rowServer
	case a.user == "":
		row = rowUser
	case a.password == "":
		row = rowPassword
	}
	page.Move(row - page.Selected)
	p.editAccount(row)
}

// editAccount is Edit, Change and Select on a row of the account's page.
func (p *Phone) editAccount(row int) {
	a := &p.first.account
	switch row {
	case rowServer:
		p.askAccount(text.AccountServer, a.server, edit.URI(maxHostPort), text.AccountServerHint, a.setServer)
	case rowTransport:
		prm, _ := param.Lookup("sip_transport")
		a.transport = next(prm.Choices, a.transport)
	case rowUser:
		p.askAccount(text.AccountUser, a.user, edit.URI(maxName), text.AccountUserHint, func(s string) text.ID { a.user = s; return text.None })
	case rowLogin:
		p.askAccount(text.AccountLogin, a.login, edit.URI(maxName), text.AccountLoginHint, func(s string) text.ID { a.login = s; return text.None })
	case rowPassword:
		p.askAccount(text.AccountPassword, a.password, edit.Secret(maxName), text.AccountPasswordHint, func(s string) text.ID { a.password = s; return text.None })
	case rowTry:
		p.tryAccount()
	}
}

// Lengths of what is entered: that of a host name with a port and a user before
// it, and that of linex_name and linex_password.
const (
	maxHostPort = 400
	maxName     = 128
)

func (p *Phone) askAccount(title text.ID, value string, rules edit.Rules, hint text.ID, set func(string) text.ID) {
	p.openPanel(panel{
		name: "firstrun.edit", title: text.Get(title), value: value, rules: rules,
		hints: func() []string { return []string{text.Get(hint)} },
		done: func(written string) string {
			if trouble := set(strings.TrimSpace(written)); trouble != text.None {
				return text.Get(trouble)
			}
			if written != "" {
				p.post(p.guideAccount) // when the panel is closed
			}
			return ""
		},
	})
	p.pages.Top().Padlock = false // nothing is locked here
}

// setServer takes host or host:port, and of a whole SIP address the user and
// the transport too.
func (a *account) setServer(s string) text.ID {
	s, _ = cutScheme(s, "sip:")
	s, secure := cutScheme(s, "sips:")
	s, parameters, _ := strings.Cut(s, ";")
	user, server, whole := strings.Cut(s, "@")
	if !whole {
		server = s
	}
	_, port, ok := splitHost(server)
	if !ok {
		return text.AccountBadServer
	}
	a.setTransport(parameters, secure || port == portTLS)
	if a.server = server; whole && user != "" {
		a.user, _, _ = strings.Cut(user, ":")
	}
	return text.None
}

// portTLS is the port of SIP over TLS (RFC 3261, section 19.1.2): who writes it
// has been told of TLS, and would wait in vain for an answer by UDP.
const portTLS = "5061"

// setTransport takes the transport that an address names or, without a name,
// TLS where the address says so in another way.
func (a *account) setTransport(parameters string, secure bool) {
	if secure {
		a.transport = "tls"
	}
	prm, _ := param.Lookup("sip_transport")
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(p, "=")
		if value = strings.ToLower(value); strings.EqualFold(name, "transport") && slices.Contains(prm.Choices, value) {
			a.transport = value
		}
	}
}

// splitHost divides host:port; port is empty where there is none.
func splitHost(server string) (host, port string, ok bool) {
	host = server
	if h, p, err := net.SplitHostPort(server); err == nil {
		host, port = h, p
	}
	address, _ := param.Lookup("proxy1_address")
	number, _ := param.Lookup("proxy1_port")
	host, err := address.Check(strings.Trim(host, "[]"))
	if err == nil && port != "" {
		_, err = number.Check(port)
	}
	return host, port, err == nil && host != ""
}

// parameters are the account as line 1.
func (a *account) parameters() map[string]string {
	host, port, _ := splitHost(a.server)
	login := cmp.Or(a.login, a.user)
	return map[string]string{
		"proxy1_address": host, "proxy1_port": port, "sip_transport": a.transport, "proxy_register": "1",
		"line1_name": a.user, "line1_authname": login, "line1_password": a.password,
	}
}

// tryAccount registers with the account. It holds until the next restart; it is
// stored when it works, or when the person keeps it.
func (p *Phone) tryAccount() {
	a := &p.first.account
	a.guided = false
	switch {
	case a.server == "" || a.user == "":
		p.remark(text.Get(text.AccountNeeded))
		return
	case p.busyForRemote():
		p.remark(text.Get(text.NotDuringCall))
		return
	}
	p.waitForAccount()
	before := p.lines[0].account
	p.useEdits(a.parameters())
	p.clearRemark()
	switch {
	case p.agent == nil:
		p.accountFailed(problem{kind: problemSound, reason: p.noSIP})
	case p.lines[0].account.Line == before.Line && p.account(1).Password == before.Password && p.lines[0].reg.State != sipua.RegNone:
		p.agent.Register(1) // nothing has changed: it would not ask again by itself
	}
}

// waitForAccount shows that the account's server is being asked.
func (p *Phone) waitForAccount() {
	p.beginTry(func() []string {
		lines := []string{text.Get(text.TryAsking, p.first.account.server)}
		if p.lines[0].quiet {
			lines = append(lines, "", text.Get(text.TrySlow))
		}
		return lines
	}, func() {})
}

// heard takes news of the registration that is being tried.
func (f *firstRun) heard(p *Phone, r sipua.Registration) {
	if f.trying == nil || r.Line != 1 {
		return
	}
	switch r.State {
	case sipua.RegOK:
		if p.endTry() {
			p.accountWorks(r)
		}
	case sipua.RegFailed, sipua.RegRejected:
		p.accountFailed(problem{server: f.account.server, code: r.Code, reason: r.Reason, err: r.Err})
	}
}

func (p *Phone) accountWorks(r sipua.Registration) {
	p.program(p.first.account.parameters(), func() {})
	user := p.first.account.user
	p.pages = nil
	p.openText("firstrun.done", text.DoneTitle, func() []string {
		return []string{text.Get(text.DoneAccount, user, r.Server), "", text.Get(text.DoneHint)}
	})
}

// accountFailed says what was wrong. A certificate that nobody vouches for is a
// question first: with Yes the phone, which then asks the server again, goes on.
func (p *Phone) accountFailed(w problem) {
	if !p.endTry() {
		return
	}
	kept := p.first.account.parameters()
	explain := func() {
		p.openTrouble(w, attempt{again: p.tryAccount, keep: func() { p.program(kept, func() {}) }})
	}
	e := certificateOf(w.err)
	if e == nil || e.Changed {
		explain()
		return
	}
	p.showCertificate(e, func(trusted bool) {
		if trusted {
			p.waitForAccount()
		} else {
			explain()
		}
	})
}
