package main

import (
	"flag"
	"fmt"
	"io"
	"strings"

	"deskset/provisioning/param"
)

// way is a way to start the program.
type way struct{ line, help string }

// ways are for -help and the manual.
var ways = []way{
	{"deskset -lab", "try it, no server needed"},
	{"deskset -account sip:1001@pbx.example -password-stdin", "your own PBX"},
	{"deskset -tftp 192.0.2.1 -mac 00503EFFD842", "start up from a TFTP server"},
	{"deskset tel:+12015550123", "put a number on the display of the phone that runs"},
	{"deskset lab", "the lab alone, for other phones"},
	{"deskset lint /srv/tftp", "check a TFTP tree"},
	{"deskset play -list", "demonstrations, played on the phone"},
	{"deskset trace out.pcapng -lab", "any phone, with its packets for Wireshark"},
	{"deskset image build -name NAME", "make an image file"},
	{"deskset port -interface eth1", "a helper with rights for -own_interface"},
	{"deskset directory import FILE", "the personal directory"},
	{"deskset reference", "the manual: flags, parameters, keys, files; -man as a manual page"},
}

// commandNames are the first words of those ways that are commands.
func commandNames() (names []string) {
	for _, w := range ways {
		if name := strings.Fields(w.line)[1]; !strings.HasPrefix(name, "-") && !isLink(name) {
			names = append(names, name)
		}
	}
	return names
}

// aFlag is a flag of the program's own.
type aFlag struct{ name, value, help string }

// ownFlags are those that stand for no parameter of the same name.
func ownFlags(fs *flag.FlagSet) (list []aFlag) {
	fs.VisitAll(func(f *flag.Flag) {
		if _, isParam := param.Lookup(f.Name); !isParam {
			value, help := flag.UnquoteUsage(f)
			list = append(list, aFlag{f.Name, value, help})
		}
	})
	return list
}

// usage prints the ways and the program's own flags, and the names of the
// parameters: deskset reference says more of them.
func usage(fs *flag.FlagSet, out io.Writer) {
	fmt.Fprint(out, "Deskset: a softphone with the face of the SIP IP Phone 7960.\n\n")
	for _, w := range ways {
		fmt.Fprintf(out, "  %-55s %s\n", w.line, w.help)
	}
	fmt.Fprint(out, "\nFlags:\n")
	for _, f := range ownFlags(fs) {
		fmt.Fprintf(out, "  -%-16s %s\n", strings.TrimSpace(f.name+" "+f.value), f.help)
	}
	fmt.Fprintln(out, `
Every parameter of the configuration files is a flag as well (-line1_name,
-preferred_codec ...), an environment variable (DESKSET_LINE1_NAME) and a line
of the settings file:`)
	for _, p := range param.All() {
		fmt.Fprintf(out, "  -%-26s %s\n", p.Name, p.Help)
	}
}
