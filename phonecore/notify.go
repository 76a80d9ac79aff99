package phonecore

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/provisioning/syncinfo"
)

// What servers ask a phone to do by NOTIFY (reference, section 4, "Remote
// reset"): check-sync makes it fetch syncinfo.xml and reset if that says so,
// service-control says itself what to do. Both wait until the phone is idle.
const (
	eventCheckSync      = "check-sync"
	eventServiceControl = "service-control"
)

var remoteEvents = []sipua.EventPackage{{Name: eventCheckSync}, {Name: eventServiceControl, Body: "text/plain"}, {Name: eventMessages, Body: summaryType}}

// Limits of what servers can ask for.
const (
	// restartGap lies between two restarts that the network asks for, syncGap
	// between two fetches of syncinfo.xml: who asks more often waits.
	restartGap = time.Minute
	syncGap    = 10 * time.Second
	// idleLook is how often a phone that is asked to restart looks whether it
	// is idle.
	idleLook = time.Second
	// refusalGap lies between two messages about refused requests.
	refusalGap  = time.Minute
	maxSyncInfo = 64 << 10
	syncFile    = "syncinfo.xml"
)

// remote is what servers have asked for and what has come of it.
type remote struct {
	// sync and restart are what is still to be done; restart is 0 for nothing.
	sync    bool
	restart restartKind
	// urgent is set if the restart is not to be held back: a person
	// wants it, or the address is gone.
	urgent bool
	// by is the event that asked, for people.
	by string
	// fetching is set while syncinfo.xml is.
	fetching bool
	t        *timer
	// syncFrom and restartFrom are when the next one may begin.
	syncFrom, restartFrom time.Time
	refused               time.Time // when a refusal was told last
	// stamp is the ConfigVersionStamp that a check-version was about last.
	stamp string
}

// notified takes a NOTIFY and gives the status of the answer.
func (p *Phone) notified(n sipua.Notification) int {
	if n.Event == eventMessages {
		return p.messagesNotified(n)
	}
	if status := p.admit(n, p.params.Text("check_sync_auth")); status != 0 {
		return status
	}
	if n.Event == eventCheckSync {
		p.remote.sync, p.remote.by = true, n.Event
		p.serveRemote()
		return 200
	}
	c, err := parseServiceControl(n.Body)
	if err != nil {
		p.report(err, text.StatusRemoteBad, n.Event, n.From.Addr(), err)
		return 400
	}
	p.serviceControl(c)
	return 200
}

// admit checks the sender as check_sync_auth has it; 0 lets it in. "none" is
// anybody, "source" a server of the phone, "digest" who knows the line's
// password.
func (p *Phone) admit(n sipua.Notification, auth string) int {
	switch auth {
	case "none":
		return 0
	case "digest":
		if n.Proven {
			return 0
		}
		return 401
	}
	if n.FromServer || p.isTFTP(n.From.Addr()) {
		return 0
	}
	if now := time.Now(); now.Sub(p.remote.refused) >= refusalGap {
		p.remote.refused = now
		p.report(errors.New("not from a server of this phone: see check_sync_auth"), text.StatusRemoteRefused, n.Event, n.From.Addr())
	}
	return 403
}

// isTFTP tells whether an address is the server that we are configured by.
func (p *Phone) isTFTP(a netip.Addr) bool { return slices.Contains(p.startup.values.TFTP, a.Unmap()) }

// serviceControl carries out an order. A check-version about the version that
// the configuration has, or that the last one was about (most files tell none),
// has nothing new to say.
func (p *Phone) serviceControl(c serviceControl) {
	by := eventServiceControl + " " + c.action
	switch {
	case c.kind != 0:
	case c.stamp == "" || c.stamp == p.remote.stamp || c.stamp == p.configVersion():
		p.report(nil, text.StatusSyncSame, by)
		return
	default:
		p.remote.stamp = c.stamp
		c.kind = restartRestart
	}
	p.askRestart(c.kind, by)
}

// configVersion is the version stamp of the call manager's file, empty without.
func (p *Phone) configVersion() string {
	if device := p.startup.values.Device; device != nil {
		return plain(device.Version, maxStamp)
	}
	return ""
}

// wantRestart begins the start-up anew, because a person wants it or the address
// is gone, as soon as the phone is idle.
func (p *Phone) wantRestart(kind restartKind, by string) {
	p.remote.urgent = true
	p.askRestart(kind, by)
}

// askRestart does that because the network wants it: only so often.
func (p *Phone) askRestart(kind restartKind, by string) {
	r := &p.remote
	r.restart = max(r.restart, kind)
	r.by = by
	if p.busyForRemote() || !r.urgent && time.Now().Before(r.restartFrom) {
		p.report(nil, text.StatusRemotePending, by)
		p.remark(text.Get(text.ResetPending))
	}
	p.serveRemote()
}

// busyForRemote tells whether a person uses the phone to call. A call that only
// shows why it failed is none.
func (p *Phone) busyForRemote() bool {
	for _, c := range p.calls.All() {
		if c.State != call.Failed {
			return true
		}
	}
	return p.entry.open
}

// serveRemote does what is asked for as soon as it may be done, and looks again
// as long as something is.
func (p *Phone) serveRemote() {
	r := &p.remote
	r.t.stop()
	if p.mode == modeOff || !r.sync && r.restart == 0 {
		return
	}
	now := time.Now()
	switch {
	case p.mode != modeRunning || p.busyForRemote() || r.fetching && !r.urgent:
	case r.restart != 0 && (r.urgent || !now.Before(r.restartFrom)):
		p.restartRemote()
		return
	case r.restart == 0 && !now.Before(r.syncFrom):
		p.checkSync()
		return
	}
	r.t = p.after(idleLook, p.serveRemote)
}

func (p *Phone) restartRemote() {
	r := &p.remote
	kind, id := r.restart, text.StatusRemoteRestart
	if kind == restartReset {
		id = text.StatusRemoteReset
	}
	if !r.urgent {
		r.restartFrom = time.Now().Add(restartGap)
	}
	p.report(nil, id, r.by)
	p.restart(kind)
}

// checkSync fetches syncinfo.xml and resets the phone if it says so.
func (p *Phone) checkSync() {
	r := &p.remote
	r.sync, r.fetching = false, true
	r.syncFrom = time.Now().Add(syncGap)
	fetch, by := p.fetcher(maxSyncInfo), r.by
	p.work(func(ctx context.Context) {
		data, err := fetch(ctx, syncFile)
		p.post(func() {
			r.fetching = false
			if p.mode == modeRunning {
				p.synced(by, data, err)
			}
			p.serveRemote()
		})
	})
}

func (p *Phone) synced(by string, data []byte, err error) {
	if err != nil {
		p.report(err, text.StatusSyncFile, by, err)
		return
	}
	images, problems := syncinfo.Parse(syncFile, data)
	for _, problem := range problems[:min(len(problems), maxSyncProblems)] {
		p.report(problem, text.StatusSyncFile, by, problem)
	}
	if !syncinfo.Restart(images, p.load(), p.params.Text("sync")) {
		p.report(nil, text.StatusSyncSame, by)
		return
	}
	p.askRestart(restartReset, by)
}

// maxSyncProblems is how many lines of a broken syncinfo.xml are told.
const maxSyncProblems = 3

var errNoFileServer = errors.New("no configuration server is known")

// fetcher gets files from where the configuration came from.
func (p *Phone) fetcher(most int64) func(context.Context, string) ([]byte, error) {
	servers := p.startup.values.Servers
	return func(ctx context.Context, file string) ([]byte, error) {
		if servers == nil {
			return nil, errNoFileServer
		}
		return servers().Fetch(ctx, file, most)
	}
}
