package param

import (
	"net/url"
	"regexp"
	"strings"
)

// Hidden stands for a secret wherever one would be shown.
const Hidden = "(hidden)"

// credentials are user and password in a URL or a SIP address.
var credentials = regexp.MustCompile(`(?i)\b([a-z][a-z0-9+.-]*:(?://)?[^\s:/@"]*):[^\s/"]*@`)

// MaskURL hides the passwords of URLs and SIP addresses in a text:
// "http://anna:(hidden)@server/".
func MaskURL(text string) string {
	return credentials.ReplaceAllString(text, "${1}:"+Hidden+"@")
}

// hidesPassword is true for an address in which MaskURL would miss a password:
// one that is not well-formed may carry it anywhere.
func hidesPassword(text string) bool {
	if !strings.Contains(text, "//") || !strings.Contains(text, "@") {
		return false
	}
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil {
		return true
	}
	_, has := u.User.Password()
	return has && MaskURL(text) == text
}

// Shown is a value of the parameter fit to be shown to people: a Secret is
// hidden, as are passwords inside addresses.
func (p Param) Shown(text string) string {
	if p.Kind == Secret && text != "" || hidesPassword(text) {
		return Hidden
	}
	return MaskURL(text)
}
