package phonecore

import (
	"errors"
	"fmt"
	"strings"
)

// serviceControl is the body of a NOTIFY service-control, as call managers send
// it:
//
//	action=restart
//	RegisterCallID={1@192.0.2.44}
//	ConfigVersionStamp={0123-4567}
type serviceControl struct {
	action string
	// kind is what the action does; 0 for check-version.
	kind restartKind
	// stamp is the version of the configuration that the server has.
	stamp string
}

// serviceActions by the word for them.
var serviceActions = map[string]restartKind{
	"reset":         restartReset,
	"restart":       restartRestart,
	"apply-config":  restartRestart, // of later call managers
	"check-version": 0,
}

// Limits of a body.
const (
	maxControlLines = 32
	maxStamp        = 64
)

var errNoAction = errors.New("no action: want action=reset, restart or check-version")

// parseServiceControl reads the body: lines, or parts between semicolons, of
// name=value or name={value}, names in any case. What is not known is passed
// over.
func parseServiceControl(body []byte) (c serviceControl, err error) {
	split := func(r rune) bool { return r == '\n' || r == '\r' || r == ';' || r == 0 }
	for i, line := range strings.FieldsFunc(string(body), split) {
		if i == maxControlLines {
			break
		}
		name, value, _ := strings.Cut(line, "=")
		value = strings.TrimSpace(strings.Trim(strings.TrimSpace(value), `{}"`))
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "action":
			c.action = strings.ToLower(value)
		case "configversionstamp":
			c.stamp = plain(value, maxStamp)
		}
	}
	if c.action == "" {
		return c, errNoAction
	}
	kind, known := serviceActions[c.action]
	if !known {
		return c, fmt.Errorf("unknown action %q: want reset, restart or check-version", plain(c.action, maxStamp))
	}
	c.kind = kind
	return c, nil
}
