package lab

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"time"

	"deskset/app/lab/exchange"
	"deskset/app/lab/tftpd"
	"deskset/app/lab/tree"
)

// Options make a lab. The zero value is a lab on 127.0.0.1 that works.
type Options struct {
	// Log gets one record per event, without secrets. Nil logs nothing.
	Log *slog.Logger
	// Listen is the address to bind; an invalid one means 127.0.0.1. Anything
	// but loopback is for networks of a test's own.
	Listen netip.Addr
	// MAC of the phone that is provisioned, twelve hexadecimal digits; empty
	// means DefaultMAC.
	MAC string
	// Image is the image_version that the files name: the phone's running
	// load, so that it does not upgrade. Empty means DefaultImage.
	Image string
	// Fault is a name out of Scenarios, several divided by commas, or empty.
	Fault string
	// Root is a directory whose files win over those that the lab makes, of at
	// most tree.MaxFile each; empty for none.
	Root string
	// Upgrade has the files name an image that the phone does not run, so that
	// it upgrades.
	Upgrade bool
	// SEP adds SEP<MAC>.cnf.xml, which a phone takes in place of SIP<MAC>.cnf.
	SEP bool
	// HTTP serves the files by HTTP, too.
	HTTP bool
	// Backup starts a second registrar and proxy, which the files name as
	// proxy_backup; so does a Fault that needs it.
	Backup bool
	// MinExpires is the shortest registration that is granted, others get 423
	// (RFC 3261 section 10.3); 0 means 60 s.
	MinExpires time.Duration
	// MD5Only leaves SHA-256 out of the challenges. Phones that follow RFC 8760
	// take the one that they know; older ones (baresip 1.0) fail on any
	// challenge that they do not know.
	MD5Only bool
}

// Defaults of Options, and the realm of the lab's accounts.
const (
	DefaultMAC   = "00503EFFD842"
	DefaultImage = "DS79-0-1-0"
	Realm        = "lab.deskset"
)

// Account is one line of the phone that the lab provisions.
type Account struct {
	Line        int    // 1 or 2
	User        string // address of record, and the name for digest authentication
	Password    string // random for each start
	DisplayName string
}

// Lab is a running lab.
type Lab struct {
	options  Options
	accounts []Account
	exchange *exchange.Exchange
	backup   *exchange.Exchange // nil: none
	tree     *tree.Tree
	// authority is the certificate of the lab's authority, in PEM.
	authority []byte
	fixed     map[string][]byte // files that never change
	tftp      *tftpd.Server
	http      *httpServer // nil: none
	network   *network
	stop      context.CancelFunc
	ended     chan struct{}

	// changing is held while the fault changes. It is another lock than mu, as
	// the exchange, which is waited for meanwhile, may call ChangeSync.
	changing sync.Mutex
	mu       sync.Mutex
	ill      illness
	sync     int // of syncinfo.xml
}

// lines are the phone's lines, after the guide's example.
var lines = []Account{
	{Line: 1, User: "5551212", DisplayName: "Lab line 1"},
	{Line: 2, User: "5551213", DisplayName: "Lab line 2"},
}

var macPattern = regexp.MustCompile(`^[0-9A-F]{12}$`)

// Start binds the ports and begins to serve. The lab ends with Close, or when
// ctx is done.
func Start(ctx context.Context, o Options) (_ *Lab, err error) {
	l := &Lab{ended: make(chan struct{}), sync: 1}
	if l.ill, err = o.complete(); err != nil {
		return nil, err
	}
	l.options = o
	for _, a := range lines {
		a.Password = rand.Text()
		l.accounts = append(l.accounts, a)
	}
	defer func() {
		if err != nil {
			_ = l.shut()
		}
	}()
	if err = l.startExchanges(ctx); err != nil {
		return nil, err
	}
	if err = l.startFiles(); err != nil {
		return nil, err
	}
	if l.network, err = startNetwork(l); err != nil {
		return nil, err
	}
	ctx, l.stop = context.WithCancel(ctx)
	go l.closeAfter(ctx)
	o.Log.Info("lab: started", "tftp", l.TFTP(), "proxy", l.Proxy(), "mac", o.MAC, "fault", o.Fault)
	return l, nil
}

func (l *Lab) startExchanges(ctx context.Context) (err error) {
	o := exchange.Options{Log: l.options.Log, Listen: l.options.Listen, Realm: Realm, MinExpires: l.options.MinExpires, MD5Only: l.options.MD5Only}
	authority, certificate, err := makeCertificates(l.options.Listen, proxyAddr, backupAddr)
	if err != nil {
		return err
	}
	l.authority, o.Certificate = authority, &certificate
	for _, a := range l.accounts {
		o.Users = append(o.Users, exchange.User{Name: a.User, Password: a.Password, Display: a.DisplayName})
	}
	if r := l.ill.sip.Reminder; r != nil {
		r.Before = l.ChangeSync
	}
	primary, backup := l.ill.sipFaults()
	o.Fault = primary
	if l.exchange, err = exchange.Start(ctx, o); err != nil || !l.options.Backup {
		return err
	}
	o.Fault = backup
	l.backup, err = exchange.Start(ctx, o)
	return err
}

func (l *Lab) startFiles() (err error) {
	if l.tree, err = tree.New(l.options.Root); err != nil {
		return err
	}
	if l.fixed, err = fixedFiles(l.options.Image); err != nil {
		return err
	}
	l.fixed[authorityName] = l.authority
	l.mu.Lock()
	l.remake()
	l.mu.Unlock()
	l.tftp, err = tftpd.Start(tftpd.Options{Log: l.options.Log, Listen: l.options.Listen, Open: l.tree.Open, Fault: l.ill.tftp})
	if err != nil || !l.options.HTTP {
		return err
	}
	l.http, err = startHTTP(l.options.Log, l.options.Listen, l.tree)
	return err
}

// complete fills in the defaults and checks the rest.
func (o *Options) complete() (illness, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if !o.Listen.IsValid() {
		o.Listen = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	if o.Listen.IsUnspecified() {
		return illness{}, errors.New("lab: listens on one address only: the phone must be told which")
	}
	if o.MAC == "" {
		o.MAC = DefaultMAC
	}
	o.MAC = strings.ToUpper(strings.NewReplacer(":", "", "-", "", ".", "").Replace(o.MAC))
	if !macPattern.MatchString(o.MAC) {
		return illness{}, fmt.Errorf("lab: MAC %q: want twelve hexadecimal digits", o.MAC)
	}
	if o.Image == "" {
		o.Image = DefaultImage
	}
	if strings.ContainsAny(o.Image, "\"\r\n") {
		return illness{}, fmt.Errorf("lab: image %q: want a name without quotes and line ends", o.Image)
	}
	ill, err := diagnose(o.Fault)
	o.Backup = o.Backup || ill.backupNeeded()
	return ill, err
}

// TFTP is where the TFTP server listens.
func (l *Lab) TFTP() netip.AddrPort { return l.tftp.Addr() }

// Proxy is where the registrar and proxy listens, UDP and TCP alike.
func (l *Lab) Proxy() netip.AddrPort { return l.exchange.Addr() }

// Backup is where the second registrar and proxy listens; invalid if there is
// none.
func (l *Lab) Backup() netip.AddrPort {
	if l.backup == nil {
		return netip.AddrPort{}
	}
	return l.backup.Addr()
}

// exchanges lists the SIP servers, the first one first.
func (l *Lab) exchanges() []*exchange.Exchange {
	if l.backup == nil {
		return []*exchange.Exchange{l.exchange}
	}
	return []*exchange.Exchange{l.exchange, l.backup}
}

// MAC of the phone that the files are for.
func (l *Lab) MAC() string { return l.options.MAC }

// Accounts of the phone's lines, in order.
func (l *Lab) Accounts() []Account { return append([]Account(nil), l.accounts...) }

// closeAfter ends everything when the context does.
func (l *Lab) closeAfter(ctx context.Context) {
	defer close(l.ended)
	<-ctx.Done()
	if err := l.shut(); err != nil {
		l.options.Log.Warn("lab: closed badly", "error", err)
	}
	l.options.Log.Info("lab: closed")
}

// shut ends the parts that have been started.
func (l *Lab) shut() (err error) {
	if l.network != nil {
		l.network.close()
	}
	if l.exchange != nil {
		for _, x := range l.exchanges() {
			x.Close()
		}
	}
	if l.tftp != nil {
		l.tftp.Close()
	}
	if l.http != nil {
		err = l.http.close()
	}
	if l.tree != nil {
		err = errors.Join(err, l.tree.Close())
	}
	return err
}

// Close ends all calls, frees the ports and waits for everything to stop. It
// may be called more than once.
func (l *Lab) Close() error {
	l.stop()
	<-l.ended
	return nil
}
