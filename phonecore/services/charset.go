package services

import (
	"bytes"
	"mime"
	"regexp"
	"strings"

	"deskset/phonecore/foreign"
)

var declared = regexp.MustCompile(`^\s*<\?xml[^>]{0,100}?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']`)

// decode gives UTF-8: by a byte order mark, else by the XML declaration, else
// by the header (RFC 7303 section 3, but for the order of the last two, which
// servers get wrong). A declaration of UTF-16 that can be read is itself not
// in UTF-16 and is not believed.
func decode(data []byte, contentType string) []byte {
	m := declared.FindSubmatch(data)
	switch {
	case bytes.HasPrefix(data, []byte{'<', 0}):
		return foreign.Decode(data, "utf-16le")
	case bytes.HasPrefix(data, []byte{0, '<'}):
		return foreign.Decode(data, "utf-16be")
	case m == nil:
		_, params, _ := mime.ParseMediaType(contentType)
		return foreign.Decode(data, params["charset"])
	case strings.HasPrefix(strings.ToLower(string(m[1])), "utf-16"):
		return foreign.Decode(data, "")
	}
	return foreign.Decode(data, string(m[1]))
}
