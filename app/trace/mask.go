package trace

import (
	"bytes"
	"strings"

	"deskset/provisioning/param"
)

// masker hides the secrets of a text that comes in pieces, as a file does by
// TFTP, without changing its length. It must decide about each byte before it
// sees the next piece, so where it cannot know it hides too much:
//
//   - behind a word that names a secret (see isSecret), the rest of the line;
//   - in an XML tag that has such a word, as its name, an attribute or the value
//     of one, the rest of the tag and all that the element holds;
//   - in an address, "scheme://user:password@" or "sip:user:password@", what is
//     between the first colon and the last "@" before a blank or a quote, or,
//     while the "@" may still come with the next piece, all of it.
//
// Line ends stay. The zero value is at the beginning of a text.
type masker struct {
	// stop are bytes that end an address besides blanks and quotes.
	stop string
	// exact wants a whole word to name a secret: the random words of SIP hold
	// any hint by chance.
	exact bool
	// hidden counts what was masked.
	hidden int

	word []byte // the word under way, in small letters
	// slashes counts up through "://".
	slashes int

	mode mode
	lead lead // inSecret
	tag  tag

	user bool // in an address, its colon or "@" may come
	open bool // in an address, the "@" behind the password may come
}

type mode uint8

const (
	inText   mode = iota
	inTag         // between < and >
	inSecret      // hidden to the end of the line
	inValue       // hidden to the end tag
)

// lead is what may be seen of a line behind the word that makes it secret.
type lead uint8

const (
	leadNone      lead = iota // no more
	leadSeparator             // blanks, and a colon or equals sign
	leadBlanks                // blanks behind that
)

// tag is what is known of an XML tag.
type tag struct {
	name    string // in small letters
	named   bool   // the name is complete
	closing bool   // it is an end tag
	empty   bool   // the last byte was a slash
	quote   byte   // the open quote
	secret  bool
	matched int // inValue: bytes of the end tag that have come
}

// maxWord bounds a word; a longer one may hide anything.
const maxWord = 256

// hints are parts of words that name secrets in the files of many vendors.
var hints = []string{"pass", "pwd", "secret", "token", "psk", "credential", "private", "community"}

// isSecret tells whether a word names a secret: a parameter that is one, or a
// name that sounds like one. "inline" comes before the key of SRTP in SDP (RFC
// 4568).
func (m *masker) isSecret(w string) bool {
	if p, ok := param.Lookup(w); ok {
		return p.Kind == param.Secret
	}
	for _, hint := range hints {
		if w == hint || !m.exact && strings.Contains(w, hint) {
			return true
		}
	}
	return w == "inline" || w == "password" || w == "pin" || strings.HasSuffix(w, "_pin") || len(w) == maxWord
}

// mask hides the secrets of the next piece in place.
func (m *masker) mask(b []byte) {
	text := bytes.Clone(b)
	until := 0
	if m.open {
		until = m.password(text)
	}
	for i, c := range text {
		inUser := m.user
		hide := m.step(c) || i < until
		switch {
		case !inUser:
		case c == ':':
			m.user = false
			if n := m.password(text[i+1:]); n > 0 {
				until = i + 1 + n
			}
		case c == '@' || m.stops(c):
			m.user = false
		}
		if hide && !isLineEnd(c) {
			b[i] = '*'
			m.hidden++
		}
	}
}

// password gives how much of what follows the colon of an address may be a
// password.
func (m *masker) password(text []byte) int {
	end := 0
	for end < len(text) && !m.stops(text[end]) {
		end++
	}
	m.open = end == len(text)
	if m.open {
		return end
	}
	return max(0, bytes.LastIndexByte(text[:end], '@'))
}

func (m *masker) stops(c byte) bool {
	return c <= ' ' || c == '"' || m.mode == inTag && c == m.tag.quote || strings.IndexByte(m.stop, c) >= 0
}

// step takes one byte and tells whether to hide it.
func (m *masker) step(c byte) bool {
	switch m.mode {
	case inSecret:
		return m.secret(c)
	case inValue:
		return m.value(c)
	}
	hide := m.mode == inTag && m.tag.secret && (c != '>' || m.tag.quote != 0)
	switch {
	case c < ' ' && !isBlank(c) || c >= 0x7f:
		// The readers of files drop control characters; others end no word
		// that could be one of ours.
	case isWord(c):
		m.letter(c)
	case m.mode == inTag:
		m.inside(c)
	default:
		m.text(c)
	}
	if c != '/' {
		m.tag.empty = false
	}
	return hide || m.mode == inSecret && m.secret(c)
}

// letter takes a byte of a word.
func (m *masker) letter(c byte) {
	m.slashes = 0
	if len(m.word) < maxWord {
		m.word = append(m.word, lower(c))
	}
}

// endWord gives the word before c, and begins an address where there is one.
func (m *masker) endWord(c byte) string {
	word := string(m.word)
	m.word = m.word[:0]
	switch {
	case c == ':':
		m.slashes = 1
		m.user = m.user || word == "sip" || word == "sips"
	case c == '/' && m.slashes > 0:
		m.slashes++
		m.user = m.user || m.slashes == 3
	default:
		m.slashes = 0
	}
	return word
}

// text takes what is no letter, outside of tags.
func (m *masker) text(c byte) {
	word := m.endWord(c)
	switch {
	case word != "" && m.isSecret(word):
		m.mode, m.lead = inSecret, leadSeparator
	case c == '<':
		m.mode, m.tag = inTag, tag{}
	}
}

// secret takes what follows a word that names a secret.
func (m *masker) secret(c byte) bool {
	switch {
	case isLineEnd(c):
		m.mode = inText
	case isBlank(c):
	case m.lead == leadSeparator && (c == ':' || c == '='):
		m.lead = leadBlanks
		return false
	default:
		m.lead = leadNone
	}
	return m.lead == leadNone
}

// inside takes what is no letter in a tag.
func (m *masker) inside(c byte) {
	t := &m.tag
	word := m.endWord(c)
	if !t.named {
		t.named = word != "" || c != '/'
		t.name, t.closing = word, t.closing || word == "" && c == '/'
		if word == "" && (c == '!' || c == '?') { // a comment or the like
			m.mode = inText
			return
		}
	}
	t.secret = t.secret || !t.closing && word != "" && m.isSecret(word)
	switch {
	case t.quote != 0:
		if c == t.quote {
			t.quote = 0
		}
	case c == '"' || c == '\'':
		t.quote = c
	case c == '/':
		t.empty = true
	case c == '>' && t.secret && !t.empty:
		m.mode = inValue
	case c == '>':
		m.mode = inText
	}
}

// value takes a byte of an element that is secret, up to its end tag.
func (m *masker) value(c byte) bool {
	t := &m.tag
	end := "</" + t.name
	switch {
	case lower(c) == end[t.matched]:
		t.matched++
	case c == '<':
		t.matched = 1
	default:
		t.matched = 0
	}
	if t.matched == len(end) {
		m.mode, m.tag = inTag, tag{named: true, closing: true}
	}
	return true
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.'
}

func isLineEnd(c byte) bool { return c == '\r' || c == '\n' }

func isBlank(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
