package trace

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"deskset/provisioning/fetch"
	"deskset/provisioning/link"
)

func TestHTTPIsTracedWithoutSecrets(t *testing.T) {
	for _, secure := range []bool{false, true} {
		path, tr := open(t, Options{})
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, password, _ := r.BasicAuth()
			if password != "QQQQ" {
				w.Header().Set("WWW-Authenticate", `Basic realm="lab"`)
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			w.Header().Set("Set-Cookie", "session=QQQQ")
			w.Write([]byte("line1_name: 1001\nline1_password: QQQQ\n" + strings.Repeat("# filler\n", maxContent/9)))
		}))
		options := fetch.HTTPOptions{Trace: tr.HTTP()}
		if secure {
			srv.StartTLS()
			options.RootCAs = srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
		} else {
			srv.Start()
		}
		base, _ := url.Parse(srv.URL)
		base.User = url.UserPassword("anna", "QQQQ")
		source, err := fetch.HTTP(base, options)
		if err != nil {
			t.Fatal(err)
		}
		data, err := source.Fetch(context.Background(), "SIPDefault.cnf", 1<<20)
		if err != nil || !bytes.Contains(data, []byte("QQQQ")) {
			t.Fatalf("%.100q, %v", data, err)
		}
		srv.Close()
		packets := read(t, path, tr)
		wants := []string{"GET /SIPDefault.cnf HTTP/1.1\r\n", "HTTP/1.1 401 ", "Authorization: masked\r\n", "line1_password: ****\n"}
		if len(packets) != len(wants) {
			t.Fatalf("%d packets", len(packets))
		}
		for i, p := range packets {
			// Two letters, for one may be the half of a port; and the base64 of "anna:QQQQ".
			if !bytes.Contains(p.data, []byte(wants[i])) || bytes.Contains(p.data, []byte("QQ")) || bytes.Contains(p.data, []byte("YW5uY")) {
				t.Errorf("packet %d: %.300q, want %q", i, p.data, wants[i])
			}
		}
		if last := packets[3]; last.length <= len(last.data) {
			t.Errorf("all %d bytes of a large file were kept", last.length)
		}
	}
}

type fakePort struct{ link.Port }
type fakeWire struct{ link.Wire }

func (fakePort) Name() string                                 { return "eth7" }
func (fakePort) Open(context.Context, int) (link.Wire, error) { return fakeWire{}, nil }
func (fakeWire) Send([]byte) error                            { return nil }
func (fakeWire) Receive(context.Context) ([]byte, error)      { return arp(), nil }
func (fakeWire) MAC() net.HardwareAddr                        { return nil }
func arp() []byte                                             { return append(make([]byte, 12), 8, 6, 'x') }

func TestFramesHaveTheTagOfTheirVLAN(t *testing.T) {
	path, tr := open(t, Options{})
	p := tr.Port(fakePort{})
	for _, vlan := range []int{0, 110} {
		w, err := p.Open(context.Background(), vlan)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Send(arp()); err != nil {
			t.Fatal(err)
		}
		if frame, err := w.Receive(context.Background()); err != nil || !bytes.Equal(frame, arp()) {
			t.Fatalf("%x, %v", frame, err)
		}
	}
	packets := read(t, path, tr)
	tagged := append(make([]byte, 12), 0x81, 0, 0, 110, 8, 6, 'x')
	for i, want := range [][]byte{arp(), arp(), tagged, tagged} {
		if p := packets[i]; !bytes.Equal(p.data, want) || p.link != linkEthernet || p.name != "eth7" {
			t.Errorf("%d: %+v, want %x", i, p, want)
		}
	}
}
