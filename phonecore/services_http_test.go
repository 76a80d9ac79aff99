package phonecore

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"deskset/audio"
	"deskset/phonecore/flash"
	"deskset/phonecore/sipua"
	"deskset/phonecore/view"
	"deskset/provisioning/param"
)

// TestServicesOverHTTP is the real client with a real server, in real time.
func TestServicesOverHTTP(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		switch {
		case r.URL.Path == "/menu":
			fmt.Fprint(w, "<CiscoIPPhoneMenu>"+item("Locked", "locked")+item("Round", "round")+item("Page", "page")+"</CiscoIPPhoneMenu>")
		case r.URL.Path == "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case r.URL.Path == "/page":
			fmt.Fprint(w, "<html><body>for people</body></html>")
		case user != "guest" || password != "guest":
			w.Header().Set("WWW-Authenticate", `Basic realm="Vault"`)
			w.WriteHeader(http.StatusUnauthorized)
		default:
			fmt.Fprint(w, "<CiscoIPPhoneText><Text>Let in</Text></CiscoIPPhoneText>")
		}
	}))
	defer server.Close()
	net := newNetwork()
	defer net.close()
	phone := New(Config{
		Flash: flash.Memory(), Network: twoLines, Transport: func(TransportConfig) (sipua.Transport, error) { return net.Transport(phoneAddr), nil },
		Audio: func(func(audio.Notice)) (audio.Engine, error) { return &voice{}, nil },
		Local: []param.Layer{{Origin: param.FromFlag, Name: "test", Entries: []param.Entry{
			{Name: "tftp_server", Text: "192.0.2.2"}, {Name: "services_url", Text: server.URL + "/menu"},
		}}},
	})
	views := phone.Subscribe()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- phone.Run(ctx) }()
	defer func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	deadline := time.After(10 * time.Second)
	expect := func(name string) {
		t.Helper()
		var last string
		for last != name {
			select {
			case v := <-views:
				last = v.Screen.Name
			case <-deadline:
				t.Fatalf("screen %q, want %q", last, name)
			}
		}
	}
	type step struct {
		key    view.Key
		typed  string
		screen string
	}
	expect("idle")
	for _, s := range []step{
		{view.KeyServices, "", "menu.services.menu"},
		{view.Key1, "", "menu.services.user"}, {0, "guest", ""}, {view.KeySoft1, "", "menu.services.password"},
		{0, "guest", ""}, {view.KeySoft1, "", "menu.services.text"}, {view.KeySoft3, "", "menu.services.menu"},
		{view.Key2, "", "menu.services.error"}, {view.KeySoft4, "", "idle"},
		{view.KeyServices, "", "menu.services.menu"}, {view.Key3, "", "menu.services.error"},
	} {
		if s.typed != "" {
			phone.Type(s.typed)
			continue
		}
		phone.Press(s.key)
		phone.Release(s.key)
		expect(s.screen)
	}
}
