package wire

import (
	"bytes"
	"regexp"
)

var (
	credentials = regexp.MustCompile(`(?im)^((?:proxy-)?authorization[ \t]*:[ \t]*)([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)`)
	digestWord  = regexp.MustCompile(`(?i)^digest\b`)
	mediaKeys   = regexp.MustCompile(`(?i)(\binline[ \t]*:[ \t]*)[^|\s]+`)
	secrets     = regexp.MustCompile(`(?i)\b(response|password)([ \t]*=[ \t]*)("[^"]*"|[^,\s]*)`)
)

// Mask returns a copy of a message's text in which the answers to challenges
// are hidden: who has one can try out passwords at leisure. The keys of encrypted
// media (RFC 4568) are hidden too, whatever the body that they stand in.
func Mask(text []byte) []byte {
	lower := bytes.ToLower(text) // most messages have neither, and the expressions are slow
	if bytes.Contains(lower, []byte("inline")) {
		text = mediaKeys.ReplaceAll(text, []byte(`${1}masked`))
	}
	if !bytes.Contains(lower, []byte("authorization")) {
		return bytes.Clone(text)
	}
	return credentials.ReplaceAllFunc(text, func(field []byte) []byte {
		parts := credentials.FindSubmatch(field)
		out := append([]byte(nil), parts[1]...)
		if !digestWord.Match(parts[2]) {
			return append(out, "masked"...)
		}
		return append(out, secrets.ReplaceAll(parts[2], []byte(`$1$2"masked"`))...)
	})
}
