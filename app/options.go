package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"deskset/provisioning/cnf"
	"deskset/provisioning/param"
)

// options is what the command line says beside the parameters.
type options struct {
	lab         bool
	labFault    string
	labRoot     string
	labUpgrade  bool
	labBackup   bool
	panel       bool
	terminal    bool
	once        bool
	account     bool
	compact     bool
	onTop       bool
	fast        bool
	flashDir    string
	settings    string
	screenshot  string
	screen      string
	width       int
	trace       string
	traceDigits bool
	logFile     string
	verbose     bool
	version     bool
	firstRun    bool
	language    string
	audioIn     string
	audioOut    string
	audioNull   bool
	local       []param.Layer
	// link is what was clicked; plain: nothing else but the flash was named.
	link  string
	plain bool
}

// maxSettings bounds the settings file.
const maxSettings = 1 << 20

// shortcuts are flags that stand for parameters.
type shortcuts struct {
	account, tftp, provision string
	passwordStdin            bool
	// parameters are those that were given by their own names.
	parameters func() param.Layer
}

// flagSet defines every flag; deskset reference lists them.
func (o *options) flagSet() (fs *flag.FlagSet, short *shortcuts) {
	short = &shortcuts{}
	fs = flag.NewFlagSet("deskset", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // errors are told once, by main
	fs.StringVar(&short.account, "account", "", "your account at a PBX, `sip:user@server`; may hold :port and ;transport=tcp or tls")
	fs.BoolVar(&short.passwordStdin, "password-stdin", false, "read the password of line 1 from standard input")
	fs.StringVar(&short.tftp, "tftp", "", "TFTP `server` to start up from, host or host:port")
	fs.StringVar(&short.provision, "provision", "", "start up from a web server: `https://server/directory/`")
	fs.BoolVar(&o.lab, "lab", false, "start the embedded lab (TFTP, registrar, talking extensions) and use it")
	fs.StringVar(&o.labFault, "lab-fault", "", "start a lab that fails in the way of these `names`, divided by commas; deskset lab -fault list tells them")
	fs.StringVar(&o.labRoot, "lab-root", "", "`directory` whose files win over those that the lab makes")
	fs.BoolVar(&o.labUpgrade, "lab-upgrade", false, "have the lab's files name another image, so that the phone upgrades")
	fs.BoolVar(&o.labBackup, "lab-backup", false, "start a second registrar in the lab, to fail over to")
	fs.BoolVar(&o.panel, "startup-panel", false, "open the panel that shows the start-up, beside the phone")
	fs.BoolVar(&o.terminal, "terminal", false, "show the phone in the terminal instead of a window")
	fs.BoolVar(&o.once, "once", false, "with -terminal: print the first idle screen and end")
	fs.BoolVar(&o.compact, "compact", false, "show LCD, soft keys and line keys only")
	fs.BoolVar(&o.onTop, "on-top", false, "keep the window above others")
	fs.BoolVar(&o.fast, "fast", false, "start up without the lamp show and without waiting on each screen")
	fs.StringVar(&o.flashDir, "flash", "", "`directory` of the phone's flash; the lab has one in memory unless this is set")
	fs.StringVar(&o.settings, "settings", "", "settings `file`, in the format of SIPDefault.cnf")
	fs.StringVar(&o.screenshot, "screenshot", "", "write a picture of the face to a PNG `file` and end")
	fs.StringVar(&o.screen, "screen", "idle", "with -screenshot: which screen")
	fs.IntVar(&o.width, "width", 1060, "with -screenshot: width in `pixels`")
	fs.StringVar(&o.trace, "trace", "", "write the phone's packets to a `file`: NAME.pcapng for Wireshark, else SIP as text; secrets masked")
	fs.BoolVar(&o.traceDigits, "trace-digits", false, "leave digits dialled during a call readable in the trace; they may be PINs")
	fs.StringVar(&o.logFile, "log", "", "write the log to a `file` instead of standard error")
	fs.BoolVar(&o.verbose, "verbose", false, "log more")
	fs.BoolVar(&o.firstRun, "first-run", false, "begin with the first steps, even if the phone is set up")
	fs.BoolVar(&o.version, "version", false, "print the version and end")
	fs.StringVar(&o.audioIn, "audio-in", "", "use a WAV `file` as the microphone")
	fs.StringVar(&o.audioOut, "audio-out", "", "write what would be heard to a WAV `file`")
	fs.BoolVar(&o.audioNull, "audio-none", false, "use no sound device")
	short.parameters = param.Flags(fs)
	return fs, short
}

// parseOptions reads flags, environment and settings file. Parameters have
// the same names in all three and in the configuration files.
func parseOptions(ctx context.Context, args []string, stdin *os.File, stdout, stderr io.Writer) (*options, error) {
	o := &options{}
	fs, short := o.flagSet()
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		usage(fs, stdout)
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w; see deskset -help", err)
	}
	if o.link = fs.Arg(0); o.link != "" && !isLink(o.link) {
		return nil, fmt.Errorf("%q is neither a link nor a command: want tel:NUMBER or, before all flags, one of %s; see -help", o.link, strings.Join(commandNames(), ", "))
	}
	if fs.NArg() > 1 {
		return nil, fmt.Errorf("%q: unexpected argument; see -help", fs.Arg(1))
	}
	o.plain = true
	fs.Visit(func(f *flag.Flag) { o.plain = o.plain && (f.Name == "lab" || f.Name == "flash") })
	layer := short.parameters()
	o.lab = o.lab || o.labFault != "" || o.labRoot != "" || o.labUpgrade || o.labBackup
	if o.account = short.account != ""; o.account {
		entries, err := accountEntries(short.account)
		if err != nil {
			return nil, err
		}
		layer.Entries = append(entries, layer.Entries...)
	}
	if short.tftp != "" {
		if err := checkFlag("tftp", "tftp_server", short.tftp); err != nil {
			return nil, err
		}
		layer.Entries = append(layer.Entries, param.Entry{Name: "tftp_server", Text: short.tftp})
	}
	if short.provision != "" {
		if err := checkFlag("provision", "provision_url", short.provision); err != nil {
			return nil, err
		}
		layer.Entries = append(layer.Entries, param.Entry{Name: "provision_url", Text: short.provision})
	}
	if short.passwordStdin {
		password, err := passwordFrom(ctx, stdin, stderr)
		if err != nil {
			return nil, err
		}
		layer.Entries = append(layer.Entries, param.Entry{Name: "line1_password", Text: password})
	}
	settings, err := settingsLayer(o.settings)
	if err != nil {
		return nil, err
	}
	o.language = locale(os.Environ())
	o.local = append(settings, param.EnvironmentLayer(os.Environ()), layer)
	return o, nil
}

// checkFlag tests the value of a flag that stands for a parameter.
func checkFlag(name, parameter, value string) error {
	p, _ := param.Lookup(parameter)
	if _, err := p.Check(value); err != nil {
		return fmt.Errorf("-%s %q: %w", name, p.Shown(value), err)
	}
	return nil
}

// settingsLayer reads the settings file. The default one may be missing; one
// that was asked for may not.
func settingsLayer(path string) ([]param.Layer, error) {
	asked := path != ""
	if !asked {
		dir, err := os.UserConfigDir()
		if err != nil {
			return nil, nil
		}
		path = filepath.Join(dir, "deskset", "deskset.cnf")
	}
	f, err := os.Open(path)
	if err != nil {
		if asked || !os.IsNotExist(err) {
			return nil, fmt.Errorf("settings file: %w; name another with -settings FILE", err)
		}
		return nil, nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSettings))
	if err != nil {
		return nil, fmt.Errorf("settings file %s: %w", path, err)
	}
	return []param.Layer{cnf.Parse(path, data).Layer(param.FromSettings)}, nil
}
