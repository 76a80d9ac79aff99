package lab

import (
	"fmt"
	"slices"
	"strings"

	"deskset/app/lab/exchange"
)

// fault is one way in which the lab can be ill.
type fault struct {
	name, does string
	// sip changes the exchange, files the TFTP server.
	sip   exchange.Fault
	files fileFault
}

// fileFault makes the TFTP server ill. The zero value is health.
type fileFault struct {
	silent  bool // requests are taken and never answered
	missing bool // there is no SIP<MAC>.cnf
}

// faults is the one table of scenarios; the names are those of the -lab-fault
// flag.
var faults = []fault{
	{name: "registrar-down", does: "every REGISTER is answered 503 with Retry-After", sip: exchange.Fault{Register: 503}},
	{name: "wrong-password", does: "no password is right: every answer to a challenge is challenged again", sip: exchange.Fault{RejectAll: true}},
	{name: "proxy-silent", does: "the SIP port is open but nothing is ever answered", sip: exchange.Fault{Silent: true}},
	{name: "tftp-timeout", does: "the TFTP port is open but nothing is ever answered", files: fileFault{silent: true}},
	{name: "missing-phone-file", does: "there is no SIP<MAC>.cnf", files: fileFault{missing: true}},
}

// Faults lists the names that Options.Fault knows, each with a tab and what it
// does.
func Faults() []string {
	var all []string
	for _, f := range faults {
		all = append(all, f.name+"\t"+f.does)
	}
	return all
}

// findFault looks a name up; the empty name is health.
func findFault(name string) (fault, error) {
	if name == "" {
		return fault{}, nil
	}
	i := slices.IndexFunc(faults, func(f fault) bool { return f.name == name })
	if i < 0 {
		var names []string
		for _, f := range faults {
			names = append(names, f.name)
		}
		return fault{}, fmt.Errorf("lab: fault %q: want one of %s", name, strings.Join(names, ", "))
	}
	return faults[i], nil
}

// SetFault changes the fault of a running lab; the empty name cures it. That
// is how a registrar goes down and comes back.
func (l *Lab) SetFault(name string) error {
	f, err := findFault(name)
	if err != nil {
		return err
	}
	l.exchange.SetFault(f.sip)
	l.tftp.setFault(f.files)
	l.options.Log.Info("lab: fault", "name", name)
	return nil
}
