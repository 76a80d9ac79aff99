package sipua

import (
	"log/slog"
	"math/rand/v2"
	"time"

	"deskset/audio/codec"
	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
)

// The transport is a package of its own; these are its names in the contract.
type (
	// Transport carries messages; see [transport.Transport].
	Transport = transport.Transport
	// TransportOptions make a real transport; see [transport.Options].
	TransportOptions = transport.Options
	// Trust is whose certificates are believed; see [transport.Trust].
	Trust = transport.Trust
	// CertificateError is a certificate that a person may trust; see
	// [transport.CertificateError].
	CertificateError = transport.CertificateError
	// Resolver finds servers; see [transport.Resolver].
	Resolver = transport.Resolver
)

// NewTransport listens on UDP and TCP; see [transport.New].
func NewTransport(o TransportOptions) (Transport, error) {
	t, err := transport.New(o)
	if err != nil {
		return nil, err
	}
	return t, nil
}

// The guide's defaults (Table 3-1).
const (
	defaultT1            = 500 * time.Millisecond
	defaultT2            = 4 * time.Second
	defaultInviteExpires = 180 * time.Second
	defaultRetx          = 11
	defaultInviteRetx    = 7
	defaultRegisterDelta = 5 * time.Second
	defaultMaxRedirects  = 5
	defaultExpires       = time.Hour
)

func orDefault[T int | time.Duration](value *T, otherwise T) {
	if *value <= 0 {
		*value = otherwise
	}
}

// withDefaults fills in what is not set.
func (t Timers) withDefaults() Timers {
	orDefault(&t.T1, defaultT1)
	orDefault(&t.T2, defaultT2)
	orDefault(&t.InviteExpires, defaultInviteExpires)
	orDefault(&t.Retx, defaultRetx)
	orDefault(&t.InviteRetx, defaultInviteRetx)
	orDefault(&t.RegisterDelta, defaultRegisterDelta)
	orDefault(&t.MaxRedirects, defaultMaxRedirects)
	t.T2 = max(t.T2, t.T1)
	return t
}

func (t Timers) transaction() transaction.Timers {
	return transaction.Timers{T1: t.T1, T2: t.T2, Retx: t.Retx, InviteRetx: t.InviteRetx}
}

func (o Options) withDefaults() Options {
	o.Timers = o.Timers.withDefaults()
	if o.Resolver == nil {
		o.Resolver = transport.DNS{}
	}
	if o.UserAgent == "" {
		o.UserAgent = "Deskset"
	}
	if o.Media == nil {
		o.Media = func() sdp.Local { return sdp.Local{Codecs: []codec.Name{codec.PCMU, codec.PCMA}} }
	}
	if o.Pace == nil {
		o.Pace = NewPace()
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}
