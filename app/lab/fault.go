package lab

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"deskset/app/lab/exchange"
	"deskset/app/lab/tftpd"
)

// illness is all that can be wrong with a lab. The zero value is health.
type illness struct {
	sip           exchange.Fault // of both servers
	primarySilent bool           // only the backup answers
	serversDown   bool           // none does, but there is a neighbour
	tftp          tftpd.Fault
	files         fileFault
	net           netFault
}

// backupNeeded tells whether the fault says nothing to a lab with one server.
func (i illness) backupNeeded() bool { return i.primarySilent || i.serversDown }

var errNoBackup = errors.New("lab: this fault needs the backup server: start the lab with it")

// diagnose makes the illness of one or more names out of the table, divided by
// commas; no name is health. Where two set the same thing the last one wins.
func diagnose(names string) (illness, error) {
	var i illness
	for name := range strings.SplitSeq(names, ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		at := slices.IndexFunc(faults, func(f fault) bool { return f.name == name })
		if at < 0 {
			return illness{}, fmt.Errorf("lab: fault %q: want one or more, divided by commas, of %s", name, strings.Join(faultNames(), ", "))
		}
		faults[at].set(&i)
	}
	return i, nil
}

func faultNames() []string {
	var names []string
	for _, f := range faults {
		names = append(names, f.name)
	}
	return names
}

// Scenario is a fault as people see it.
type Scenario struct {
	// Name for Options.Fault and SetFault.
	Name string
	// Does says what is wrong then.
	Does string
	// Shows says what a phone should make of it, for the trainer.
	Shows string
}

// Scenarios lists the faults in the order of a start-up.
func Scenarios() []Scenario {
	var all []Scenario
	for _, f := range faults {
		all = append(all, Scenario{f.name, f.does, f.shows})
	}
	return all
}

// SetFault changes the faults of a running lab: one name, several divided by
// commas, or none, which cures it. That is how a registrar goes down and comes
// back. Faults of the files show when a phone asks for them the next time.
func (l *Lab) SetFault(names string) error {
	i, err := diagnose(names)
	if err != nil {
		return err
	}
	if i.backupNeeded() && l.backup == nil {
		return fmt.Errorf("%w: %s", errNoBackup, names)
	}
	l.changing.Lock()
	defer l.changing.Unlock()
	l.mu.Lock()
	l.ill = i
	l.remake()
	l.mu.Unlock()
	l.tftp.SetFault(i.tftp)
	l.network.setFault(i.net)
	if r := i.sip.Reminder; r != nil {
		r.Before = l.ChangeSync
	}
	primary, backup := i.sipFaults()
	l.exchange.SetFault(primary)
	if l.backup != nil {
		l.backup.SetFault(backup)
	}
	l.options.Log.Info("lab: fault", "name", names)
	return nil
}

// sipFaults are what the two servers get. Only one of them reminds.
func (i illness) sipFaults() (primary, backup exchange.Fault) {
	primary, backup = i.sip, i.sip
	if i.serversDown {
		return exchange.Fault{Silent: true}, exchange.Fault{Neighbour: true}
	}
	if i.primarySilent {
		primary = exchange.Fault{Silent: true}
	} else {
		backup.Reminder = nil
	}
	return primary, backup
}
