// Package digest answers HTTP Digest challenges as SIP uses them: RFC 3261
// section 22, RFC 7616, RFC 8760 (SHA-256 beside MD5), and RFC 2069 for
// servers that know no qop.
//
//	challenges := digest.Parse(response.Header.All("WWW-Authenticate"))
//	best := digest.Strongest(challenges)
//	field, err := best.Answer(credentials, digest.Use{Method: "REGISTER", URI: uri, CNonce: random, Count: 1})
//
// [Guard] is the other side: it challenges, and checks the answers.
package digest

import (
	"crypto/md5" // #nosec: the algorithm is the server's choice
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"deskset/phonecore/sipua/wire"
)

// ErrUnknown means that no challenge has an algorithm and a protection that we know.
var ErrUnknown = errors.New("no digest challenge with MD5, SHA-256 or SHA-512-256 and qop auth or auth-int")

// maxChallenges bounds what is looked at in one response.
const maxChallenges = 16

// algorithms by the name of the registry, in lower case; strength orders them.
var algorithms = map[string]struct {
	strength int
	sum      func(string) string
}{
	"md5":         {1, func(s string) string { h := md5.Sum([]byte(s)); return hex.EncodeToString(h[:]) }},
	"sha-256":     {2, func(s string) string { h := sha256.Sum256([]byte(s)); return hex.EncodeToString(h[:]) }},
	"sha-512-256": {3, func(s string) string { h := sha512.Sum512_256([]byte(s)); return hex.EncodeToString(h[:]) }},
}

// Challenge is one WWW-Authenticate or Proxy-Authenticate.
type Challenge struct {
	Realm, Nonce, Opaque string
	// Algorithm as the server wrote it; empty means MD5.
	Algorithm string
	// QOP are the protections on offer, in lower case; none is RFC 2069.
	QOP []string
	// Stale says that only the nonce was too old.
	Stale bool
}

// Credentials are a name and its password. They print without the password.
type Credentials struct{ Username, Password string }

// String hides the password.
func (c Credentials) String() string { return c.Username + ":masked" }

// GoString hides the password.
func (c Credentials) GoString() string { return c.String() }

// Use is one use of a challenge.
type Use struct {
	Method, URI string
	// CNonce is a random text of ours, Count how often the nonce has been used
	// with this use included.
	CNonce string
	Count  uint32
	// Body is protected too where the server wants only that (auth-int).
	Body []byte
}

// Parse reads the Digest challenges among header values; each value may hold
// several (RFC 7235 section 4.1). What is not understood is left out.
func Parse(values []string) []Challenge {
	var out []Challenge
	for _, value := range values {
		for _, part := range parts(value) {
			if len(out) == maxChallenges {
				return out
			}
			if c, ok := parseOne(part); ok {
				out = append(out, c)
			}
		}
	}
	return out
}

// parts separates challenges in one value: "Digest a=1, b=2, Basic c=3". A new
// one begins where an element starts with a word and a space.
func parts(value string) []string {
	var out []string
	h := wire.Header{{Name: "x", Value: strings.ReplaceAll(value, "\t", " ")}}
	for _, element := range h.List("x") {
		word, rest, spaced := strings.Cut(element, " ")
		begins := spaced && !strings.Contains(word, "=") && !strings.HasPrefix(strings.TrimSpace(rest), "=")
		if begins || len(out) == 0 {
			out = append(out, element)
		} else {
			out[len(out)-1] += "," + element
		}
	}
	return out
}

// parameters gives the parameters of a value of the Digest scheme, names in
// lower case; it is false for another scheme.
func parameters(text string, each func(name, value string)) bool {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	if !strings.EqualFold(scheme, "Digest") {
		return false
	}
	h := wire.Header{{Name: "x", Value: rest}}
	for _, p := range h.List("x") {
		name, value, _ := strings.Cut(p, "=")
		each(strings.ToLower(strings.TrimSpace(name)), wire.Unquote(strings.TrimSpace(value)))
	}
	return true
}

func parseOne(text string) (Challenge, bool) {
	var c Challenge
	ok := parameters(text, func(name, value string) {
		switch name {
		case "realm":
			c.Realm = value
		case "nonce":
			c.Nonce = value
		case "opaque":
			c.Opaque = value
		case "algorithm":
			c.Algorithm = value
		case "stale":
			c.Stale = strings.EqualFold(value, "true")
		case "qop":
			words := strings.FieldsFunc(strings.ToLower(value), func(r rune) bool { return r == ',' || r == ' ' })
			c.QOP = append(c.QOP, words...)
		}
	})
	return c, ok && c.Nonce != ""
}

// base is the hash's name and whether it is the -sess variant.
func (c Challenge) base() (name string, sess bool) {
	name = strings.ToLower(c.Algorithm)
	if name == "" {
		name = "md5" // RFC 7616 section 3.3
	}
	return strings.CutSuffix(name, "-sess")
}

// strength is 0 for a challenge that we cannot answer.
func (c Challenge) strength() int {
	name, _ := c.base()
	if len(c.QOP) > 0 && c.qop() == "" {
		return 0
	}
	return algorithms[name].strength
}

// qop is the protection that we choose: without the body if we may, as session
// border controllers rewrite bodies.
func (c Challenge) qop() string {
	for _, q := range []string{"auth", "auth-int"} {
		if slices.Contains(c.QOP, q) {
			return q
		}
	}
	return ""
}

// Strongest picks for each realm in turn the strongest challenge that can be
// answered, the server's order deciding between equals (RFC 8760 section 2.4:
// several challenges for a realm are alternatives; several realms must all be
// answered). It is empty if there is none.
func Strongest(challenges []Challenge) []Challenge {
	var out []Challenge
	for _, c := range challenges {
		if c.strength() == 0 {
			continue
		}
		known := false
		for i := range out {
			if out[i].Realm == c.Realm {
				known = true
				if c.strength() > out[i].strength() {
					out[i] = c
				}
			}
		}
		if !known {
			out = append(out, c)
		}
	}
	return out
}

// Answer is the value of Authorization or Proxy-Authorization.
func (c Challenge) Answer(cred Credentials, u Use) (string, error) {
	if c.strength() == 0 {
		return "", fmt.Errorf("%w: %q asks for algorithm %.40q, qop %.40q", ErrUnknown, c.Realm, c.Algorithm, c.QOP)
	}
	var b strings.Builder
	b.WriteString("Digest username=" + wire.Quote(cred.Username) +
		", realm=" + wire.Quote(c.Realm) + ", nonce=" + wire.Quote(c.Nonce) +
		", uri=" + wire.Quote(u.URI) + `, response="` + c.Response(cred, u) + `"`)
	if c.Algorithm != "" {
		b.WriteString(", algorithm=" + c.Algorithm)
	}
	_, sess := c.base()
	if c.qop() != "" {
		b.WriteString(", qop=" + c.qop() + ", nc=" + fmt.Sprintf("%08x", u.Count))
	}
	if c.qop() != "" || sess {
		b.WriteString(", cnonce=" + wire.Quote(u.CNonce))
	}
	if c.Opaque != "" {
		b.WriteString(", opaque=" + wire.Quote(c.Opaque))
	}
	return b.String(), nil
}

// Response is the proof itself (RFC 7616 section 3.4.1), "" if the challenge
// cannot be answered.
func (c Challenge) Response(cred Credentials, u Use) string {
	name, sess := c.base()
	sum := algorithms[name].sum
	if sum == nil {
		return ""
	}
	a1 := cred.Username + ":" + c.Realm + ":" + cred.Password
	if sess {
		a1 = sum(a1) + ":" + c.Nonce + ":" + u.CNonce
	}
	protected := u.Method + ":" + u.URI
	if c.qop() == "auth-int" {
		protected += ":" + sum(string(u.Body))
	}
	a2 := sum(protected)
	if qop := c.qop(); qop != "" {
		return sum(sum(a1) + ":" + c.Nonce + ":" + fmt.Sprintf("%08x", u.Count) + ":" + u.CNonce + ":" + qop + ":" + a2)
	}
	return sum(sum(a1) + ":" + c.Nonce + ":" + a2) // RFC 2069
}
