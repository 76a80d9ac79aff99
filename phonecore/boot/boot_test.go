package boot

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"deskset/phonecore/text"
	"deskset/provisioning/dhcp"
	"deskset/provisioning/discovery"
	"deskset/provisioning/fetch"
	"deskset/provisioning/fetch/fetchtest"
	"deskset/provisioning/param"
)

const testMAC = "00503EFFD842"

// world is a network in memory.
type world struct {
	host    error
	files   map[string]string
	err     error // for every fetch
	delay   time.Duration
	dead    []netip.Addr
	fetched []string
	asked   []netip.AddrPort
}

func (w *world) Host() (discovery.Host, error) {
	return discovery.Host{
		Interface: "eth0", MAC: []byte{0, 0x50, 0x3e, 0xff, 0xd8, 0x42},
		Prefix: netip.MustParsePrefix("192.0.2.44/24"),
	}, w.host
}

func (w *world) Resolve(ctx context.Context, name string) ([]netip.Addr, error) {
	switch name {
	case "slow.example":
		<-ctx.Done()
		return nil, ctx.Err()
	case "tftp.example":
		return []netip.Addr{netip.MustParseAddr("192.0.2.66")}, nil
	}
	addr, err := netip.ParseAddr(name)
	if err != nil {
		return nil, errors.New("no such host")
	}
	return []netip.Addr{addr}, nil
}

func (w *world) TFTP(server netip.AddrPort) fetch.Source {
	name := "TFTP " + serverName(server)
	return fetchtest.Named{Name: name, Source: func(ctx context.Context, file string) ([]byte, error) {
		if len(w.asked) == 0 || w.asked[len(w.asked)-1] != server {
			w.asked = append(w.asked, server)
		}
		if slices.Contains(w.dead, server.Addr()) {
			return nil, fmt.Errorf("%v: %w", server, fetch.ErrTimeout)
		}
		return w.fetch(ctx, file)
	}}
}

func (w *world) fetch(ctx context.Context, file string) ([]byte, error) {
	w.fetched = append(w.fetched, file)
	wait(ctx, w.delay)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if w.err != nil {
		return nil, w.err
	}
	if data, ok := w.files[file]; ok {
		return []byte(data), nil
	}
	return nil, fmt.Errorf("%s: %w", file, fetch.ErrNotFound)
}

// settings are what a person has set, pairs of name and value.
type settings []string

func (s settings) layer(origin param.Origin) param.Layer {
	l := param.Layer{Origin: origin, Name: "test"}
	for i := 0; i < len(s); i += 2 {
		l.Entries = append(l.Entries, param.Entry{Name: s[i], Text: s[i+1]})
	}
	return l
}

func merging(layers ...param.Layer) func(string, []param.Layer) (*param.Set, []param.Problem) {
	return func(generation string, files []param.Layer) (*param.Set, []param.Problem) {
		return param.Merge(param.ParseProfile(generation), append(slices.Clone(files), layers...)...)
	}
}

var onServer = settings{"tftp_server", "192.0.2.1"}

func start(w *world, s settings, changes ...func(*Env)) (Values, []text.ID) {
	var seen []text.ID
	env := Env{Network: w, BuiltIn: "DS79-0-1-0", Merge: merging(s.layer(param.FromSettings))}
	for _, change := range changes {
		change(&env)
	}
	v := Run(context.Background(), env, func(p Progress) {
		if len(seen) == 0 || seen[len(seen)-1] != p.Message {
			seen = append(seen, p.Message)
		}
	})
	return v, seen
}

func messages(v Values) string {
	var all []string
	for _, r := range v.Reports {
		for _, m := range r.Messages {
			all = append(all, m.Text())
		}
	}
	return strings.Join(all, "\n")
}

func wantMessages(t *testing.T, v Values, want ...string) {
	t.Helper()
	got := messages(v)
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("messages lack %q:\n%s", w, got)
		}
	}
}

func wantFetched(t *testing.T, w *world, want ...string) {
	t.Helper()
	if !slices.Equal(w.fetched, want) {
		t.Errorf("fetched %v, want %v", w.fetched, want)
	}
}

func TestMessagesAppearInTheGuidesOrder(t *testing.T) {
	w := &world{files: map[string]string{
		"OS79XX.TXT":          "P0S30100 \r\n",
		"SIPDefault.cnf":      "proxy1_address: 192.0.2.1\n",
		"SIP00503EFFD842.cnf": "line1_name: 5551212\n",
	}}
	v, seen := start(w, onServer)
	want := []text.ID{text.LoadLine, text.ConfiguringVLAN, text.ConfiguringIP, text.RequestingConfiguration}
	if !slices.Equal(seen, want) {
		t.Errorf("stages %v, want %v", seen, want)
	}
	wantFetched(t, w, "OS79XX.TXT", "SIPDefault.cnf", "SIP00503EFFD842.cnf", "dialplan.xml",
		"RINGLIST.DAT", "ringlist.xml", "Ringlist.xml", "RINGLIST.XML", "RingList.xml")
	if v.Load != "P0S30100" || len(v.Layers) != 2 || v.Server != "192.0.2.1" || !v.Answered {
		t.Errorf("load %q, %d layers, server %q", v.Load, len(v.Layers), v.Server)
	}
	for i, p := range []Provenance{Simulated, FromHost, FromHost, Real, Skipped, Real} {
		if v.Reports[i].Provenance != p {
			t.Errorf("stage %s claims to be %s, want %s", v.Reports[i].Stage, v.Reports[i].Provenance.Label(), p.Label())
		}
	}
}

func TestMissingFilesAreNamedAndPassedOver(t *testing.T) {
	w := &world{files: map[string]string{"SIPDefault.cnf": "proxy1_port: 5060"}}
	v, _ := start(w, settings{"tftp_server", "192.0.2.1:6969", "mac", "AABBCCDDEEFF"})
	wantMessages(t, v, "File Not Found: OS79XX.TXT", "File Not Found: SIPAABBCCDDEEFF.cnf at 192.0.2.1:6969",
		"File Not Found: dialplan.xml")
	if len(v.Layers) != 1 || strings.Contains(messages(v), text.Get(text.StatusFlashValues)) {
		t.Errorf("%d layers, messages:\n%s", len(v.Layers), messages(v))
	}
}

func TestDeadServerIsAskedOnceAndFlashIsUsed(t *testing.T) {
	w := &world{err: fmt.Errorf("x: %w", fetch.ErrTimeout)}
	v, _ := start(w, onServer)
	if len(w.fetched) != 1 {
		t.Errorf("asked %d times for %v", len(w.fetched), w.fetched)
	}
	wantMessages(t, v, "TFTP Timeout: 192.0.2.1", text.Get(text.StatusFlashValues))
	if v.Answered || v.Servers == nil {
		t.Error("a dead server did not answer, and is to be asked again")
	}
}

func TestBadServerNamesGiveAMessage(t *testing.T) {
	for _, server := range []string{"unknown.example", "192.0.2.1:0", "192.0.2.1:port", "192.0.2.1:70000"} {
		v, _ := start(&world{}, settings{}, func(e *Env) {
			e.Beyond.HostLease = func(context.Context, string) (dhcp.Lease, string, error) {
				return dhcp.Lease{TFTPName: server}, "a lease", nil
			}
		})
		wantMessages(t, v, "TFTP Error", text.Get(text.StatusFlashValues))
	}
}

func TestNoNetworkStillComesToAnEnd(t *testing.T) {
	v, _ := start(&world{host: errors.New("no interface")}, settings{})
	wantMessages(t, v, "No network: no interface", "No TFTP server is set")
	if len(v.Reports) != len(stages) {
		t.Errorf("%d reports, want %d", len(v.Reports), len(stages))
	}
	if p := v.Reports[ConfigurationStage].Provenance; p != Skipped {
		t.Errorf("without a server the configuration claims to be %s", p.Label())
	}
}

func TestWithoutAMACAddressThePhoneFileIsNotGuessed(t *testing.T) {
	w := &world{host: errors.New("no interface"), files: map[string]string{"SIPDefault.cnf": "", "dialplan.xml": "", "RINGLIST.DAT": ""}}
	v, _ := start(w, onServer)
	wantFetched(t, w, "OS79XX.TXT", "SIPDefault.cnf", "dialplan.xml", "RINGLIST.DAT")
	wantMessages(t, v, "No MAC address")
}

func TestDeadNameServerDoesNotKeepThePhoneInItsStartUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		v, _ := start(&world{}, settings{"tftp_server", "slow.example"})
		if took := time.Since(began); took != resolveTime {
			t.Errorf("took %v", took)
		}
		wantMessages(t, v, "TFTP Error")
	})
}

func TestPaceKeepsEachStageReadable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		start(&world{delay: 50 * time.Millisecond}, onServer, func(e *Env) { e.Pace = 600 * time.Millisecond })
		if took, want := time.Since(began), time.Duration(len(stages))*600*time.Millisecond; took != want {
			t.Errorf("start-up took %v, want %v", took, want)
		}
	})
}

func TestStartUpStopsWhenThePhoneIsSwitchedOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		began := time.Now()
		env := Env{Network: &world{delay: time.Hour}, Merge: merging(onServer.layer(param.FromSettings))}
		Run(ctx, env, func(Progress) {})
		if took := time.Since(began); took != time.Second {
			t.Errorf("stopped after %v, want 1s", took)
		}
	})
}

func TestPausedStartUpEndsWhenThePhoneIsSwitchedOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		env := Env{Network: &world{}, Merge: merging(), Gate: func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}}
		if v := Run(ctx, env, func(Progress) {}); len(v.Reports) != 0 {
			t.Errorf("%d stages ran behind a closed gate", len(v.Reports))
		}
	})
}

func TestGarbageForALoadNameIsReportedWithItsFile(t *testing.T) {
	v, _ := start(&world{files: map[string]string{"OS79XX.TXT": strings.Repeat("\xff", 5000)}}, onServer)
	wantMessages(t, v, "OS79XX.TXT: ")
	if v.Load != "" {
		t.Errorf("load %q", v.Load)
	}
}

// A name that the DNS did not know at the start-up is looked up again.
func TestServerWhoseNameIsUnknownIsAskedForLater(t *testing.T) {
	w := &world{err: fmt.Errorf("x: %w", fetch.ErrNotFound)}
	v, _ := start(w, settings{"tftp_server", "slow.example"}, func(e *Env) {
		e.Network = &awakening{world: w}
	})
	wantMessages(t, v, "TFTP Error")
	if v.Answered || v.Servers == nil || v.Server != "slow.example" {
		t.Fatalf("answered %t, server %q: nobody asks again", v.Answered, v.Server)
	}
	if !Answers(t.Context(), v.Servers()) {
		t.Error("the server answers now")
	}
}

// awakening knows no name the first time.
type awakening struct {
	*world
	asked bool
}

func (a *awakening) Resolve(context.Context, string) ([]netip.Addr, error) {
	if !a.asked {
		a.asked = true
		return nil, errors.New("no such host")
	}
	return []netip.Addr{netip.MustParseAddr("192.0.2.66")}, nil
}

// A server that falls silent in the middle is as good as one that never spoke:
// somebody asks again.
func TestServerThatFallsSilentIsAskedForLater(t *testing.T) {
	w := &world{files: map[string]string{"OS79XX.TXT": "DS79-0-1-0"}}
	v, _ := start(w, onServer, func(e *Env) { e.Network = &fallingSilent{world: w} })
	wantMessages(t, v, "TFTP Timeout")
	if v.Answered || v.Servers == nil {
		t.Error("nobody asks again for the files that are missing")
	}
}

// fallingSilent answers the first file only.
type fallingSilent struct{ *world }

func (f *fallingSilent) TFTP(netip.AddrPort) fetch.Source {
	return fetchtest.Named{Name: "TFTP 192.0.2.1", Source: func(ctx context.Context, file string) ([]byte, error) {
		if len(f.fetched) > 0 {
			return nil, fmt.Errorf("x: %w", fetch.ErrTimeout)
		}
		return f.fetch(ctx, file)
	}}
}
