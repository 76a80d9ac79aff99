package exchange

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // RFC 3261 phones know nothing else
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskset/app/lab/wire"
)

// nonceLife is how long a nonce may be used.
const nonceLife = 5 * time.Minute

// algorithms in the order in which they are offered: the strongest first, a
// phone takes the first that it knows (RFC 8760 section 2.4).
var algorithms = []algorithm{
	{"SHA-256", sha256.New},
	{"MD5", md5.New},
}

type algorithm struct {
	name string
	new  func() hash.Hash
}

// door is one of the two ways in which a request is challenged (section 22).
type door struct {
	status            int
	reason            string
	challenge, answer string
}

var (
	registrarDoor = door{401, "Unauthorized", "WWW-Authenticate", "Authorization"}
	proxyDoor     = door{407, "Proxy Authentication Required", "Proxy-Authenticate", "Proxy-Authorization"}
)

// nonces makes and checks nonces. A nonce bears its own time, signed, so that
// those who only ask cost no memory; what has been used is kept until it has
// expired.
type nonces struct {
	secret [32]byte
	used   map[string]usage
}

type usage struct {
	count   uint64
	expires time.Time
}

// maxUsed bounds the memory of used nonces; only right passwords fill it.
const maxUsed = 4096

func (n *nonces) init() {
	_, _ = rand.Read(n.secret[:])
	n.used = map[string]usage{}
}

func (n *nonces) issue(now time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixNano()))
	_, _ = rand.Read(b[8:])
	return base64.RawURLEncoding.EncodeToString(append(b[:], n.sign(b[:])...))
}

func (n *nonces) sign(b []byte) []byte {
	mac := hmac.New(sha256.New, n.secret[:])
	mac.Write(b)
	return mac.Sum(nil)[:16]
}

// age tells how old a nonce is, if it is one of ours.
func (n *nonces) age(nonce string, now time.Time) (time.Duration, bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(nonce)
	if err != nil || len(b) != 32 || !hmac.Equal(n.sign(b[:16]), b[16:]) {
		return 0, false
	}
	return now.Sub(time.Unix(0, int64(binary.BigEndian.Uint64(b[:8])))), true
}

// fresh notes the use of a nonce; false if this count has been used (RFC 7616
// section 3.4: nc detects replays). Counts are kept for each cnonce, as there
// are phones that begin anew with each.
func (n *nonces) fresh(nonce, cnonce string, count uint64, now time.Time) bool {
	if len(n.used) >= maxUsed {
		for key, u := range n.used {
			if now.After(u.expires) {
				delete(n.used, key)
			}
		}
		if len(n.used) >= maxUsed {
			clear(n.used)
		}
	}
	key := nonce + "\x00" + cnonce
	if count <= n.used[key].count {
		return false
	}
	n.used[key] = usage{count, now.Add(nonceLife)}
	return true
}

// authenticate gives the account that sent a request, or sends a challenge and
// gives nil.
func (x *Exchange) authenticate(tx *serverTx, d door) *account {
	stale := false
	for _, value := range tx.req.All(d.answer) {
		c, ok := parseCredentials(value)
		if !ok || c["realm"] != x.Realm {
			continue
		}
		a := x.users[c["username"]]
		if a == nil || x.Fault.RejectAll || !correct(c, a.Password, tx.req) {
			x.Log.Info("lab: wrong user or password", "method", tx.req.Method, "user", c["username"], "source", tx.from.addr)
			continue
		}
		if x.timely(c) && !x.Fault.AuthLoop {
			return a
		}
		stale = true
	}
	x.challenge(tx, d, stale)
	return nil
}

// timely tells whether right credentials are also new: the nonce ours and
// young, the count not used. Peers without qop (RFC 2069) have no count.
func (x *Exchange) timely(c map[string]string) bool {
	now := time.Now()
	age, ours := x.nonces.age(c["nonce"], now)
	if !ours || age < 0 || age > nonceLife {
		return false
	}
	if c["qop"] == "" {
		return true
	}
	count, err := strconv.ParseUint(c["nc"], 16, 32)
	return err == nil && x.nonces.fresh(c["nonce"], c["cnonce"], count, now)
}

func (x *Exchange) challenge(tx *serverTx, d door, stale bool) {
	nonce := x.nonces.issue(time.Now())
	var extra []string
	for _, alg := range algorithms {
		if x.MD5Only && alg.name != "MD5" {
			continue
		}
		value := fmt.Sprintf(`Digest realm="%s", nonce="%s", algorithm=%s, qop="auth"`, x.Realm, nonce, alg.name)
		if stale {
			value += ", stale=true"
		}
		extra = append(extra, d.challenge, value)
	}
	tx.respond(d.status, d.reason, extra...)
}

// parseCredentials reads the parameters of a Digest answer.
func parseCredentials(value string) (map[string]string, bool) {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(value), " ")
	if !strings.EqualFold(scheme, "Digest") {
		return nil, false
	}
	c := map[string]string{}
	for _, p := range wire.ParseParams(rest, ',') {
		c[p.Name] = p.Value
	}
	return c, true
}

// correct tells whether the response is the one that the password gives.
func correct(c map[string]string, password string, req *wire.Message) bool {
	want := responseFor(c, password, req.Method)
	return want != "" && sameURI(c["uri"], req.URI) &&
		subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(c["response"]))) == 1
}

// responseFor computes the response (RFC 7616 section 3.4.1, without qop RFC
// 2069's); empty for what was never offered.
func responseFor(c map[string]string, password, method string) string {
	i := slices.IndexFunc(algorithms, func(a algorithm) bool {
		return strings.EqualFold(a.name, c["algorithm"]) || a.name == "MD5" && c["algorithm"] == ""
	})
	if i < 0 {
		return ""
	}
	h := func(parts ...string) string {
		sum := algorithms[i].new()
		sum.Write([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(sum.Sum(nil))
	}
	a1, a2 := h(c["username"], c["realm"], password), h(method, c["uri"])
	switch c["qop"] {
	case "":
		return h(a1, c["nonce"], a2)
	case "auth":
		return h(a1, c["nonce"], c["nc"], c["cnonce"], c["qop"], a2)
	}
	return ""
}

// sameURI compares the digest's uri with the Request-URI (RFC 7616 section
// 3.4.6): user, host and port. Many leave parameters out, and some the user
// (sipp, older phones); the server must be the same.
func sameURI(digest, request string) bool {
	if digest == request {
		return true
	}
	a, errA := wire.ParseURI(digest)
	b, errB := wire.ParseURI(request)
	return errA == nil && errB == nil && (a.User == b.User || a.User == "") && a.Host == b.Host && (a.Port == b.Port || a.Port == 0)
}
