package boot

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"slices"
	"time"

	"deskset/phonecore/image"
	"deskset/phonecore/text"
	"deskset/provisioning/cucm"
	"deskset/provisioning/dhcp"
	"deskset/provisioning/dialplan"
	"deskset/provisioning/discovery"
	"deskset/provisioning/fetch"
	"deskset/provisioning/link"
	"deskset/provisioning/param"
	"deskset/provisioning/ringlist"
)

// Provenance says how far a stage is what an instrument would do.
type Provenance uint8

// The kinds. Only what was done on the wire is Real; Skipped is what there was
// nothing to do for.
const (
	Real Provenance = iota
	FromHost
	Simulated
	Skipped
)

// Label is the badge's word.
func (p Provenance) Label() string {
	return text.Get([...]text.ID{text.ProvenanceReal, text.ProvenanceHost, text.ProvenanceSimulated, text.ProvenanceSkipped}[p])
}

// Network is what the stages need of the machine.
type Network interface {
	// Host tells the interface and address that the machine would use.
	Host() (discovery.Host, error)
	// Resolve finds the addresses of a name; an address resolves to itself.
	Resolve(ctx context.Context, name string) ([]netip.Addr, error)
	// TFTP gives the files of a TFTP server.
	TFTP(server netip.AddrPort) fetch.Source
}

// Beyond is what a machine may offer beyond a Network; each may be nil.
type Beyond struct {
	// HTTP gives the files below an address of provision_url; ca is a file
	// with the certificates to trust, empty for the system's.
	HTTP func(address, ca string) (fetch.Source, error)
	// HostLease is the lease that the operating system holds on an interface,
	// and where it was found.
	HostLease func(ctx context.Context, iface string) (dhcp.Lease, string, error)
	// Inform asks the DHCP server for its options; an invalid server is
	// whoever answers.
	Inform func(ctx context.Context, server netip.Addr, host discovery.Host) (dhcp.Lease, error)
	// Port is the phone's own Ethernet port; nil without one. The error says
	// why there is none though one was asked for.
	Port func() (link.Port, error)
	// UseDNS makes the name servers those of the phone's own network.
	UseDNS func(servers []netip.Addr, domain string)
}

// Env is what is known before the first stage.
type Env struct {
	Network Network
	Beyond  Beyond
	// Images are the two slots; nil runs the built-in image only.
	Images image.Slots
	// BuiltIn is the name of the program as an image.
	BuiltIn string
	// Merge lays the files over what the phone has, and tells what is wrong with
	// any of them; generation is that of the running image. It may be called
	// from any goroutine.
	Merge func(generation string, files []param.Layer) (*param.Set, []param.Problem)
	// LastAddress is the address that DHCP gave last time.
	LastAddress netip.Addr
	// NoUpgrade keeps the running image: the phone has upgraded again and again.
	NoUpgrade bool
	// Pace is how long each stage stays readable on the LCD at the least.
	Pace time.Duration
	// Gate is asked before each stage and waits while the start-up is paused;
	// nil never does.
	Gate func(ctx context.Context) error
	// Begins is given what breaks off the stage that begins; nil gives nothing.
	Begins func(stop context.CancelFunc)
	Log    *slog.Logger
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
	// Failed is true if the stage did not give what it is for.
	Failed bool
	// Learned is what the stage found out, a line each.
	Learned  []string
	Messages []Message
	// Packets are the first of those that went over the wire.
	Packets []Packet
}

// Progress is told while the stages run.
type Progress struct {
	// Stage is the index into Stages.
	Stage int
	// Message is the LCD's line for the stage; Detail a second one, e.g. the
	// file being fetched.
	Message text.ID
	Args    []any
	Detail  string
	// Step of Steps for the bar.
	Step, Steps int
	// Done of Total bytes of an image; Total is 0 while none is fetched.
	Done, Total int64
	// Report is set when a stage has ended.
	Report *Report
}

// Values is what the start-up learned.
type Values struct {
	// Started is what the boot loader found.
	Started image.Started
	// Running is the name of the running image.
	Running string
	Host    discovery.Host
	MAC     string
	// Station is the phone's own port; nil on the host's network.
	Station *Station
	// PortErr says why the phone has not got the port that it was given.
	PortErr error
	// Lease is what DHCP gave: to us, or to the host.
	Lease dhcp.Lease
	// Servers makes the list of servers to ask; nil if there is none.
	Servers func() fetch.Source
	// TFTP are the addresses of the servers that were named.
	TFTP []netip.Addr
	// Server names the one that answered, or the first one asked.
	Server string
	// Answered is true if a server answered to the end, be it with errors.
	Answered bool
	// Load is what OS79XX.TXT names; empty if it was not found.
	Load string
	// Layers are the configuration files found, weakest first.
	Layers []param.Layer
	// Device is what SEP<MAC>.cnf.xml said; nil without one.
	Device *cucm.Device
	// Set is the merge of everything.
	Set *param.Set
	// DialPlan is the dial plan; nil without one.
	DialPlan *dialplan.Plan
	// Authorities is the file of tls_ca_file; nil without one that can be read
	// from a server.
	Authorities []byte
	// Rings are those of RINGLIST.DAT whose samples could be fetched.
	Rings []ringlist.Sound
	// Programmed is the image that was put into the idle slot: the phone
	// restarts with it.
	Programmed *image.Info
	Reports    []Report
}

// NoAddress tells that the phone was given a port of its own and has it not, or
// no address there. What it sent would leave by the host's routes.
func (v *Values) NoAddress() bool {
	return v.PortErr != nil || v.Station != nil && !v.Host.Prefix.IsValid()
}

// StageInfo describes a stage to people.
type StageInfo struct {
	Name        text.ID
	Explanation text.ID
}

type stage struct {
	StageInfo
	message text.ID
	run     func(ctx context.Context, r *run, rep *Report)
}

// stages is the start-up in the guide's order.
var stages = []stage{
	{StageInfo{text.StageImage, text.ExplainImage}, text.LoadLine, storedImage},
	{StageInfo{text.StageVLAN, text.ExplainVLAN}, text.ConfiguringVLAN, voiceVLAN},
	{StageInfo{text.StageIP, text.ExplainIP}, text.ConfiguringIP, ipAddress},
	{StageInfo{text.StageConfiguration, text.ExplainConfiguration}, text.RequestingConfiguration, requestConfiguration},
	{StageInfo{text.StageUpgrade, text.ExplainUpgrade}, text.RequestingConfiguration, checkImage},
	{StageInfo{text.StageExtras, text.ExplainExtras}, text.RequestingConfiguration, requestExtras},
}

// ConfigurationStage is the index of the stage that fetches the files. A
// restart begins there: the network stays as it is.
const ConfigurationStage = 3

// Stages lists the stages that Run carries out, and last the registration of
// the lines, which is the phone's: the idle screen does not wait for it.
func Stages() []StageInfo {
	var all []StageInfo
	for _, s := range stages {
		all = append(all, s.StageInfo)
	}
	return append(all, StageInfo{text.StageRegistration, text.ExplainRegistration})
}

type run struct {
	Env
	Values
	report      func(Progress)
	step, steps int
	problems    []param.Problem // of the merge
	files       fetch.Source
	// ringList is what the list named ringSource holds.
	ringList   []ringlist.Ring
	ringSource string
	packets    packets
}

func newRun(env Env, report func(Progress)) *run {
	if env.Log == nil {
		env.Log = slog.New(slog.DiscardHandler)
	}
	return &run{Env: env, report: report, packets: make(packets, maxPackets)}
}

// Run carries out the stages. It returns early only if ctx ends; report is
// called from the calling goroutine.
func Run(ctx context.Context, env Env, report func(Progress)) Values {
	r := newRun(env, report)
	r.Running = env.BuiltIn
	r.merge()
	r.MAC = r.Set.Text("mac")
	return r.from(ctx, 0)
}

// Restart carries out the stages that deal with files once more; what before
// learned of the network still holds.
func Restart(ctx context.Context, env Env, before Values, report func(Progress)) Values {
	r := newRun(env, report)
	r.Started, r.Running, r.Host, r.MAC = before.Started, before.Running, before.Host, before.MAC
	r.Station, r.PortErr, r.Lease = before.Station, before.PortErr, before.Lease
	r.Reports = slices.Clone(before.Reports[:min(ConfigurationStage, len(before.Reports))])
	r.merge()
	return r.from(ctx, ConfigurationStage)
}

func (r *run) from(ctx context.Context, first int) Values {
	r.steps = len(stages)
	for i := first; i < len(stages) && ctx.Err() == nil && r.Programmed == nil; i++ {
		if r.Gate != nil && r.Gate(ctx) != nil {
			break
		}
		r.carryOut(ctx, i)
	}
	return r.Values
}

func (r *run) carryOut(ctx context.Context, i int) {
	s := stages[i]
	r.step = i
	began := time.Now()
	rep := Report{Stage: text.Get(s.Name)}
	r.tell(s.message, "")
	r.breakable(ctx, s, &rep)
	rep.Took = time.Since(began)
	rep.Packets = r.packets.since(began)
	r.Reports = append(r.Reports, rep)
	r.report(Progress{Stage: i, Message: s.message, Args: r.args(s.message), Step: i + 1, Steps: r.steps, Report: &rep})
	wait(ctx, r.Pace-time.Since(began))
}

// breakable runs a stage that can be broken off: what it waits for ends then, and
// the start-up goes on as if nobody had answered.
func (r *run) breakable(ctx context.Context, s stage, rep *Report) {
	own, stop := context.WithCancel(ctx)
	defer stop()
	if r.Begins != nil {
		r.Begins(stop)
	}
	s.run(own, r, rep)
	if own.Err() == nil || ctx.Err() != nil {
		return
	}
	rep.Messages = slices.DeleteFunc(rep.Messages, func(m Message) bool { return errors.Is(m.Err, context.Canceled) })
	rep.fail(text.StatusBrokenOff, nil, rep.Stage)
}

func (r *run) tell(message text.ID, detail string) {
	r.report(Progress{Stage: r.step, Message: message, Args: r.args(message), Detail: detail, Step: r.step, Steps: r.steps})
}

// args are the arguments of a stage's message.
func (r *run) args(message text.ID) []any {
	if message == text.LoadLine {
		return []any{r.Running}
	}
	return nil
}

// merge lays the files found so far over what the phone has.
func (r *run) merge() { r.Set, r.problems = r.Merge(r.Started.Image.Generation, r.Layers) }

func (rep *Report) add(id text.ID, err error, args ...any) {
	rep.Messages = append(rep.Messages, Message{ID: id, Args: args, Err: err})
}

func (rep *Report) fail(id text.ID, err error, args ...any) {
	rep.Failed = true
	rep.add(id, err, args...)
}

func (rep *Report) learn(id text.ID, args ...any) {
	rep.Learned = append(rep.Learned, text.Get(id, args...))
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
