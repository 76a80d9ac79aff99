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
	"time"

	"deskset/app/lab/exchange"
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
	// Fault is a name out of Faults, or empty.
	Fault string
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

// Registration is one binding of the registrar.
type Registration = exchange.Registration

// Call is one call that the lab has seen.
type Call = exchange.Call

// Lab is a running lab.
type Lab struct {
	options  Options
	accounts []Account
	exchange *exchange.Exchange
	tftp     *tftpServer
	stop     context.CancelFunc
	ended    chan struct{}
}

// lines are the phone's lines, after the guide's example.
var lines = []Account{
	{Line: 1, User: "5551212", DisplayName: "Lab line 1"},
	{Line: 2, User: "5551213", DisplayName: "Lab line 2"},
}

var macPattern = regexp.MustCompile(`^[0-9A-F]{12}$`)

// Start binds the ports and begins to serve. The lab ends with Close, or when
// ctx is done.
func Start(ctx context.Context, o Options) (*Lab, error) {
	fault, err := o.complete()
	if err != nil {
		return nil, err
	}
	l := &Lab{options: o, ended: make(chan struct{})}
	var users []exchange.User
	for _, a := range lines {
		a.Password = rand.Text()
		l.accounts = append(l.accounts, a)
		users = append(users, exchange.User{Name: a.User, Password: a.Password, Display: a.DisplayName})
	}
	l.exchange, err = exchange.Start(ctx, exchange.Options{
		Log: o.Log, Listen: o.Listen, Realm: Realm, Users: users, MinExpires: o.MinExpires, MD5Only: o.MD5Only, Fault: fault.sip,
	})
	if err != nil {
		return nil, err
	}
	l.tftp, err = startTFTP(o.Log, o.Listen, l.files(), fault.files)
	if err != nil {
		l.exchange.Close()
		return nil, err
	}
	ctx, l.stop = context.WithCancel(ctx)
	go l.closeAfter(ctx)
	o.Log.Info("lab: started", "tftp", l.TFTP(), "proxy", l.Proxy(), "mac", o.MAC, "fault", o.Fault)
	return l, nil
}

// complete fills in the defaults and checks the rest.
func (o *Options) complete() (fault, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if !o.Listen.IsValid() {
		o.Listen = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	if o.Listen.IsUnspecified() {
		return fault{}, errors.New("lab: listens on one address only: the phone must be told which")
	}
	if o.MAC == "" {
		o.MAC = DefaultMAC
	}
	o.MAC = strings.ToUpper(strings.NewReplacer(":", "", "-", "", ".", "").Replace(o.MAC))
	if !macPattern.MatchString(o.MAC) {
		return fault{}, fmt.Errorf("lab: MAC %q: want twelve hexadecimal digits", o.MAC)
	}
	if o.Image == "" {
		o.Image = DefaultImage
	}
	if strings.ContainsAny(o.Image, "\"\r\n") {
		return fault{}, fmt.Errorf("lab: image %q: want a name without quotes and line ends", o.Image)
	}
	return findFault(o.Fault)
}

// TFTP is where the TFTP server listens.
func (l *Lab) TFTP() netip.AddrPort { return l.tftp.addr }

// Proxy is where the registrar and proxy listens, UDP and TCP alike.
func (l *Lab) Proxy() netip.AddrPort { return l.exchange.Addr() }

// MAC of the phone that the files are for.
func (l *Lab) MAC() string { return l.options.MAC }

// Accounts of the phone's lines, in order.
func (l *Lab) Accounts() []Account { return append([]Account(nil), l.accounts...) }

// Digits gives, one by one, what extension 2 heard in its last call.
func (l *Lab) Digits() []string {
	var all []string
	for _, d := range l.exchange.Digits() {
		all = append(all, string(rune(d.Key)))
	}
	return all
}

// DigitMethods tells for each of Digits how it came: "event" (RFC 4733),
// "tone" (in-band) or "info" (SIP INFO).
func (l *Lab) DigitMethods() []string {
	var all []string
	for _, d := range l.exchange.Digits() {
		all = append(all, d.Method)
	}
	return all
}

// Registrations lists the bindings of all users.
func (l *Lab) Registrations() []Registration { return l.exchange.Registrations() }

// Calls lists the last calls, oldest first.
func (l *Lab) Calls() []Call { return l.exchange.Calls() }

// Requests lists the names of the files asked for by TFTP, oldest first.
func (l *Lab) Requests() []string { return l.tftp.requests() }

// CallMe calls a registered user after a time, as extension 7, and plays music.
func (l *Lab) CallMe(user string, after time.Duration) { l.exchange.CallLater(user, after) }

// closeAfter ends everything when the context does.
func (l *Lab) closeAfter(ctx context.Context) {
	defer close(l.ended)
	<-ctx.Done()
	l.exchange.Close()
	l.tftp.close()
	l.options.Log.Info("lab: closed")
}

// Close ends all calls, frees the ports and waits for everything to stop. It
// may be called more than once.
func (l *Lab) Close() error {
	l.stop()
	<-l.ended
	return nil
}
