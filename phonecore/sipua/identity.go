package sipua

import (
	"strconv"
	"strings"
	"time"

	"deskset/phonecore/sipua/wire"
)

// IdentityRules tell how we name ourselves to others, and whose word we take.
type IdentityRules struct {
	// Hidden keeps our name and number back (callerid_blocking): From is the
	// anonymous one of RFC 3323 section 4.1.1.3, and the network is asked for
	// privacy (RFC 3325 section 9.3).
	Hidden bool
	// RemotePartyID writes and reads that field (draft-ietf-sip-privacy-04),
	// which phones of that time have in place of RFC 3325.
	RemotePartyID bool
}

// Limits of what a peer can say of others.
const (
	maxDiversions = 10
	maxHistory    = 20
	// maxField is the longest value that is read at all.
	maxField = 1024
)

// Diversion is one time that a call was sent on (RFC 5806; RFC 7044).
type Diversion struct {
	By Party
	// Reason in lower case: unconditional, user-busy, no-answer, deflection ...
	Reason string
	// Private: who sent the call on does not want to be named.
	Private bool
}

// AnswerMode is what an INVITE wants of who is called (RFC 5373, and the
// fields that exchanges used before it).
type AnswerMode uint8

// The modes.
const (
	AnswerAsUsual AnswerMode = iota
	AnswerAuto
	AnswerManual
)

// caller is what an INVITE says of who calls.
type caller struct {
	party Party
	// trusted: it came from the line's own server, whose word counts.
	trusted, anonymous bool
}

// whoCalls reads From, and what a server asserts instead: P-Asserted-Identity
// (RFC 3325 section 9.1) before Remote-Party-ID. Privacy is respected, whatever
// the server has let through.
func whoCalls(m *wire.Message, trusted bool, rules IdentityRules) caller {
	c := caller{party: party(m.From()), trusted: trusted}
	c.anonymous = isAnonymous(c.party)
	if !trusted {
		return c
	}
	private := wantsPrivacy(m)
	if asserted, hidden, ok := identityOf(m, rules); ok {
		c.party, c.anonymous = asserted, false
		private = private || hidden
	}
	if private {
		c.party, c.anonymous = Party{}, true
	}
	return c
}

// identityOf is who a server says that the other side is.
func identityOf(m *wire.Message, rules IdentityRules) (p Party, private, ok bool) {
	if p, ok = asserted(m); ok {
		return p, false, true
	}
	if rules.RemotePartyID {
		return remoteParty(m)
	}
	return Party{}, false, false
}

// asserted reads P-Asserted-Identity: one SIP URI and one tel URI at most, the
// first with a number counts.
func asserted(m *wire.Message) (Party, bool) {
	for _, value := range bounded(m, "P-Asserted-Identity", 2) {
		a, err := wire.ParseAddress(value)
		if err != nil {
			continue
		}
		if p := party(a); p.User != "" {
			return p, true
		}
	}
	return Party{}, false
}

// remoteParty reads the first usable Remote-Party-ID of a person, not of the
// terminal or its subscriber's line only.
func remoteParty(m *wire.Message) (p Party, private, ok bool) {
	for _, value := range bounded(m, "Remote-Party-ID", maxDiversions) {
		a, err := wire.ParseAddress(value)
		if err != nil {
			continue
		}
		if kind, _ := a.Params.Get("id-type"); strings.EqualFold(kind, "term") {
			continue
		}
		if p = party(a); p.User == "" {
			continue
		}
		privacy, _ := a.Params.Get("privacy")
		return p, privacy != "" && !strings.EqualFold(privacy, "off"), true
	}
	return Party{}, false, false
}

// wantsPrivacy reads Privacy (RFC 3323 section 4.2): "id" and "user" hide who
// calls, "none" asks for nothing.
func wantsPrivacy(m *wire.Message) bool {
	for _, value := range bounded(m, "Privacy", maxDiversions) {
		for word := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == ';' || r == ' ' }) {
			if strings.EqualFold(word, "id") || strings.EqualFold(word, "user") {
				return true
			}
		}
	}
	return false
}

// isAnonymous tells a caller who keeps back who he is (RFC 3323 section
// 4.1.1.3): anonymous@anonymous.invalid, or what gateways make of that.
func isAnonymous(p Party) bool {
	host := strings.ToLower(p.Host)
	return p.User == "" && p.Host == "" || strings.EqualFold(p.User, "anonymous") || strings.HasSuffix(host, ".invalid")
}

// bounded is the elements of a field, so many at most, without those that are
// too long to be meant seriously.
func bounded(m *wire.Message, name string, most int) (list []string) {
	for _, value := range m.Header.List(name) {
		if len(list) == most {
			break
		}
		if len(value) <= maxField {
			list = append(list, value)
		}
	}
	return list
}

// diversions reads how a call came to us, the latest time first: Diversion
// (RFC 5806 section 4), else the entries of History-Info that were left for a
// reason (RFC 7044 section 10.1).
func diversions(m *wire.Message) (list []Diversion) {
	for _, value := range bounded(m, "Diversion", maxDiversions) {
		a, err := wire.ParseAddress(value)
		if err != nil {
			continue
		}
		reason, _ := a.Params.Get("reason")
		privacy, _ := a.Params.Get("privacy")
		list = append(list, Diversion{By: party(a), Reason: strings.ToLower(short(reason)), Private: privacy != "" && !strings.EqualFold(privacy, "off")})
	}
	if list != nil {
		return list
	}
	for _, value := range bounded(m, "History-Info", maxHistory) {
		if d, ok := historyEntry(value); ok && len(list) < maxDiversions {
			list = append([]Diversion{d}, list...) // the oldest one stands first
		}
	}
	return list
}

// historyReasons are the status codes for which a call is sent on (RFC 7044
// section 10.2; RFC 6044 section 3.2 translates them).
var historyReasons = map[string]string{
	"302": "unconditional", "486": "user-busy", "408": "no-answer", "480": "deflection", "487": "deflection", "503": "unavailable", "404": "unknown",
}

// historyEntry reads an entry whose target was left; the last one, which we
// are, has no reason.
func historyEntry(value string) (Diversion, bool) {
	a, err := wire.ParseAddress(value)
	if err != nil {
		return Diversion{}, false
	}
	u := a.ParsedURI()
	d := Diversion{By: party(a)}
	left := false
	for field := range strings.SplitSeq(u.Headers, "&") {
		name, escaped, _ := strings.Cut(field, "=")
		switch text := wire.Unescape(escaped); {
		case strings.EqualFold(name, "Reason"):
			r, err := wire.ParseAddress(text) // a word with parameters, like a URI
			cause, _ := r.Params.Get("cause")
			if err == nil && strings.EqualFold(r.URI, "SIP") {
				d.Reason, left = historyReasons[cause], true
			}
		case strings.EqualFold(name, "Privacy"):
			d.Private = !strings.EqualFold(text, "none")
		}
	}
	return d, left && d.By.User != ""
}

// maxAnswerAfter bounds how long a server can have the phone wait.
const maxAnswerAfter = time.Minute

// answerMode reads how a call is to be answered: Answer-Mode and Priv-Answer-
// Mode (RFC 5373 section 4), Call-Info with answer-after, Alert-Info with
// info=alert-autoanswer or its kin.
func answerMode(m *wire.Message) (AnswerMode, time.Duration) {
	for _, name := range []string{"Priv-Answer-Mode", "Answer-Mode"} {
		mode, _, _ := strings.Cut(m.Header.Get(name), ";")
		switch {
		case strings.EqualFold(strings.TrimSpace(mode), "Auto"):
			return AnswerAuto, 0
		case strings.EqualFold(strings.TrimSpace(mode), "Manual"):
			return AnswerManual, 0
		}
	}
	for _, value := range bounded(m, "Call-Info", maxDiversions) {
		a, err := wire.ParseAddress(value)
		after, ok := a.Params.Get("answer-after")
		if n, bad := strconv.ParseUint(after, 10, 31); err == nil && ok && bad == nil {
			return AnswerAuto, min(time.Duration(n)*time.Second, maxAnswerAfter)
		}
	}
	for _, name := range alertNames(m) {
		switch strings.ToLower(name) {
		case "alert-autoanswer", "auto-answer", "auto answer", "autoanswer", "ring answer", "ring-answer", "intercom":
			return AnswerAuto, 0
		}
	}
	return AnswerAsUsual, 0
}

// maxAlerts is how many rings an INVITE may name.
const maxAlerts = 4

// alertNames are the rings that Alert-Info asks for by name (RFC 3261 section
// 20.4), however exchanges write that: <Bellcore-dr2>, Bellcore-dr2,
// <http://host/Bellcore-dr2>, <http://host>;info=alert-internal,
// info=Chirp 2, <urn:alert:source:external>. Nothing is ever fetched.
func alertNames(m *wire.Message) (names []string) {
	add := func(name string) {
		if name = short(strings.TrimSpace(strings.Trim(name, `"`))); name != "" && len(names) < maxAlerts {
			names = append(names, name)
		}
	}
	for _, value := range bounded(m, "Alert-Info", maxAlerts) {
		uri, params := value, ""
		if open := strings.IndexByte(value, '<'); open >= 0 {
			uri, params, _ = strings.Cut(value[open+1:], ">")
		} else if i := strings.IndexByte(value, ';'); i >= 0 {
			uri, params = value[:i], value[i:]
		}
		for param := range strings.SplitSeq(params, ";") {
			if name, text, ok := strings.Cut(param, "="); ok && strings.EqualFold(strings.TrimSpace(name), "info") {
				add(strings.TrimSpace(text))
			}
		}
		if text, ok := cutPrefixFold(strings.TrimSpace(uri), "info="); ok {
			add(text)
			continue
		}
		add(uri[strings.LastIndexByte(uri, '/')+1:])
	}
	return names
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}
