package cucm

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"deskset/provisioning/param"
	"deskset/provisioning/xmltree"
)

// Device is what SEP<MAC>.cnf.xml says.
type Device struct {
	// Version is the version stamp, without braces.
	Version string
	// Protocol is "SIP" or "SCCP", upper case; files of the 7940 and 7960
	// leave it out.
	Protocol string
	// Load that the phone is to run; empty leaves the present one.
	Load string
	// CallManagers in the order in which they are to be tried.
	CallManagers []CallManager
	// Security is deviceSecurityMode.
	Security Security
	// SRST is where to go when no call manager answers.
	SRST SRST
	// TimeZone is a Windows-like name, "W. Europe Standard/Daylight Time".
	TimeZone string
	// Lines are the phone's buttons.
	Lines []Line
	// Vendor is vendorConfig: settings of instruments, none of which has a
	// meaning here.
	Vendor []Setting

	name    string
	entries []param.Entry
}

// CallManager is a server of the callManagerGroup.
type CallManager struct {
	// Priority, lower first.
	Priority int
	// Host is processNodeName: an address or a name.
	Host string
	// Ports, 0 where the file gives none.
	SCCP, SIP, SIPS int
	Line            int
}

// Setting is an element without a parameter.
type Setting struct {
	Name, Text string
	Line       int
}

// Security is deviceSecurityMode.
type Security uint8

// The modes.
const (
	SecurityUnknown Security = iota
	NonSecure
	Authenticated // TLS without encryption
	Encrypted
)

// SRST is the backup router of a branch (srstInfo).
type SRST struct {
	Enabled bool
	Routers []Router
}

// Router is one of the SRST routers.
type Router struct {
	Host string
	// SIP port, 0 where the file gives none.
	SIP  int
	Line int
}

// Line is a button.
type Line struct {
	// Button from 1, at the top.
	Button int
	// Feature is featureID: 9 a line, 2 and 21 speed dials, others as the
	// reference lists.
	Feature int
	Label   string
	// FileLine is where the element stands.
	FileLine int
}

// The featureIDs that this phone can use.
const (
	featureSpeedDial    = 2
	featureLine         = 9
	featureSpeedDialBLF = 21
)

// Bounds on lists.
const (
	maxCallManagers = 5
	maxLines        = 64
	maxRouters      = 3
	maxVendor       = 200
)

// Parse reads SEP<MAC>.cnf.xml. It never fails: what cannot be read is left out
// with a problem.
func Parse(name string, data []byte) (Device, []param.Problem) {
	root, list := xmltree.Parse(name, data)
	r := reader{Device: Device{name: name}, problems: list}
	device := root.Find("device")
	if device == nil {
		text := "want <device> around it; nothing taken"
		if bytes.Contains(data[:min(len(data), 1024)], []byte("<Default>")) {
			text = "this is XMLDefault.cnf.xml, not a phone's file; nothing taken"
		}
		r.report(param.Error, param.CodeSyntax, 0, "", text)
		return r.Device, r.problems
	}
	r.device(device)
	return r.Device, r.problems
}

// Layer makes the device a layer for param.Merge.
func (d Device) Layer(origin param.Origin) param.Layer {
	return param.Layer{Origin: origin, Name: d.name, Entries: d.entries}
}

// reader is the work on one file.
type reader struct {
	Device
	problems []param.Problem
}

func (r *reader) report(severity param.Severity, code param.Code, line int, name, text string) {
	r.problems = append(r.problems, param.Problem{
		Severity: severity, Code: code, Source: r.name, Line: line, Name: name, Text: text,
	})
}

func (r *reader) set(name, text string, line int) {
	r.entries = append(r.entries, param.Entry{Name: name, Text: text, Reset: text == "", Line: line})
}

func (r *reader) device(n *xmltree.Node) {
	pool := n.Find("devicePool")
	r.Version = strings.Trim(n.Value("versionStamp"), "{}")
	r.Protocol = strings.ToUpper(n.Value("deviceProtocol"))
	r.Load = n.Value("loadInformation")
	r.TimeZone = pool.Value("dateTimeSetting", "timeZone")
	r.Security = security(n.Value("deviceSecurityMode"))
	r.CallManagers = r.callManagers(pool)
	r.SRST = srst(pool.Find("srstInfo"))
	r.parameters(n)
	r.clock(pool.Find("dateTimeSetting"))
	r.transport(n.Find("transportLayerProtocol"))
	r.httpProxy(n.Find("proxyServerURL"))
	r.precedence(n.Find("sipProfile", "dscpForAudio"))
	r.managers()
	r.lines(n.Find("sipProfile", "sipLines"))
	r.vendor(n.Find("vendorConfig"))
	slices.SortStableFunc(r.entries, func(a, b param.Entry) int { return a.Line - b.Line })
}

// managers makes parameters of the call managers, and of the SRST routers behind
// them: a phone goes there when no call manager answers.
func (r *reader) managers() {
	n := 0
	add := func(host string, port, line int) {
		if n++; n > param.NumLines {
			return
		}
		r.set(fmt.Sprintf("call_manager%d_addr", n), host, line)
		if port > 0 {
			r.set(fmt.Sprintf("call_manager%d_sip_port", n), strconv.Itoa(port), line)
		}
	}
	for _, m := range r.CallManagers {
		add(m.Host, m.SIP, m.Line)
	}
	if !r.SRST.Enabled {
		return
	}
	for _, b := range r.SRST.Routers {
		add(b.Host, b.SIP, b.Line)
	}
}

// number reads a number that files write as text, with or without zeros in
// front; 0 if it is none.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func security(text string) Security {
	if n := number(text); n <= int(Encrypted) {
		return Security(n)
	}
	return SecurityUnknown
}

// callManagers gives the members that name a host, by priority.
func (r *reader) callManagers(scope *xmltree.Node) []CallManager {
	var managers []CallManager
	for _, member := range scope.Find("callManagerGroup", "members").All("member") {
		n := member.Find("callManager")
		m := CallManager{
			Host: n.Value("processNodeName"),
			SCCP: number(n.Value("ports", "ethernetPhonePort")),
			SIP:  number(n.Value("ports", "sipPort")),
			SIPS: number(n.Value("ports", "securedSipPort")),
			Line: member.Line,
		}
		priority, _ := member.Attr("priority")
		m.Priority = number(priority)
		switch {
		case m.Host == "":
		case isPlaceholder(m.Host):
			r.report(param.Warning, param.CodeBadValue, m.Line, "processNodeName", "want the address of a call manager in place of x; ignored")
		case len(managers) == maxCallManagers:
			r.report(param.Warning, param.CodeTooLarge, m.Line, "", fmt.Sprintf("more than %d call managers; this one is ignored", maxCallManagers))
		default:
			managers = append(managers, m)
		}
	}
	slices.SortStableFunc(managers, func(a, b CallManager) int { return a.Priority - b.Priority })
	return managers
}
