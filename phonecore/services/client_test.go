package services

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const hello = "<CiscoIPPhoneText><Title>Hello</Title><Text>there</Text></CiscoIPPhoneText>"

// serve starts a server; its client is for short tests.
func serve(t *testing.T, handler http.HandlerFunc, change ...func(*Options)) (*httptest.Server, *Client) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	o := Options{Device: "SEP000102030405", Version: "1.2", Language: "de", times: times{whole: 5 * time.Second, answer: 2 * time.Second, stall: 2 * time.Second}}
	for _, f := range change {
		f(&o)
	}
	client := NewClient(o)
	t.Cleanup(func() { client.Close() })
	return server, client
}

// wantError checks the sentinel and gives the error's details.
func wantError(t *testing.T, err, want error) *Error {
	t.Helper()
	var e *Error
	if !errors.Is(err, want) || !errors.As(err, &e) {
		t.Fatalf("error %v (%T), want %v", err, err, want)
	}
	return e
}

func TestFetchSaysWhoAsks(t *testing.T) {
	var got http.Header
	var asked string
	server, client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got, asked = r.Header, r.URL.RequestURI()
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, hello)
	})
	page, err := client.Fetch(t.Context(), server.URL+"/x y?name=#DEVICENAME#&a=1")
	if err != nil {
		t.Fatal(err)
	}
	if text, ok := page.Object.(Text); !ok || text.Title != "Hello" || page.Expired || page.Refresh.URL != nil {
		t.Errorf("%+v", page)
	}
	if asked != "/x%20y?name=SEP000102030405&a=1" {
		t.Error(asked)
	}
	for name, want := range map[string]string{
		"User-Agent": "Deskset/1.2", "Accept-Language": "de", "X-CiscoIPPhoneModelName": "CP-7960", "X-CiscoIPPhoneDisplay": "133, 65, 2, G", "Referer": "", "Authorization": "",
	} {
		if got.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Get(name), want)
		}
	}
	if uri, err := page.Resolve("z?d=#DEVICENAME#"); err != nil || uri.(Fetch).URL.String() != server.URL+"/z?d=SEP000102030405" {
		t.Errorf("%v, %v", uri, err)
	}
}

func TestRefusals(t *testing.T) {
	server, client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/html":
			fmt.Fprint(w, "<html><body>portal</body></html>")
		case "/broken":
			fmt.Fprint(w, "<CiscoIPPhoneMenu><MenuI")
		case "/file":
			fmt.Fprint(w, "<CiscoIPPhoneImageFile/>")
		case "/gzip":
			w.Header().Set("Content-Encoding", "gzip")
			fmt.Fprint(w, hello)
		case "/announced":
			w.Header().Set("Content-Length", "70000")
			w.Write(bytes.Repeat([]byte("x"), 70000))
		case "/cut":
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, hello)
		case "/endless":
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte("<a>"), 5000)); err != nil {
					return
				}
			}
		case "/header":
			w.Header().Set("X", strings.Repeat("x", 100<<10))
		case "/empty":
			w.WriteHeader(http.StatusNoContent)
		default:
			code := 0
			fmt.Sscanf(r.URL.Path, "/%d", &code)
			w.WriteHeader(code)
		}
	})
	tests := []struct {
		path   string
		want   error
		status int
	}{
		{"/404", ErrNotFound, 404}, {"/410", ErrNotFound, 410}, {"/403", ErrAccess, 403}, {"/500", ErrServer, 500}, {"/503", ErrServer, 503}, {"/304", ErrProtocol, 304},
		{"/html", ErrNoObject, 200}, {"/broken", ErrMalformed, 200}, {"/file", ErrUnsupported, 200}, {"/gzip", ErrProtocol, 200}, {"/empty", ErrProtocol, 204},
		{"/announced", ErrTooLarge, 200}, {"/endless", ErrTooLarge, 0}, {"/cut", ErrSize, 0}, {"/header", ErrProtocol, 0},
	}
	for _, tt := range tests {
		_, err := client.Fetch(t.Context(), server.URL+tt.path+"?pin=canary")
		if e := wantError(t, err, tt.want); e.Status != tt.status || !strings.HasPrefix(e.Address, server.URL+tt.path) {
			t.Errorf("%s: %+v", tt.path, e)
		}
		if strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", tt.path, err)
		}
	}
	for _, address := range []string{"", "file:///etc/passwd", "ftp://h/", "Dial:1", "menu.xml", "http://"} {
		if _, err := client.Fetch(t.Context(), address); !errors.Is(err, ErrURI) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestNobodyThere(t *testing.T) {
	server, client := serve(t, nil)
	server.Close()
	_, err := client.Fetch(t.Context(), server.URL)
	wantError(t, err, ErrUnreachable)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = client.Fetch(ctx, server.URL)
	wantError(t, err, context.Canceled)
	_, err = client.Fetch(t.Context(), "http://name.invalid/")
	wantError(t, err, err) // ErrHost, or ErrUnreachable without a name server
}

func TestSlowServers(t *testing.T) {
	short := func(o *Options) {
		// A drip must not look like silence on a busy machine.
		o.times = times{whole: time.Second, answer: 100 * time.Millisecond, stall: 500 * time.Millisecond}
	}
	server, client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/body":
			fmt.Fprint(w, "<CiscoIPPhoneText>")
			w.(http.Flusher).Flush()
		case "/drip":
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for range tick.C {
				if _, err := fmt.Fprint(w, " "); err != nil || r.Context().Err() != nil {
					return
				}
				w.(http.Flusher).Flush()
			}
		}
		<-r.Context().Done()
	}, short)
	for path, detail := range map[string]string{"/silent": "", "/body": "nothing came", "/drip": "not all of it"} {
		began := time.Now()
		_, err := client.Fetch(t.Context(), server.URL+path)
		e := wantError(t, err, ErrTimeout)
		if took := time.Since(began); took > 2*time.Second || !strings.Contains(e.Detail, detail) {
			t.Errorf("%s: %v after %s", path, err, took)
		}
	}
}

func TestRedirections(t *testing.T) {
	var requests atomic.Int32
	server, client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		to := map[string]string{
			"/loop": "/loop2", "/loop2": "/loop", "/self": "/self", "/file": "file:///etc/passwd", "/dial": "Dial:0900", "/none": "http://",
			"/1": "/2", "/2": "3", "/3": "/4?x=1", "/4": "/5", "/5": "/dir/end", "/0": "/1",
		}[r.URL.Path]
		if r.URL.Path == "/dir/end" {
			fmt.Fprint(w, hello)
			return
		}
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	})
	page, err := client.Fetch(t.Context(), server.URL+"/1")
	if err != nil || page.URL.Path != "/dir/end" {
		t.Fatalf("%v, %v", page, err)
	}
	if uri, _ := page.Resolve("next"); uri.(Fetch).URL.Path != "/dir/next" {
		t.Errorf("relative to %v", uri)
	}
	for _, path := range []string{"/0", "/loop", "/self", "/file", "/dial", "/none"} {
		requests.Store(0)
		_, err := client.Fetch(t.Context(), server.URL+path)
		wantError(t, err, ErrRedirect)
		if n := requests.Load(); n > maxRedirects+1 {
			t.Errorf("%s: %d requests", path, n)
		}
	}
}

func TestNoWayFromHTTPSToHTTP(t *testing.T) {
	plain, _ := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the other server was asked") })
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	defer secure.Close()
	_, client := serve(t, nil, func(o *Options) { o.RootCAs = secure.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs })
	_, err := client.Fetch(t.Context(), secure.URL)
	wantError(t, err, ErrRedirect)
	_, untrusting := serve(t, nil)
	_, err = untrusting.Fetch(t.Context(), secure.URL)
	if e := wantError(t, err, ErrProtocol); !strings.Contains(e.Detail, "authority") {
		t.Errorf("%+v", e)
	}
}

func TestPasswordsReachOneServerOnly(t *testing.T) {
	const password = "canary-password"
	var log bytes.Buffer
	other, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if a := r.Header.Get("Authorization"); a != "" {
			t.Errorf("the other server got %s", a)
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="mine"`)
		w.WriteHeader(http.StatusUnauthorized)
	})
	server, client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if user, pass, _ := r.BasicAuth(); user != "anna" || pass != password {
			w.Header().Set("WWW-Authenticate", "Basic realm=\"Staff\u202e only\"")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if r.URL.Path == "/away" {
			http.Redirect(w, r, strings.Replace(other.URL, "http://", "http://mallory:x@", 1), http.StatusFound)
			return
		}
		fmt.Fprint(w, hello)
	}, func(o *Options) {
		o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	fetch := func(address string) error {
		_, err := client.Fetch(t.Context(), address)
		if err != nil && strings.Contains(err.Error(), password) {
			t.Errorf("%v", err)
		}
		return err
	}
	if e := wantError(t, fetch(server.URL), ErrAccess); !e.Asked || e.Realm != "Staff only" || e.Status != 401 {
		t.Errorf("%+v", e)
	}
	if err := client.Authorize(server.URL, "anna", "wrong-"+password); err != nil {
		t.Fatal(err)
	}
	if e := wantError(t, fetch(server.URL), ErrAccess); !e.Asked {
		t.Errorf("%+v", e)
	}
	if err := client.Authorize(server.URL+"/x", "anna", password); err != nil {
		t.Fatal(err)
	}
	if err := fetch(server.URL + "/y?q=" + password); err != nil {
		t.Error(err)
	}
	wantError(t, fetch(server.URL+"/away"), ErrAccess)

	client.Close()
	withUser, _ := url.Parse(server.URL)
	withUser.User = url.UserPassword("anna", password)
	if err := fetch(withUser.String()); err != nil {
		t.Errorf("user in the address: %v", err)
	}
	if strings.Contains(log.String(), password) || strings.Contains(log.String(), "mallory") {
		t.Errorf("the log has it:\n%s", log.String())
	}
}

func TestDigest(t *testing.T) {
	server, client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		a := r.Header.Get("Authorization")
		switch {
		case strings.HasPrefix(a, "Digest ") && strings.Contains(a, `username="anna"`) && !strings.Contains(a, "secret"):
			fmt.Fprint(w, hello)
		default:
			w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n1", qop="auth", algorithm=MD5`)
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	if err := client.Authorize(server.URL, "anna", "secret"); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Fetch(t.Context(), server.URL); err != nil {
		t.Error(err)
	}
}

func TestProxy(t *testing.T) {
	proxy, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "<CiscoIPPhoneText><Text>%s</Text></CiscoIPPhoneText>", r.URL)
	})
	_, client := serve(t, nil, func(o *Options) { o.Proxy, _ = url.Parse(proxy.URL) })
	page, err := client.Fetch(t.Context(), "http://inside.example/a")
	if err != nil || page.Object.(Text).Text != "http://inside.example/a" {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestRefreshAndExpires(t *testing.T) {
	var refresh, expires string
	server, client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Refresh", refresh)
		w.Header().Set("Expires", expires)
		fmt.Fprint(w, hello)
	})
	tests := []struct {
		header string
		after  time.Duration
		path   string // empty: no refresh
		notes  int
	}{
		{"", 0, "", 0}, {"10", 10 * time.Second, "/dir/a", 0}, {"0", 0, "/dir/a", 0}, {"; url=b", 0, "/dir/b", 0},
		{"3; url=b", 3 * time.Second, "/dir/b", 0}, {"3,URL = '/c'", 3 * time.Second, "/c", 0}, {"3;/d", 3 * time.Second, "/d", 0},
		{"1e99", maxRefresh * time.Second, "/dir/a", 0}, {"0.5", 0, "/dir/a", 0},
		{"soon", 0, "", 1}, {"-1", 0, "", 1}, {"NaN", 0, "", 1}, {"5; url=file:///x", 0, "", 1}, {"5; url=Dial:1", 0, "", 1},
	}
	for _, tt := range tests {
		refresh = tt.header
		page, err := client.Fetch(t.Context(), server.URL+"/dir/a")
		if err != nil {
			t.Fatal(err)
		}
		path := ""
		if page.Refresh.URL != nil {
			path = page.Refresh.URL.Path
		}
		if path != tt.path || page.Refresh.After != tt.after || len(page.Notes) != tt.notes {
			t.Errorf("%q: %s after %s, %v", tt.header, path, page.Refresh.After, page.Notes)
		}
	}
	for value, want := range map[string]bool{
		"": false, "-1": true, "0": true, "Mon, 01 Jan 2001 00:00:00 GMT": true, time.Now().Add(time.Hour).UTC().Format(http.TimeFormat): false,
	} {
		expires = value
		if page, err := client.Fetch(t.Context(), server.URL); err != nil || page.Expired != want {
			t.Errorf("Expires %q: %v, %v", value, page.Expired, err)
		}
	}
}
