package digest

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"deskset/phonecore/sipua/wire"
)

// Limits of a Guard.
const (
	// nonceLife is how long a nonce may be answered.
	nonceLife = time.Minute
	// maxAnswers bounds the credentials that are looked at in one request.
	maxAnswers = 4
	// maxUsed bounds the nonces that are remembered. Only who knows the
	// password can add one.
	maxUsed = 256
)

// Guard challenges requests and checks the answers, as RFC 7616 has it for
// servers. A nonce is bound to the address that it was given to, and needs no
// memory until it has been answered rightly: from then on its count must grow,
// so that no request can be replayed. It belongs to one goroutine.
type Guard struct {
	key  [32]byte
	used map[string]used
}

type used struct {
	count uint32
	ends  time.Time
}

// NewGuard makes a Guard with a key of its own.
func NewGuard() *Guard {
	g := &Guard{used: map[string]used{}}
	rand.Read(g.key[:]) // never fails
	return g
}

// Verdict is what a Guard thinks of a request.
type Verdict uint8

// The verdicts.
const (
	Unproven Verdict = iota
	// Stale: the password is right, but the nonce too old or used before.
	Stale
	Proven
)

// Challenges are the values of WWW-Authenticate for a peer at source, the
// strongest first (RFC 8760 section 2.3).
func (g *Guard) Challenges(realm, source string, stale bool) []string {
	nonce := g.nonce(time.Now(), source)
	var list []string
	for _, algorithm := range []string{"SHA-256", "MD5"} {
		value := "Digest realm=" + wire.Quote(realm) + ", nonce=" + wire.Quote(nonce) + `, qop="auth", algorithm=` + algorithm
		if stale {
			value += ", stale=true"
		}
		list = append(list, value)
	}
	return list
}

// Check looks for an answer among the values of Authorization. The address
// that was hashed is the sender's own word: proxies rewrite the Request-URI.
func (g *Guard) Check(values []string, method, realm, source string, cred Credentials) Verdict {
	best := Unproven
	for _, value := range values[:min(len(values), maxAnswers)] {
		best = max(best, g.check(value, method, realm, source, cred))
	}
	return best
}

func (g *Guard) check(value, method, realm, source string, cred Credentials) Verdict {
	a := map[string]string{}
	if !parameters(value, func(name, value string) { a[name] = value }) || cred.Username == "" || cred.Password == "" {
		return Unproven
	}
	given, ours := g.given(a["nonce"], source)
	count, err := strconv.ParseUint(a["nc"], 16, 32)
	c := Challenge{Realm: realm, Nonce: a["nonce"], Algorithm: a["algorithm"], QOP: []string{"auth"}}
	_, sess := c.base()
	if !ours || err != nil || sess || a["cnonce"] == "" || !strings.EqualFold(a["qop"], "auth") || a["realm"] != realm || a["username"] != cred.Username {
		return Unproven
	}
	want := c.Response(cred, Use{Method: method, URI: a["uri"], CNonce: a["cnonce"], Count: uint32(count)})
	if want == "" || subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(a["response"]))) != 1 {
		return Unproven
	}
	if !g.use(a["nonce"], uint32(count), given.Add(nonceLife)) {
		return Stale
	}
	return Proven
}

// use notes one use of a nonce; it is false if that is over or was before.
func (g *Guard) use(nonce string, count uint32, ends time.Time) bool {
	now := time.Now()
	for n, u := range g.used {
		if now.After(u.ends) {
			delete(g.used, n)
		}
	}
	before, known := g.used[nonce]
	if now.After(ends) || count <= before.count || !known && len(g.used) >= maxUsed {
		return false
	}
	g.used[nonce] = used{count, ends}
	return true
}

// nonce is the time with a proof that we have given it to this peer.
func (g *Guard) nonce(now time.Time, source string) string {
	text := binary.BigEndian.AppendUint64(nil, uint64(now.UnixNano()))
	return hex.EncodeToString(append(text, g.proof(text, source)...))
}

// given tells when a nonce was made, and whether it is one of ours for this
// peer.
func (g *Guard) given(nonce, source string) (time.Time, bool) {
	raw, err := hex.DecodeString(nonce)
	if err != nil || len(raw) != 8+proofSize || !hmac.Equal(raw[8:], g.proof(raw[:8], source)) {
		return time.Time{}, false
	}
	return time.Unix(0, int64(binary.BigEndian.Uint64(raw))), true
}

const proofSize = 16

func (g *Guard) proof(text []byte, source string) []byte {
	h := hmac.New(sha256.New, g.key[:])
	h.Write(text)
	h.Write([]byte(source))
	return h.Sum(nil)[:proofSize]
}
