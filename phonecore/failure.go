package phonecore

import (
	"deskset/audio/tone"
	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
)

// failure is what a person sees and hears of a call that did not come about,
// and can do: amend means that the number is at fault, and can be edited.
type failure struct {
	text  text.ID
	tone  tone.Name
	amend bool
}

// Codes of calls that never left the phone.
const (
	codeNotSent  = 0
	codeNoVoice  = -1
	codeNoServer = -2
	codeNoTLS    = -3
	// codeNoKeys did leave it: the far side cannot or will not encrypt.
	codeNoKeys = -4
)

// failures by status code (guide, Appendix A, "SIP Responses", and the registry
// of later RFCs): busy tone for a busy party, reorder ("fast busy") for
// everything else. What the signalling does of itself before a call fails is in
// sipua: 3xx, 485 and 5xx are followed to their contacts, 401 and 407 are
// answered, 420, 422, 488 and 606 are met with less.
var failures = map[int]failure{
	codeNotSent:  {text.FailAddress, tone.Reorder, true},
	codeNoVoice:  {text.NoVoice, tone.Reorder, false},
	codeNoServer: {text.FailNoServer, tone.Reorder, false},
	codeNoTLS:    {text.SecureNeedsTLS, tone.Reorder, false},
	codeNoKeys:   {text.SecureRefused, tone.Reorder, false},

	380: {text.FailService, tone.Reorder, false},

	400: {text.FailRequest, tone.Reorder, false},
	401: {text.FailPassword, tone.Reorder, false},
	402: {text.FailPayment, tone.Reorder, false},
	403: {text.FailForbidden, tone.Reorder, false},
	404: {text.FailNotFound, tone.Reorder, true},
	405: {text.FailMethod, tone.Reorder, false},
	406: {text.FailNotAcceptable, tone.Reorder, false},
	407: {text.FailPassword, tone.Reorder, false},
	408: {text.FailUnreachable, tone.Reorder, false},
	409: {text.FailAgain, tone.Reorder, false},
	410: {text.FailGone, tone.Reorder, true},
	411: {text.FailRequest, tone.Reorder, false},
	413: {text.FailTooLong, tone.Reorder, false},
	414: {text.FailTooLong, tone.Reorder, true},
	415: {text.FailMedia, tone.Reorder, false},
	416: {text.FailAddress, tone.Reorder, true},
	420: {text.FailOption, tone.Reorder, false},
	421: {text.FailOption, tone.Reorder, false},
	422: {text.FailOption, tone.Reorder, false},
	423: {text.FailOption, tone.Reorder, false},
	428: {text.FailIdentity, tone.Reorder, false}, // RFC 8224
	430: {text.FailServer, tone.Reorder, false},   // RFC 5626
	433: {text.FailAnonymous, tone.Reorder, false},
	436: {text.FailIdentity, tone.Reorder, false},
	437: {text.FailIdentity, tone.Reorder, false},
	438: {text.FailIdentity, tone.Reorder, false},
	439: {text.FailServer, tone.Reorder, false},
	440: {text.FailLoop, tone.Reorder, false}, // RFC 5393
	480: {text.FailTemporarily, tone.Reorder, false},
	481: {text.FailLost, tone.Reorder, false},
	482: {text.FailLoop, tone.Reorder, false},
	483: {text.FailLoop, tone.Reorder, false},
	484: {text.FailIncomplete, tone.Reorder, true},
	485: {text.FailAmbiguous, tone.Reorder, true},
	486: {text.FailBusy, tone.Busy, false},
	487: {text.FailNoAnswer, tone.Reorder, false},
	488: {text.FailMedia, tone.Reorder, false},
	491: {text.FailAgain, tone.Reorder, false},
	493: {text.FailSecurity, tone.Reorder, false},
	494: {text.FailSecurity, tone.Reorder, false},

	501: {text.FailAbility, tone.Reorder, false},
	502: {text.FailGateway, tone.Reorder, false},
	504: {text.FailGateway, tone.Reorder, false},
	505: {text.FailAbility, tone.Reorder, false},
	513: {text.FailTooLong, tone.Reorder, false},
	580: {text.FailMedia, tone.Reorder, false}, // RFC 3312

	600: {text.FailBusy, tone.Busy, false},
	603: {text.FailDeclined, tone.Reorder, false},
	604: {text.FailNotFound, tone.Reorder, true},
	606: {text.FailMedia, tone.Reorder, false},
	607: {text.FailUnwanted, tone.Reorder, false}, // RFC 8197
	608: {text.FailUnwanted, tone.Reorder, false}, // RFC 8688
}

// failureOf knows of other codes what their class says (RFC 3261 section
// 8.1.3.2).
func failureOf(code int) failure {
	if f, ok := failures[code]; ok {
		return f
	}
	switch code / 100 {
	case 3:
		return failure{text.FailMoved, tone.Reorder, false}
	case 5:
		return failure{text.FailServer, tone.Reorder, false}
	}
	return failure{text.FailRejectedCode, tone.Reorder, false}
}

// failureCode is the status that a call has failed with. What could not be
// delivered (a closed port, no route, no such name) is a server out of reach,
// not one in trouble, though sipua calls both 503 (RFC 3261 section 8.1.3.1).
// What is not acceptable of an offer that demands encryption is the encryption,
// in all likelihood: every peer has one of our codecs.
func failureCode(e sipua.Event, demanding bool) int {
	switch {
	case e.Code == 503 && !e.ByPeer:
		return 408
	case (e.Code == 488 || e.Code == 606) && demanding:
		return codeNoKeys
	}
	return e.Code
}

// failureText words why a call failed.
func failureText(code int, reason string) string {
	f := failureOf(code)
	if f.text == text.FailRejectedCode {
		return text.Get(f.text, code, reason)
	}
	return text.Get(f.text)
}

// amendable tells whether the selected call has failed for its number.
func (p *Phone) amendable() bool {
	c := p.calls.Selected()
	return c != nil && c.State == call.Failed && c.Outgoing && c.Dialled != "" && failureOf(c.Code).amend
}

// amend takes the number of a failed call back into the entry (484 Address
// Incomplete and the like).
func (p *Phone) amend() { p.onSelected(func(c *call.Call) { p.editDial(c.Line, c.Dialled) }) }
