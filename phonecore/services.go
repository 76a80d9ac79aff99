package phonecore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"

	"deskset/phonecore/call"
	"deskset/phonecore/edit"
	"deskset/phonecore/menu"
	"deskset/phonecore/services"
	"deskset/phonecore/text"
)

// Web fetches the pages of services; see services.Client, which it is outside
// of tests. Fetch is called off the loop.
type Web interface {
	Fetch(ctx context.Context, address string) (*services.Page, error)
	Authorize(address, user, password string) error
	Close() error
}

// web is what the phone knows of the servers of its services. Nothing that
// they send can do more than fill the LCD: see act for the exceptions.
type web struct {
	client Web // nil until it is needed
	// request is the one under way, nil if there is none.
	request *webRequest
	// chain counts the pages in a row that no person has asked for.
	chain int
	// pressing guards against keys that press themselves.
	pressing bool
}

type webRequest struct {
	stop context.CancelFunc
	host string
	// unasked is set for a page that comes in place of another by itself.
	unasked bool
}

// Bounds: pages that are open at once, and that may follow each other by
// Execute alone.
const (
	maxOpenPages = 24
	maxChain     = 5
)

// maxLogin is the length of a user's name and password.
const maxLogin = 64

// openServices is the services key; openExternal is the company's directory.
func (p *Phone) openServices() { p.openWeb(text.MenuServices, "services_url") }

func (p *Phone) openExternal() { p.openWeb(text.MenuExternal, "directory_url") }

func (p *Phone) openWeb(title text.ID, parameter string) {
	address := p.params.Text(parameter)
	if address == "" {
		p.remark(text.Get(text.WebNone, text.Get(title), parameter))
		return
	}
	page := &menu.Page{Name: "menu.services.loading", Title: text.Get(title), Keys: call.ContextText, KeysNow: p.webKeys(call.ContextText), Cancel: p.stopRequest}
	page.Text = func() []string {
		if prompt := p.requesting(); prompt != "" {
			return p.cfg.Wrap([]string{prompt})
		}
		return p.cfg.Wrap([]string{text.Get(text.WebAccess)}) // the person did not tell who they are
	}
	p.openPage(page)
	p.web.chain = 0
	p.fetchPage(address, page, true)
}

// requesting is the prompt while a page is on its way.
func (p *Phone) requesting() string {
	if p.web.request == nil {
		return ""
	}
	return text.Get(text.WebRequesting, p.web.request.host)
}

// awaited tells whether a person waits for a page.
func (p *Phone) awaited() bool { return p.web.request != nil && !p.web.request.unasked }

// webKeys is the row of soft keys of a page that has one of its own while nothing
// is awaited.
func (p *Phone) webKeys(row call.Context) func() call.Context {
	return func() call.Context {
		if p.awaited() {
			return call.ContextWebWaiting
		}
		return row
	}
}

func (p *Phone) stopRequest() {
	if p.web.request != nil {
		p.web.request.stop()
		p.web.request = nil
	}
}

// closeWeb ends the connections to all servers.
func (p *Phone) closeWeb() {
	p.stopRequest()
	if p.web.client == nil {
		return
	}
	if err := p.web.client.Close(); err != nil {
		p.log.Warn("closing the connections of services", "cause", err)
	}
	p.web.client = nil
}

func (p *Phone) webClient() Web {
	if p.web.client == nil {
		options := services.Options{Device: "SEP" + p.startup.values.MAC, Version: p.load(), Log: p.log}
		if host := p.params.Text("http_proxy_addr"); host != "" {
			options.Proxy = &url.URL{Scheme: "http", Host: net.JoinHostPort(host, strconv.Itoa(p.params.Int("http_proxy_port")))}
		}
		p.web.client = p.cfg.Web(options)
	}
	return p.web.client
}

// fetchPage gets a page that comes after the one on the screen, or takes its
// place. Whoever leaves that one meanwhile gets nothing.
func (p *Phone) fetchPage(address string, from *menu.Page, replace bool) {
	if !replace && len(p.pages) >= maxOpenPages {
		p.remark(text.Get(text.WebDeep))
		return
	}
	p.stopRequest()
	ctx, stop := context.WithCancel(p.ctx)
	r := &webRequest{stop: stop, host: hostOf(address)}
	p.web.request = r
	client := p.webClient()
	p.work(func(context.Context) {
		got, err := client.Fetch(ctx, address)
		stop()
		p.post(func() {
			if p.web.request != r {
				return
			}
			p.web.request = nil
			if p.pages.Top() == from {
				p.fetched(fetched{got, err, address, from, replace})
			}
		})
	})
}

// fetched is what came of a request.
type fetched struct {
	got     *services.Page
	err     error
	address string
	from    *menu.Page
	replace bool
}

func (p *Phone) fetched(f fetched) {
	var fail *services.Error
	switch {
	case errors.As(f.err, &fail) && fail.Asked:
		p.askUser(f, fail)
	case f.err != nil:
		p.report(f.err, text.StatusService, f.err)
		p.showWebError(f, webTrouble(f.err))
	default:
		p.showObject(f)
	}
}

// hostOf is the server of an address, for display.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return plain(u.Host, maxWords)
}

// place puts a page on the screen in the place of the one that asked for it, or
// after it.
func (f fetched) place(p *Phone, page *menu.Page) {
	if f.replace {
		if page.Name == f.from.Name && page.Items != nil { // refreshed: the same item stays chosen
			page.Selected, page.First = min(f.from.Selected, max(len(page.Items())-1, 0)), f.from.First
			page.Move(0)
		}
		p.pages.Pop()
	}
	p.openPage(page)
}

// askUser asks the person for what the server wants to know, then tries again.
func (p *Phone) askUser(f fetched, fail *services.Error) {
	place := plain(fail.Realm, maxWords)
	if place == "" {
		place = hostOf(f.address)
	}
	p.openField("menu.services.user", text.Get(text.WebUser, place), "", edit.Text(maxLogin), func(user string) {
		p.pages.Pop()
		p.openField("menu.services.password", text.Get(text.WebPassword, place), "", edit.Secret(maxLogin), func(password string) {
			p.pages.Pop()
			if err := p.webClient().Authorize(fail.Address, user, password); err != nil {
				p.showWebError(f, webTrouble(err))
				return
			}
			p.fetchPage(f.address, f.from, f.replace)
		})
	})
}

// webTroubles words the errors of services, the first that fits.
var webTroubles = []struct {
	err  error
	text text.ID
}{
	{services.ErrTimeout, text.WebTimeout},
	{services.ErrUnreachable, text.WebUnreachable},
	{services.ErrHost, text.WebHost},
	{services.ErrNotFound, text.WebNotFound},
	{services.ErrAccess, text.WebAccess},
	{services.ErrRedirect, text.WebRedirect},
	{services.ErrNoObject, text.WebNoObject},
	{services.ErrUnsupported, text.WebUnsupported},
	{services.ErrMalformed, text.WebMalformed},
	{services.ErrTooLarge, text.WebTooLarge},
	{services.ErrServer, text.WebServer},
	{services.ErrURI, text.WebAddress},
}

// webTrouble tells in words what went wrong, where, and what helps.
func webTrouble(err error) []string {
	lines := []string{text.Get(text.WebFailed)}
	for _, t := range webTroubles {
		if errors.Is(err, t.err) {
			lines[0] = text.Get(t.text)
			break
		}
	}
	var fail *services.Error
	if !errors.As(err, &fail) {
		return append(lines, plain(err.Error(), maxStatusText))
	}
	if fail.Status > 0 {
		lines[0] = fmt.Sprintf("%s (%d)", lines[0], fail.Status)
	}
	for _, more := range []string{fail.Address, fail.Detail, fail.Remedy} {
		if more != "" {
			lines = append(lines, plain(more, maxStatusText))
		}
	}
	return lines
}

func (p *Phone) showWebError(f fetched, lines []string) {
	f.place(p, &menu.Page{
		Name: "menu.services.error", Title: f.from.Title, Keys: call.ContextText,
		Text: func() []string { return p.cfg.Wrap(lines) },
	})
}
