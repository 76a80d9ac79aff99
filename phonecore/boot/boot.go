package boot

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"deskset/phonecore/text"
	"deskset/provisioning/discovery"
	"deskset/provisioning/param"
)

// Provenance says how far a stage is what an instrument would do.
type Provenance uint8

// The three kinds. Only what was done on the wire is Real.
const (
	Real Provenance = iota
	FromHost
	Simulated
)

// Label is the badge's word.
func (p Provenance) Label() string {
	return text.Get([...]text.ID{text.ProvenanceReal, text.ProvenanceHost, text.ProvenanceSimulated}[p])
}

// Network is what the stages need of the machine.
type Network interface {
	// Host tells the interface and address that the machine would use.
	Host() (discovery.Host, error)
	// Resolve finds the addresses of a name; an address resolves to itself.
	Resolve(ctx context.Context, name string) ([]netip.Addr, error)
	// Fetch gets a file by TFTP; its errors are those of provisioning/tftp.
	Fetch(ctx context.Context, server netip.AddrPort, file string) ([]byte, error)
}

// Env is what is known before the first stage.
type Env struct {
	Network Network
	// MAC of the phone, 12 upper-case hexadecimal digits; empty takes the
	// host interface's.
	MAC string
	// TFTPServer is a host or host:port; empty means that none is set.
	TFTPServer string
	// Load is the name of the running image.
	Load string
	// Pace is how long each stage stays readable on the LCD at the least.
	Pace time.Duration
	Log  *slog.Logger
}

// Message is one line for the status list.
type Message struct {
	ID   text.ID
	Args []any
	// Err is the cause, for the log; nil for good news.
	Err error
}

// Text gives the message in words.
func (m Message) Text() string { return text.Get(m.ID, m.Args...) }

// Report is what one stage did.
type Report struct {
	Stage      string
	Provenance Provenance
	Took       time.Duration
	// Learned is one line of what the stage found out.
	Learned  string
	Messages []Message
}

// Progress is told while the stages run.
type Progress struct {
	// Message is the LCD's line for the stage; Detail a second one, e.g. the
	// file being fetched.
	Message text.ID
	Detail  string
	// Step of Steps for the bar.
	Step, Steps int
	// Report is set when a stage has ended.
	Report *Report
}

// Values is what the start-up learned.
type Values struct {
	Host discovery.Host
	MAC  string
	// TFTP is the server that was asked; invalid if there was none.
	TFTP netip.AddrPort
	// TFTPAnswered is true if it answered at all, be it with errors.
	TFTPAnswered bool
	// Load is what OS79XX.TXT names; empty if it was not found.
	Load string
	// Layers are the configuration files found, weakest first.
	Layers  []param.Layer
	Reports []Report
}

type stage struct {
	name    string
	message text.ID
	run     func(ctx context.Context, r *run, rep *Report)
}

// stages is the start-up in the guide's order. The image check and the
// registration of the lines follow in the phone, which holds the merged values.
var stages = []stage{
	{"Stored image", text.LoadLine, storedImage},
	{"Voice VLAN", text.ConfiguringVLAN, voiceVLAN},
	{"IP", text.ConfiguringIP, ipAddress},
	{"Configuration", text.RequestingConfiguration, requestConfiguration},
}

type run struct {
	Env
	Values
	report      func(Progress)
	step, steps int
}

// Run carries out the stages. It returns early only if ctx ends; report is
// called from the calling goroutine.
func Run(ctx context.Context, env Env, report func(Progress)) Values {
	r := &run{Env: env, report: report, steps: len(stages)}
	r.Values.MAC = env.MAC
	for i, s := range stages {
		if ctx.Err() != nil {
			break
		}
		r.step = i
		began := time.Now()
		rep := Report{Stage: s.name}
		r.tell(s.message, "")
		s.run(ctx, r, &rep)
		rep.Took = time.Since(began)
		r.Reports = append(r.Reports, rep)
		report(Progress{Message: s.message, Step: i + 1, Steps: len(stages), Report: &rep})
		wait(ctx, env.Pace-time.Since(began))
	}
	return r.Values
}

func (r *run) tell(message text.ID, detail string) {
	r.report(Progress{Message: message, Detail: detail, Step: r.step, Steps: r.steps})
}

func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// storedImage: the running program is the image; there are no image slots in
// flash in this release, so the stage is simulated and says so.
func storedImage(_ context.Context, r *run, rep *Report) {
	rep.Provenance = Simulated
	rep.Learned = r.Env.Load
}
