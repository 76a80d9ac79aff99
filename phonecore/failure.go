package phonecore

import (
	"deskset/audio/tone"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
)

// failure is what a person sees and hears of a call that did not come about.
type failure struct {
	text text.ID
	tone tone.Name
}

// Codes of calls that never left the phone.
const (
	codeNotSent  = 0
	codeNoVoice  = -1
	codeNoServer = -2
	codeNoTLS    = -3
)

// failures by status code (guide, Appendix A, "SIP Responses"): busy tone for
// a busy party, reorder ("fast busy") for everything else.
var failures = map[int]failure{
	codeNotSent:  {text.FailAddress, tone.Reorder},
	codeNoVoice:  {text.NoVoice, tone.Reorder},
	codeNoServer: {text.FailNoServer, tone.Reorder},
	codeNoTLS:    {text.SecureNeedsTLS, tone.Reorder},

	401: {text.FailPassword, tone.Reorder},
	403: {text.FailForbidden, tone.Reorder},
	404: {text.FailNotFound, tone.Reorder},
	407: {text.FailPassword, tone.Reorder},
	408: {text.FailUnreachable, tone.Reorder},
	410: {text.FailNotFound, tone.Reorder},
	416: {text.FailAddress, tone.Reorder},
	480: {text.FailTemporarily, tone.Reorder},
	484: {text.FailIncomplete, tone.Reorder},
	486: {text.FailBusy, tone.Busy},
	487: {text.FailNoAnswer, tone.Reorder},
	488: {text.FailMedia, tone.Reorder},
	600: {text.FailBusy, tone.Busy},
	603: {text.FailDeclined, tone.Reorder},
	604: {text.FailNotFound, tone.Reorder},
	606: {text.FailMedia, tone.Reorder},
}

func failureOf(code int) failure {
	if f, ok := failures[code]; ok {
		return f
	}
	if code >= 500 && code < 600 {
		return failure{text.FailServer, tone.Reorder}
	}
	return failure{text.FailRejectedCode, tone.Reorder}
}

// failureCode is the status that a call has failed with. What could not be
// delivered (a closed port, no route, no such name) is a server out of reach,
// not one in trouble, though sipua calls both 503 (RFC 3261 section 8.1.3.1).
func failureCode(e sipua.Event) int {
	if e.Code == 503 && !e.ByPeer {
		return 408
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
