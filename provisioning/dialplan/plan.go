package dialplan

import (
	"time"

	"deskset/provisioning/param"
)

// DefaultTimeout is how long the phone waits for another digit where no
// template says anything else.
const DefaultTimeout = 10 * time.Second

// Bounds. Instruments have room for a file of 8 KB and patterns of 196
// characters.
const (
	instrumentSize = 8 << 10
	maxTemplates   = 1000
	maxPattern     = 196
	maxTones       = 3
	maxTimeout     = time.Hour
	// maxDigits is the longest number that is matched.
	maxDigits = 256
)

// Plan is a dial plan. The zero value matches nothing: numbers are dialled as
// they are, after DefaultTimeout or #.
type Plan struct {
	Templates []Template
	// Version is the file's version stamp, without braces.
	Version string
}

// Template is one rule.
type Template struct {
	Match string
	// Line is 1 to 6 for a rule of one line, 0 for all.
	Line int
	// Timeout is how long to wait for more once the rule matches; 0 dials at
	// once.
	Timeout time.Duration
	// User is the user parameter for the address: "phone", "ip" or empty.
	User string
	// Rewrite makes the number that is called; empty leaves it as dialled.
	Rewrite string
	// Route is RouteDefault, RouteEmergency, or RouteFQDN for the host that
	// the rewritten address names.
	Route Route
	// Tones are played at the commas, the first at the first.
	Tones []Tone
	// FileLine is where the rule stands, from 1.
	FileLine int

	pattern []symbol
}

// Route says where a call is sent.
type Route uint8

// The routes.
const (
	RouteDefault   Route = iota // the line's proxy
	RouteEmergency              // proxy_emergency
	RouteFQDN                   // the host in the rewritten address
)

// Tone is the name of a tone, one of Tones.
type Tone string

// DefaultTone sounds at a comma for which the rule names no other.
const DefaultTone Tone = "Bellcore-Outside"

// Tones lists every tone that a rule may name.
var Tones = []Tone{
	"Bellcore-Inside", "Bellcore-Outside", "Bellcore-Busy", "Bellcore-Alerting", "Bellcore-BusyVerify",
	"Bellcore-Stutter", "Bellcore-MsgWaiting", "Bellcore-Reorder", "Bellcore-CallWaiting", "Bellcore-Cw2",
	"Bellcore-Cw3", "Bellcore-Cw4", "Bellcore-Hold", "Bellcore-Confirmation", "Bellcore-Permanent",
	"Bellcore-Reminder", "Bellcore-None", "Cisco-ZipZip", "Cisco-Zip", "Cisco-BeepBonk",
}

// maxProblems is how many problems are told; errors are told beyond that.
const maxProblems = 100

// problems collects what is wrong with a file.
type problems struct {
	source string
	list   []param.Problem
}

func (p *problems) add(severity param.Severity, code param.Code, line int, value, text string) {
	if len(p.list) >= maxProblems && severity < param.Error {
		return
	}
	p.list = append(p.list, param.Problem{Severity: severity, Code: code, Source: p.source, Line: line, Value: value, Text: text})
}
