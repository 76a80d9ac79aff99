package boot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"deskset/phonecore/text"
	"deskset/provisioning/cnf"
	"deskset/provisioning/cucm"
	"deskset/provisioning/fetch"
	"deskset/provisioning/firmware"
	"deskset/provisioning/param"
	"deskset/provisioning/tftp"
)

// maxFile bounds each file of the start-up; the largest seen in the wild has
// 25 kB.
const maxFile = 1 << 20

// universalLoader begins the name of the load that decides the protocol by the
// files it finds (the reference, section 4, TFTP).
const universalLoader = "P003"

// loadFileName is the file that every load asks for first (guide 2-4).
const loadFileName = "OS79XX.TXT"

// wanted is a file to ask for.
type wanted struct {
	// names are the spellings in use, the first found is taken.
	names func(*run) []string
	// take reads it.
	take func(r *run, rep *Report, name string, data []byte)
	// unless tells that it is not asked for any more.
	unless func(*run) bool
	// quiet files are not missed.
	quiet bool
}

var (
	loadFile    = wanted{names: named(loadFileName), take: takeLoad}
	defaultFile = wanted{names: named("SIPDefault.cnf"), take: takeLayer(param.FromDefaultFile)}
	phoneFile   = wanted{names: phoneNames, take: takeLayer(param.FromPhoneFile)}
	trustFile   = wanted{names: macNamed("CTLSEP", ".tlv"), take: takeTrust, quiet: true}
	deviceFile  = wanted{names: macNamed("SEP", ".cnf.xml"), take: takeDevice}
	xmlDefault  = wanted{names: named("XMLDefault.cnf.xml", "XmlDefault.cnf.xml", "sepdefault.cnf.xml"), take: takeXMLDefault, quiet: true}
)

// sipOrder is that of a SIP load (guide 2-5); the files of a call manager are
// asked for when there are none of its own. loaderOrder is that of the
// universal loader, for which the file found first decides.
var (
	sipOrder    = []wanted{defaultFile, phoneFile, deviceFile.unlessConfigured().quietly(), xmlDefault.unlessConfigured()}
	loaderOrder = []wanted{trustFile, deviceFile, phoneFile.unlessConfigured(), xmlDefault.unlessConfigured(), defaultFile.unlessDevice()}
)

func (w wanted) unlessConfigured() wanted {
	w.unless = func(r *run) bool { return len(r.Layers) > 0 }
	return w
}

func (w wanted) unlessDevice() wanted {
	w.unless = func(r *run) bool { return r.Device != nil }
	return w
}

func (w wanted) quietly() wanted { w.quiet = true; return w }

func named(names ...string) func(*run) []string { return func(*run) []string { return names } }

func macNamed(before, after string) func(*run) []string {
	return func(r *run) []string {
		if r.MAC == "" {
			return nil
		}
		return []string{before + r.MAC + after}
	}
}

// phoneNames is the phone's own file, in the directory that the default file
// named.
func phoneNames(r *run) []string {
	if r.MAC == "" {
		return nil
	}
	dir := strings.TrimPrefix(r.Set.Text("tftp_cfg_dir"), "./")
	if dir != "" && !strings.HasSuffix(dir, "/") {
		dir += "/"
	}
	return []string{dir + "SIP" + r.MAC + ".cnf"}
}

// requestConfiguration asks for the files in the loader's order. A file that
// is missing is reported and passed over; when no server answers, the phone
// goes on with what it has in flash.
func requestConfiguration(ctx context.Context, r *run, rep *Report) {
	r.askServers(ctx, rep)
	for _, p := range r.problems[:min(len(r.problems), maxProblems)] {
		rep.add(text.StatusConfigProblem, p, p.Error())
		rep.Failed = rep.Failed || p.Severity == param.Error
	}
	if more := len(r.problems) - maxProblems; more > 0 {
		rep.add(text.StatusMoreProblems, nil, more)
	}
}

func (r *run) askServers(ctx context.Context, rep *Report) {
	if r.NoAddress() {
		rep.Provenance = Skipped
		rep.add(text.StatusFlashValues, nil)
		return
	}
	rep.Provenance = Real
	if r.files = r.servers(ctx, rep); r.files == nil {
		rep.Provenance = Skipped
		missing := text.StatusNoTFTP
		if rep.Failed {
			missing = text.StatusFlashValues
		}
		rep.add(missing, nil)
		return
	}
	r.requestFrom(ctx, rep)
	if other := r.Set.Text("dyn_tftp_addr"); other != "" && r.Answered && r.Servers != nil {
		r.followDynamic(ctx, rep, other)
	}
	if len(r.Layers) == 0 {
		rep.fail(text.StatusFlashValues, nil)
	}
	if r.Answered {
		r.request(ctx, rep, authorityFile)
	}
}

func (r *run) requestFrom(ctx context.Context, rep *Report) {
	if !r.request(ctx, rep, loadFile) {
		return
	}
	order := sipOrder
	if strings.HasPrefix(r.Load, universalLoader) || r.Set.Profile() == param.ProfileCUCM {
		order = loaderOrder
	}
	if r.MAC == "" {
		rep.add(text.StatusNoMAC, nil)
	}
	for _, w := range order {
		if w.unless != nil && w.unless(r) {
			continue
		}
		if !r.request(ctx, rep, w) {
			return
		}
		r.merge()
	}
}

// followDynamic asks another server, which the files named, once more (the
// reference, section 3: dyn_tftp_addr).
func (r *run) followDynamic(ctx context.Context, rep *Report, other string) {
	server, err := r.resolve(ctx, other)
	if err != nil {
		rep.add(text.StatusTFTPError, err, err.Error())
		return
	}
	if serverName(server) == r.Server {
		return
	}
	r.files = r.inOrder(r.Network.TFTP(server))
	r.Server = serverName(server)
	rep.learn(text.LearnedServers, r.Server, "dyn_tftp_addr")
	r.requestFrom(ctx, rep)
}

// request asks for one file; it is false if nobody answers any more.
func (r *run) request(ctx context.Context, rep *Report, w wanted) bool {
	for _, name := range w.names(r) {
		r.tell(text.RequestingConfiguration, text.Get(text.RequestingFile, name, r.Server))
		data, err := r.fetch(ctx, name)
		switch {
		case err == nil:
			r.Answered = true
			rep.learn(text.LearnedFile, name, len(data))
			w.take(r, rep, name, data)
			return true
		case dead(err) || ctx.Err() != nil:
			r.Answered = false // any more: it is to be asked again
			rep.fetchFailed(r.Server, name, err)
			return false
		case !r.Answered && onWeb(err) && !errors.Is(err, fetch.ErrNotFound):
			// A certificate or a password is wrong for every other file as well.
			rep.fetchFailed(r.Server, name, err)
			return false
		case w.quiet && errors.Is(err, fetch.ErrNotFound):
		default:
			rep.fetchFailed(r.Server, name, err)
		}
		r.Answered = true
	}
	return true
}

// fetchTexts are the instrument's words for what can go wrong.
var fetchTexts = []struct {
	err error
	id  text.ID
}{
	{fetch.ErrNotFound, text.StatusFileNotFound},
	{fetch.ErrUnreachable, text.StatusTFTPRefused},
	{fetch.ErrTimeout, text.StatusTFTPTimeout},
	{fetch.ErrAccess, text.StatusTFTPAccess},
	{fetch.ErrTooLarge, text.StatusTFTPSize},
	{fetch.ErrSize, text.StatusTFTPSize},
}

func (rep *Report) fetchFailed(server, file string, err error) {
	if onWeb(err) && !errors.Is(err, fetch.ErrNotFound) {
		rep.fail(text.StatusHTTPError, err, webError(err))
		return
	}
	for _, t := range fetchTexts {
		if errors.Is(err, t.err) {
			rep.add(t.id, err, file, server)
			return
		}
	}
	rep.add(text.StatusTFTPError, err, fmt.Sprintf("%s at %s: %s", file, server, tftpError(err)))
}

// onWeb tells whether an error comes from a web server.
func onWeb(err error) bool {
	var e *fetch.Error
	return errors.As(err, &e)
}

// webError is what went wrong at a web server, and what to do.
func webError(err error) string {
	var e *fetch.Error
	if !errors.As(err, &e) || e.Detail == "" {
		return err.Error()
	}
	said := e.Server + ": " + e.Detail
	if e.Remedy != "" {
		said += "; " + e.Remedy
	}
	return said
}

// tftpError is what a TFTP server said.
func tftpError(err error) string {
	var e *tftp.Error
	if !errors.As(err, &e) || e.Detail == "" {
		return err.Error()
	}
	return e.Detail
}

// takeLoad reads OS79XX.TXT.
func takeLoad(r *run, rep *Report, file string, data []byte) {
	name, err := firmware.ParseLoadName(data)
	if err != nil {
		rep.add(text.StatusConfigProblem, err, file+": "+err.Error())
		return
	}
	r.Load = name
	rep.add(text.StatusProtocolFile, nil, name)
}

func takeLayer(origin param.Origin) func(*run, *Report, string, []byte) {
	return func(r *run, _ *Report, name string, data []byte) {
		r.Layers = append(r.Layers, cnf.Parse(name, data).Layer(origin))
	}
}

// takeTrust notes a trust list; the phone of the guide's days has none.
func takeTrust(_ *run, rep *Report, name string, _ []byte) {
	rep.add(text.StatusTrustList, nil, name)
}

// takeDevice reads a call manager's file. One for the other protocol turns an
// instrument into a phone of that protocol; this one speaks SIP only, says so
// and looks on.
func takeDevice(r *run, rep *Report, name string, data []byte) {
	device, problems := cucm.Parse(name, data)
	if strings.EqualFold(device.Protocol, "SCCP") {
		rep.add(text.StatusSkinny, nil, name)
		return
	}
	layer := device.Layer(param.FromPhoneFile)
	layer.Problems = append(layer.Problems, problems...)
	r.Device = &device
	r.Layers = append(r.Layers, layer)
}

// takeXMLDefault takes what a call manager tells phones that it does not know.
func takeXMLDefault(r *run, _ *Report, name string, data []byte) {
	d, problems := cucm.ParseDefault(name, data)
	layer := d.Layer(param.FromDefaultFile)
	layer.Problems = append(layer.Problems, problems...)
	r.Layers = append(r.Layers, layer)
}
