package lint

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"deskset/provisioning/cnf"
	"deskset/provisioning/cucm"
	"deskset/provisioning/param"
)

// pair is the files of one phone: SIP<MAC>.cnf, and the call manager's
// SEP<MAC>.cnf.xml. A phone has one or both.
type pair struct{ sip, sep *file }

// skinny is the protocol of a phone that speaks no SIP.
const skinny = "SCCP"

func (l *linter) checkPhone(t *tree, f *file, data []byte) {
	l.merge(t, t.defaultFor(f), f, cnf.Parse(f.path, data).Layer(param.FromPhoneFile))
}

func (l *linter) checkDevice(t *tree, f *file, data []byte) {
	device, problems := cucm.Parse(f.path, data)
	layer := device.Layer(param.FromPhoneFile)
	layer.Problems = problems
	if device.Protocol == skinny {
		l.problem(param.Warning, param.CodeConflict, f.path, 0, "its protocol is SCCP: a phone with a universal loader speaks no SIP by it; Deskset passes it over")
	}
	l.tellVendor(f, device.Vendor)
	l.merge(t, nil, f, layer)
}

// checkDefaultXML checks what call managers tell phones that they do not know.
func (l *linter) checkDefaultXML(t *tree, f *file, data []byte) {
	d, problems := cucm.ParseDefault(f.path, data)
	layer := d.Layer(param.FromDefaultFile)
	layer.Problems = problems
	set, problems := param.Merge(l.profile, layer)
	l.report.add(problems...)
	t.learn(set)
}

// tellVendor tells which settings of instruments have no meaning for Deskset.
func (l *linter) tellVendor(f *file, settings []cucm.Setting) {
	const most = 8
	var names []string
	for _, s := range settings {
		if len(names) == most {
			names = append(names, fmt.Sprintf("and %d more", len(settings)-most))
			break
		}
		names = append(names, fmt.Sprintf("%.40s", s.Name))
	}
	if len(names) > 0 {
		l.problem(param.Note, param.CodeUnknown, f.path, settings[0].Line, "vendorConfig has settings for instruments only: "+strings.Join(names, ", "))
	}
}

// compareFamilies tells, for phones with files of both families, which of them
// the phone reads: a universal loader asks for SEP<MAC>.cnf.xml first and stops
// at what it finds, a SIP load asks for its own files (the reference, section
// 4, TFTP).
func (l *linter) compareFamilies(t *tree) {
	universal, sip := t.loaders()
	for _, mac := range slices.Sorted(maps.Keys(t.phones)) {
		both := t.phones[mac]
		if both.sip == nil || both.sep == nil {
			continue
		}
		readsSIP, readsSEP := "SIP loads read it", "universal loaders read it"
		switch {
		case universal != "" && sip == "":
			readsSIP, readsSEP = "not read, because "+universal+" finds "+both.sep.base()+" first", "read by "+universal
		case sip != "" && universal == "":
			readsSIP, readsSEP = "read by "+sip, "not read, because "+sip+" asks for "+both.sip.base()
		}
		l.problem(param.Warning, param.CodeConflict, both.sip.path, 0, "there is "+both.sep.base()+" too; this one: "+readsSIP)
		l.problem(param.Warning, param.CodeConflict, both.sep.path, 0, "there is "+both.sip.base()+" too; this one: "+readsSEP)
		l.report.remark(both.sip.path, readsSIP)
		l.report.remark(both.sep.path, readsSEP)
	}
}

// loaders are the loads that the boot files name, by family; empty if none does.
func (t *tree) loaders() (universal, sip string) {
	for _, b := range t.boots {
		switch {
		case strings.HasPrefix(strings.ToUpper(b.load), "P003"):
			universal = b.load
		case strings.HasPrefix(strings.ToUpper(b.load), "P0S3"):
			sip = b.load
		}
	}
	return universal, sip
}

// phone gives the files of a phone.
func (t *tree) phone(mac string) *pair {
	p, ok := t.phones[mac]
	if !ok {
		p = &pair{}
		t.phones[mac] = p
	}
	return p
}

// hasPhoneFile is true if there is a SIP<MAC>.cnf, which lies over the default
// file.
func (t *tree) hasPhoneFile() bool {
	for _, p := range t.phones {
		if p.sip != nil {
			return true
		}
	}
	return false
}
