package phonecore

import (
	"slices"
	"strings"
	"time"

	"deskset/audio"
	"deskset/phonecore/call"
)

// ringOnce is how long one round of a ring lasts, before its pause.
const ringOnce = 2 * time.Second

// ringStyle is how the phone rings for a call.
type ringStyle struct {
	name   string // of the ring; empty: that of the line
	once   bool
	silent bool
}

// alertRings are the names in Alert-Info that exchanges agree on (reference
// section 8): 1 and 2 are the line's ring, 3 and 4 the two that are built in,
// 5 rings once.
var alertRings = map[string]ringStyle{
	"bellcore-dr1": {}, "bellcore-dr2": {},
	"bellcore-dr3":          {name: builtInRings[0]},
	"bellcore-dr4":          {name: builtInRings[1]},
	"bellcore-dr5":          {once: true},
	"flashonly-ring":        {silent: true},
	"precedence-ring":       {},
	"alert-acd":             {},
	"alert-community-1":     {name: builtInRings[0]},
	"alert-community-2":     {name: builtInRings[1]},
	"alert-group":           {},
	"simple-1":              {name: builtInRings[0]},
	"simple-2":              {name: builtInRings[1]},
	"urn:alert:tone:silent": {silent: true},
}

// sourceRings are the names that tell where a call comes from; a parameter has
// the ring (RFC 7462 section 8.2.1 for the URNs).
var sourceRings = map[string]string{
	"alert-internal": "ring_internal", "internal": "ring_internal", "urn:alert:source:internal": "ring_internal",
	"alert-external": "ring_external", "external": "ring_external", "urn:alert:source:external": "ring_external",
}

// styleOf is the first ring of an Alert-Info that the phone has: a name that
// exchanges agree on, or one of RINGLIST.DAT. Nothing is fetched, whatever its
// URL says.
func (p *Phone) styleOf(names []string) ringStyle {
	for _, name := range names {
		if style, ok := p.alertRing(name); ok {
			return style
		}
	}
	return ringStyle{}
}

func (p *Phone) alertRing(name string) (ringStyle, bool) {
	low := strings.ToLower(name)
	if style, ok := alertRings[low]; ok {
		return style, true
	}
	if source, ok := sourceRings[low]; ok {
		return ringStyle{name: p.knownRing(p.params.Text(source))}, true
	}
	known := p.knownRing(name)
	return ringStyle{name: known}, known != ""
}

// knownRing is a ring's name as the phone has it, however it is written: the
// blanks of a name become other things in a URL.
func (p *Phone) knownRing(name string) string {
	fold := strings.NewReplacer(" ", "", "-", "", "_", "", "%20", "", "+", "")
	want := fold.Replace(strings.ToLower(name))
	for _, known := range p.ringNames() {
		if want != "" && fold.Replace(strings.ToLower(known)) == want {
			return known
		}
	}
	return ""
}

// ringFor is the ring of a call, empty for silence.
func (p *Phone) ringFor(c *call.Call) string {
	switch {
	case c.Silent && c.State == call.RingIn:
		return ""
	case slices.Contains(p.ringNames(), c.Ring):
		return c.Ring
	}
	return p.ringOf(c.Line)
}

// startRing lets a call ring, or go on ringing; beside another one that is up,
// not in the ear.
func (p *Phone) startRing(c *call.Call, beside bool) {
	name := p.ringFor(c)
	switch {
	case name == "":
		p.stopRinging()
		return
	case p.voice == nil || p.ringerOn == name && p.beside == beside:
		return
	}
	p.ringerOn, p.beside = name, beside
	if ringer, ok := p.voice.(audio.BesideRinger); ok && beside {
		ringer.RingBeside(name)
	} else {
		p.voice.Ring(name)
	}
	if c.RingOnce && c.State == call.RingIn {
		p.after(ringOnce, func() {
			c.Silent = true
			p.settle()
		})
	}
}
