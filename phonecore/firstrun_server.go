package phonecore

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"deskset/phonecore/boot"
	"deskset/phonecore/edit"
	"deskset/phonecore/text"
	"deskset/provisioning/fetch"
	"deskset/provisioning/param"
)

// Limits of the try of a provisioning server.
const (
	tryTime    = 30 * time.Second
	maxTryFile = 1 << 20
	maxURL     = 1024
)

// openServer asks for the company's provisioning server.
func (p *Phone) openServer() {
	p.openPanel(panel{
		name: "firstrun.server", title: text.Get(text.ServerTitle), rules: edit.URI(maxURL),
		value: p.params.Text("tftp_server"),
		hints: func() []string { return []string{text.Get(text.ServerHint), text.Get(text.ServerHintURL)} },
		done: func(written string) string {
			if written == "" {
				return text.Get(text.ServerHint)
			}
			values, err := provisioningValues(written)
			if err != nil {
				return err.Error()
			}
			p.post(func() { p.tryServer(values) }) // when the panel is closed
			return ""
		},
	})
	p.pages.Top().Padlock = false
}

// provisioningValues are the parameters for a server: a web address, or a TFTP
// server by its name.
func provisioningValues(written string) (map[string]string, error) {
	name, value := "tftp_server", written
	switch scheme, rest, ok := strings.Cut(written, "://"); {
	case ok && strings.EqualFold(scheme, "tftp"):
		value = strings.TrimSuffix(rest, "/")
	case ok:
		name = "provision_url"
	}
	prm, _ := param.Lookup(name)
	clean, err := prm.Check(value)
	if err != nil {
		return nil, err
	}
	values := map[string]string{"tftp_server": "", "provision_url": "", "alternate_tftp": "1"}
	values[name] = clean
	return values, nil
}

// tryServer asks the server for the phone's files and starts up from it if it
// has any.
func (p *Phone) tryServer(values map[string]string) {
	name := values["tftp_server"]
	if address := values["provision_url"]; address != "" {
		name = webHost(address)
	}
	ctx, cancel := context.WithTimeout(p.ctx, tryTime)
	p.beginTry(func() []string { return []string{text.Get(text.ServerAsking, name)} }, cancel)
	network, beyond, mac, ca := p.cfg.Network, p.cfg.Beyond, p.startup.values.MAC, p.params.Text("provision_ca")
	page := p.first.trying
	p.work(func(context.Context) {
		defer cancel()
		err := askServer(ctx, values, network, beyond, mac, ca)
		p.post(func() {
			if p.first.trying == page && p.endTry() {
				p.serverTried(values, problem{kind: problemFetch, server: name, err: err, mac: mac})
			}
		})
	})
}

// webHost is what is shown of a web address: not the name and password that it
// may hold.
func webHost(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// askServer asks for the files of which a server must have one.
func askServer(ctx context.Context, values map[string]string, network boot.Network, beyond boot.Beyond, mac, ca string) error {
	source, err := serverSource(ctx, values, network, beyond, ca)
	if err != nil {
		return err
	}
	files := []string{"SIPDefault.cnf"}
	if mac != "" {
		files = append(files, "SIP"+mac+".cnf", "SEP"+mac+".cnf.xml")
	}
	for _, file := range files {
		if _, err = source.Fetch(ctx, file, maxTryFile); !errors.Is(err, fetch.ErrNotFound) {
			break
		}
	}
	return err
}

func serverSource(ctx context.Context, values map[string]string, network boot.Network, beyond boot.Beyond, ca string) (fetch.Source, error) {
	if address := values["provision_url"]; address != "" {
		if beyond.HTTP == nil {
			return nil, fetch.ErrUnreachable
		}
		return beyond.HTTP(address, ca)
	}
	server, err := boot.ResolveServer(ctx, network, values["tftp_server"])
	if err != nil {
		return nil, err
	}
	return network.TFTP(server), nil
}

func (p *Phone) serverTried(values map[string]string, w problem) {
	use := func() {
		p.program(values, func() { p.wantRestart(restartReset, text.Get(text.ResetBySettings)) })
	}
	if w.err == nil {
		p.menuExit()
		use()
		return
	}
	p.openTrouble(w, attempt{again: func() { p.tryServer(values) }, keep: use})
}
