package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// parse reads an address with a user for a server, "" for none.
func parse(t testing.TB, address, user string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if name, password, ok := strings.Cut(user, ":"); ok {
		u.User = url.UserPassword(name, password)
	}
	return u
}

// source is a source that ends with the test.
func source(t testing.TB, address, user string, o HTTPOptions) Source {
	t.Helper()
	s, err := HTTP(parse(t, address, user), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.(io.Closer).Close() })
	return s
}

func serveHTTP(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

func TestHTTPFetchesFilesBelowItsBase(t *testing.T) {
	server := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || r.Header.Get("Accept-Encoding") != "identity" {
			t.Errorf("%v", r.Header)
		}
		io.WriteString(w, r.RequestURI)
	})
	for _, test := range []struct{ base, file, want string }{
		{"/prov/", "SIPDefault.cnf", "/prov/SIPDefault.cnf"},
		{"/prov", "SIPDefault.cnf", "/prov/SIPDefault.cnf"},
		{"", "OS79XX.TXT", "/OS79XX.TXT"},
		{"/a%2Fb/", "x", "/a%2Fb/x"},
		{"/p/", "./configs//SIP00.cnf", "/p/configs/SIP00.cnf"},
		{"/p/", "/configs/SIP00.cnf", "/p/configs/SIP00.cnf"},
		{"/p/", "a b?c#d%2e%2e.cnf", "/p/a%20b%3Fc%23d%252e%252e.cnf"},
		{"/p/", "Töne/x", "/p/T%C3%B6ne/x"},
	} {
		data, err := source(t, server.URL+test.base, "", HTTPOptions{}).Fetch(t.Context(), test.file, 1000)
		if err != nil || string(data) != test.want {
			t.Errorf("%s + %s: %q, %v; want %q", test.base, test.file, data, err, test.want)
		}
	}
	for _, file := range []string{"", "/", ".", "../x", "a/../x", `..\x`, "a\nb"} {
		if _, err := source(t, server.URL, "", HTTPOptions{}).Fetch(t.Context(), file, 1000); !errors.Is(err, ErrName) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func TestHTTPAddressesThatAreNone(t *testing.T) {
	for _, address := range []string{
		"ftp://h/", "file:///etc/passwd", "//h/p", "/p", "http:", "http:opaque", "https://user:secret@/p", "http://:80/", "https://u:secret@h/?key=1", "https://u:secret@h/#f",
	} {
		if _, err := HTTP(parse(t, address, ""), HTTPOptions{}); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", address, err)
		}
	}
	s := source(t, "HTTPS://u:secret@pbx.example:8443/p", "", HTTPOptions{})
	if s.String() != "https://pbx.example:8443/p/" {
		t.Error(s)
	}
}

func TestHTTPStatusIsTold(t *testing.T) {
	for _, test := range []struct {
		status int
		want   error
		text   string
	}{
		{404, ErrNotFound, "upper and lower case"}, {410, ErrNotFound, "410"}, {401, ErrAccess, "USER:PASSWORD@"},
		{403, ErrAccess, "readable"}, {407, ErrAccess, "proxy"}, {429, ErrServer, "429"}, {400, ErrServer, "log"},
		{500, ErrServer, "500"}, {503, ErrServer, "503"}, {204, ErrProtocol, "204"}, {206, ErrProtocol, "206"},
		{304, ErrProtocol, "304"}, {300, ErrProtocol, "300"}, {999, ErrServer, "999"},
	} {
		server := serveHTTP(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(test.status) })
		_, err := source(t, server.URL, "", HTTPOptions{}).Fetch(t.Context(), "SIPDefault.cnf", 1000)
		if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.text) ||
			!strings.Contains(err.Error(), server.URL) || !strings.Contains(err.Error(), "SIPDefault.cnf") {
			t.Errorf("%d: %v", test.status, err)
		}
	}
}

func TestHTTPDownloadTellsProgress(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789"), 100_000)
	server := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/announced" {
			w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		}
		w.Write(content)
	})
	s := source(t, server.URL, "", HTTPOptions{})
	for file, total := range map[string]int64{"announced": int64(len(content)), "chunked": -1} {
		var to bytes.Buffer
		var last int64
		err := s.Download(t.Context(), file, int64(len(content)), &to, func(done, all int64) {
			if last = done; all != total {
				t.Errorf("%s: total %d", file, all)
			}
		})
		if err != nil || !bytes.Equal(to.Bytes(), content) || last != int64(len(content)) {
			t.Errorf("%s: %d bytes, progress %d, %v", file, to.Len(), last, err)
		}
	}
}

func TestHTTPErrorOfTheWriterEndsTheDownload(t *testing.T) {
	server := serveHTTP(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "x") })
	full := errors.New("disk full")
	err := source(t, server.URL, "", HTTPOptions{}).Download(t.Context(), "f", 10, failing{full}, nil)
	if !errors.Is(err, full) {
		t.Error(err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestHTTPKeepsItsConnection(t *testing.T) {
	seen := map[string]bool{}
	server := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
		seen[r.RemoteAddr] = true
		if r.URL.Path == "/missing" {
			http.NotFound(w, r)
		}
	})
	s := source(t, server.URL, "", HTTPOptions{})
	for range 3 {
		s.Fetch(t.Context(), "f", 10)
		s.Fetch(t.Context(), "missing", 10)
	}
	if len(seen) != 1 {
		t.Errorf("%d connections", len(seen))
	}
}

var digestField = regexp.MustCompile(`(\w+)="?([^",]*)"?`)

// digestIsRight checks an answer to the challenge of keeper by RFC 7616
// section 3.4.1, without the library that made it.
func digestIsRight(said, uri string) bool {
	f := map[string]string{}
	for _, m := range digestField.FindAllStringSubmatch(said, -1) {
		f[m[1]] = m[2]
	}
	h := func(parts ...string) string {
		return fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(parts, ":"))))
	}
	want := h(h("phone", "phones", "s3cret"), "abc", f["nc"], f["cnonce"], "auth", h("GET", uri))
	return strings.HasPrefix(said, "Digest ") && f["username"] == "phone" && f["uri"] == uri && len(f["cnonce"]) >= 8 && f["response"] == want
}

// keeper asks for a password by the schemes given.
func keeper(schemes ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, scheme := range schemes {
			challenge := scheme + ` realm="phones"`
			if scheme == "Digest" {
				challenge += `, nonce="abc", qop="auth", algorithm=SHA-256`
			}
			w.Header().Add("WWW-Authenticate", challenge)
		}
		said := r.Header.Get("Authorization")
		name, password, basic := r.BasicAuth()
		if basic && name == "phone" && password == "s3cret" && schemes[0] == "Basic" {
			return
		}
		if schemes[0] == "Digest" && digestIsRight(said, r.RequestURI) {
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
	}
}

func TestHTTPPasswords(t *testing.T) {
	for _, test := range []struct {
		name     string
		schemes  []string
		user     string
		want     error
		requests int32 // for two files
	}{
		{"basic", []string{"Basic"}, "phone:s3cret", nil, 3},
		{"digest", []string{"Digest"}, "phone:s3cret", nil, 3},
		{"digest before basic", []string{"Digest", "Basic"}, "phone:s3cret", nil, 3},
		{"wrong basic is tried once", []string{"Basic"}, "phone:wr0ng", ErrAccess, 3},
		{"wrong digest is tried once", []string{"Digest"}, "phone:wr0ng", ErrAccess, 3},
		{"none", []string{"Basic"}, "", ErrAccess, 2},
		{"unknown scheme", []string{"Bearer"}, "phone:s3cret", ErrAccess, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			var requests, given atomic.Int32
			check := keeper(test.schemes...)
			server := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				if r.Header.Get("Authorization") != "" {
					given.Add(1)
				}
				check(w, r)
			})
			var log bytes.Buffer
			s := source(t, server.URL, test.user, HTTPOptions{Log: slog.New(slog.NewTextHandler(&log, nil))})
			for _, file := range []string{"a", "b"} {
				_, err := s.Fetch(t.Context(), file, 10)
				if !errors.Is(err, test.want) {
					t.Errorf("%s: %v", file, err)
				}
				if strings.Contains(fmt.Sprint(err, s), "s3cret") || strings.Contains(fmt.Sprint(err, s), "wr0ng") {
					t.Errorf("a password in %v, %v", err, s)
				}
			}
			if strings.Contains(log.String(), "s3cret") || strings.Contains(log.String(), "wr0ng") || strings.Contains(log.String(), "cGhvbmU6") {
				t.Errorf("a password in %s", log.String())
			}
			if requests.Load() != test.requests {
				t.Errorf("%d requests, want %d", requests.Load(), test.requests)
			}
			if test.want != nil && given.Load() > 1 {
				t.Errorf("a wrong password was given %d times", given.Load())
			}
		})
	}
}

// The password is for the server of the address, not for whom it redirects to.
func TestHTTPPasswordStaysWithItsServer(t *testing.T) {
	var heard atomic.Int32
	other := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || r.Header.Get("Referer") != "" || r.Header.Get("Cookie") != "" {
			heard.Add(1)
			t.Errorf("%v", r.Header)
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="give it to me"`)
		w.WriteHeader(http.StatusUnauthorized)
	})
	check := keeper("Basic")
	server := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
		if check(w, r); r.Header.Get("Authorization") != "" {
			at := parse(t, other.URL, "phone:s3cret")
			w.Header().Set("Location", at.JoinPath("f").String())
			w.WriteHeader(http.StatusFound)
		}
	})
	_, err := source(t, server.URL, "phone:s3cret", HTTPOptions{}).Fetch(t.Context(), "f", 10)
	if !errors.Is(err, ErrAccess) || !strings.Contains(err.Error(), other.URL) || strings.Contains(err.Error(), "s3cret") {
		t.Error(err)
	}
}

func TestHTTPCancelledFetchEndsAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	if _, err := source(t, server.URL, "", HTTPOptions{}).Fetch(ctx, "f", 10); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestHTTPNobodyListens(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	if _, err := source(t, server.URL, "", HTTPOptions{}).Fetch(t.Context(), "f", 10); !errors.Is(err, ErrUnreachable) {
		t.Error(err)
	}
	if _, err := source(t, "http://no-such-host.invalid/", "", HTTPOptions{}).Fetch(t.Context(), "f", 10); !errors.Is(err, ErrUnreachable) && !errors.Is(err, ErrTimeout) {
		t.Error(err)
	}
}

func FuzzChallenge(f *testing.F) {
	f.Add(`Digest realm="a", nonce="b", qop="auth,auth-int", algorithm=MD5`)
	f.Add(`Digest realm="a\`)
	f.Add(`Basic`)
	f.Add(`Digest nonce="x", userhash=true, qop=`)
	f.Fuzz(func(t *testing.T, challenge string) {
		a := &authorizer{user: "u", password: "s3cret", log: slog.New(slog.DiscardHandler)}
		header := http.Header{"Www-Authenticate": {challenge}}
		request, _ := http.NewRequest("GET", "http://h/f", nil)
		said := ""
		for range 4 {
			if !a.learn(header, said) {
				return
			}
			said = a.answer(request)
			if strings.Contains(said, "s3cret") {
				t.Errorf("the password in %q", said)
			}
		}
		if !strings.Contains(strings.ToLower(challenge), "stale") {
			t.Errorf("%q is answered again and again", challenge)
		}
	})
}
