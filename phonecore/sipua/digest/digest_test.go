package digest

import (
	"fmt"
	"strings"
	"testing"
)

// Vectors of RFC 2617 section 3.5, RFC 7616 section 3.9.1 and 3.9.2, and of
// RFC 2069 as corrected by its errata.
func TestVectorsOfTheRFCs(t *testing.T) {
	for name, c := range map[string]struct {
		challenge Challenge
		cred      Credentials
		use       Use
		want      string
	}{
		"RFC 2617, MD5, auth": {
			Challenge{Realm: "testrealm@host.com", Nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093", QOP: []string{"auth", "auth-int"}},
			Credentials{"Mufasa", "Circle Of Life"},
			Use{Method: "GET", URI: "/dir/index.html", CNonce: "0a4f113b", Count: 1},
			"6629fae49393a05397450978507c4ef1",
		},
		"RFC 2069, no qop": {
			Challenge{Realm: "testrealm@host.com", Nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093"},
			Credentials{"Mufasa", "CircleOfLife"},
			Use{Method: "GET", URI: "/dir/index.html"},
			"1949323746fe6a43ef61f9606e7febea",
		},
		"RFC 7616, MD5": {
			Challenge{Realm: "http-auth@example.org", Nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", Algorithm: "MD5", QOP: []string{"auth"}},
			Credentials{"Mufasa", "Circle of Life"},
			Use{Method: "GET", URI: "/dir/index.html", CNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", Count: 1},
			"8ca523f5e9506fed4657c9700eebdbec",
		},
		"RFC 7616, SHA-256": {
			Challenge{Realm: "http-auth@example.org", Nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", Algorithm: "SHA-256", QOP: []string{"auth"}},
			Credentials{"Mufasa", "Circle of Life"},
			Use{Method: "GET", URI: "/dir/index.html", CNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", Count: 1},
			"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
		},
	} {
		if got := c.challenge.Response(c.cred, c.use); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// Computed by hand with sha256sum after RFC 8760 section 2 and RFC 7616
// section 3.4.2: no RFC prints a vector for -sess.
func TestSessionVariantsHashTheNonces(t *testing.T) {
	c := Challenge{Realm: "r", Nonce: "n", Algorithm: "SHA-256-sess", QOP: []string{"auth"}}
	sum := algorithms["sha-256"].sum
	want := sum(sum(sum("u:r:p")+":n:cn") + ":n:0000000a:cn:auth:" + sum("REGISTER:sip:x"))
	if got := c.Response(Credentials{"u", "p"}, Use{Method: "REGISTER", URI: "sip:x", CNonce: "cn", Count: 10}); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// RFC 7616 section 3.4.3: the body is part of what is proved, where the server
// wants nothing less; else it is not.
func TestBodyIsProtectedOnlyWhereItMustBe(t *testing.T) {
	sum := algorithms["md5"].sum
	cred, use := Credentials{"u", "p"}, Use{Method: "INVITE", URI: "sip:x", CNonce: "cn", Count: 1, Body: []byte("v=0")}
	for qop, a2 := range map[string]string{"auth-int": "INVITE:sip:x:" + sum("v=0"), "auth": "INVITE:sip:x"} {
		offered := []string{qop}
		if qop == "auth" {
			offered = []string{"auth-int", "auth"}
		}
		c := Challenge{Realm: "r", Nonce: "n", QOP: offered}
		want := sum(sum("u:r:p") + ":n:00000001:cn:" + qop + ":" + sum(a2))
		got, err := c.Answer(cred, use)
		if err != nil || !strings.Contains(got, `response="`+want+`"`) || !strings.Contains(got, "qop="+qop+", nc=00000001") {
			t.Errorf("%s: %s %v", qop, got, err)
		}
	}
}

func TestChallengesOfEveryStyleAreRead(t *testing.T) {
	got := Parse([]string{
		`Digest realm="a,b \"c\"", nonce="n1",stale=TRUE , opaque="" , algorithm=SHA-256, qop="auth, auth-int"`,
		`digest nonce = "n2" , realm="r2"`,
		`Basic realm="x", Digest realm="r3", nonce="n3", qop=auth, Digest realm="r3", nonce="n4", algorithm=SHA-256`,
		`Digest realm="no nonce"`,
		`NTLM`, ``, `,,,`,
	})
	want := `[{Realm:a,b "c" Nonce:n1 Opaque: Algorithm:SHA-256 QOP:[auth auth-int] Stale:true}` +
		` {Realm:r2 Nonce:n2 Opaque: Algorithm: QOP:[] Stale:false}` +
		` {Realm:r3 Nonce:n3 Opaque: Algorithm: QOP:[auth] Stale:false}` +
		` {Realm:r3 Nonce:n4 Opaque: Algorithm:SHA-256 QOP:[] Stale:false}]`
	if s := fmt.Sprintf("%+v", got); s != want {
		t.Errorf("\n%s, want\n%s", s, want)
	}
}

func TestChallengeMayBeSetWithTabs(t *testing.T) {
	got := Parse([]string{"Digest\trealm=\"r\",\tnonce=\"n\""})
	if len(got) != 1 || got[0].Realm != "r" || got[0].Nonce != "n" {
		t.Errorf("%+v", got)
	}
}

func TestStrongestKnownChallengeOfEachRealmIsTaken(t *testing.T) {
	got := Strongest([]Challenge{
		{Realm: "a", Nonce: "1"},
		{Realm: "a", Nonce: "2", Algorithm: "AKAv1-MD5"},
		{Realm: "a", Nonce: "3", Algorithm: "SHA-256", QOP: []string{"conf"}},
		{Realm: "a", Nonce: "4", Algorithm: "sha-256", QOP: []string{"auth"}},
		{Realm: "a", Nonce: "5", Algorithm: "MD5-sess"},
		{Realm: "b", Nonce: "6"},
		{Realm: "b", Nonce: "7"},
	})
	if len(got) != 2 || got[0].Nonce != "4" || got[1].Nonce != "6" {
		t.Errorf("%+v", got)
	}
	if got := Strongest([]Challenge{{Realm: "a", Nonce: "1", Algorithm: "md6"}}); got != nil {
		t.Errorf("%+v", got)
	}
}

func TestAnswerCarriesWhatTheServerNeeds(t *testing.T) {
	c := Challenge{Realm: `a "b"`, Nonce: "n", Opaque: "o", Algorithm: "MD5", QOP: []string{"auth"}}
	got, err := c.Answer(Credentials{`u"ser`, "secret-canary"}, Use{Method: "INVITE", URI: "sip:x;a=b", CNonce: "cn", Count: 255})
	want := `Digest username="u\"ser", realm="a \"b\"", nonce="n", uri="sip:x;a=b", response="`
	if err != nil || !strings.HasPrefix(got, want) || !strings.HasSuffix(got, `", algorithm=MD5, qop=auth, nc=000000ff, cnonce="cn", opaque="o"`) {
		t.Errorf("%s, %v", got, err)
	}
	if got, _ := (Challenge{Nonce: "n"}).Answer(Credentials{}, Use{}); strings.Contains(got, "qop") || strings.Contains(got, "nc=") || strings.Contains(got, "algorithm") {
		t.Errorf("RFC 2069 knows no qop: %s", got)
	}
	if _, err := (Challenge{Nonce: "n", Algorithm: "rot13"}).Answer(Credentials{}, Use{}); err == nil {
		t.Error("rot13 was answered")
	}
}

func TestCredentialsPrintWithoutPassword(t *testing.T) {
	c := Credentials{"u", "secret-canary"}
	for _, s := range []string{fmt.Sprint(c), fmt.Sprintf("%v %+v %#v %s", c, c, c, c), fmt.Sprintf("%+v", struct{ C Credentials }{c})} {
		if strings.Contains(s, "canary") {
			t.Error(s)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`Digest realm="r", nonce="n", qop="auth", Basic x`)
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range Strongest(Parse([]string{s, s})) {
			if _, err := c.Answer(Credentials{"u", "p"}, Use{Method: "REGISTER", URI: "sip:x", CNonce: "c", Count: 1}); err != nil {
				t.Error(err)
			}
		}
	})
}
