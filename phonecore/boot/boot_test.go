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
	"deskset/provisioning/discovery"
	"deskset/provisioning/tftp"
)

// world is a network in memory.
type world struct {
	host    error
	files   map[string]string
	err     error // for every fetch
	delay   time.Duration
	fetched []string
}

func (w *world) Host() (discovery.Host, error) {
	return discovery.Host{
		Interface: "eth0", MAC: []byte{0, 0x50, 0x3e, 0xff, 0xd8, 0x42},
		Prefix: netip.MustParsePrefix("192.0.2.44/24"),
	}, w.host
}

func (w *world) Resolve(ctx context.Context, name string) ([]netip.Addr, error) {
	if name == "slow.example" {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if name == "unknown.example" {
		return nil, errors.New("no such host")
	}
	addr, err := netip.ParseAddr(name)
	return []netip.Addr{addr}, err
}

func (w *world) Fetch(ctx context.Context, _ netip.AddrPort, file string) ([]byte, error) {
	w.fetched = append(w.fetched, file)
	wait(ctx, w.delay)
	if w.err != nil {
		return nil, w.err
	}
	if data, ok := w.files[file]; ok {
		return []byte(data), nil
	}
	return nil, fmt.Errorf("%s: %w", file, tftp.ErrNotFound)
}

func start(w *world, env Env) (Values, []text.ID) {
	var seen []text.ID
	env.Network = w
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

func TestMessagesAppearInTheGuidesOrder(t *testing.T) {
	w := &world{files: map[string]string{
		"OS79XX.TXT":          "P0S30100 \r\n",
		"SIPDefault.cnf":      "proxy1_address: 192.0.2.1\n",
		"SIP00503EFFD842.cnf": "line1_name: 5551212\n",
	}}
	v, seen := start(w, Env{TFTPServer: "192.0.2.1", Load: "X"})
	want := []text.ID{text.LoadLine, text.ConfiguringVLAN, text.ConfiguringIP, text.RequestingConfiguration}
	if !slices.Equal(seen, want) {
		t.Errorf("stages %v, want %v", seen, want)
	}
	if want := []string{"OS79XX.TXT", "SIPDefault.cnf", "SIP00503EFFD842.cnf"}; !slices.Equal(w.fetched, want) {
		t.Errorf("fetched %v, want %v", w.fetched, want)
	}
	if v.Load != "P0S30100" || len(v.Layers) != 2 || v.TFTP != netip.MustParseAddrPort("192.0.2.1:69") {
		t.Errorf("load %q, %d layers, server %v", v.Load, len(v.Layers), v.TFTP)
	}
	for i, p := range []Provenance{Simulated, FromHost, FromHost, Real} {
		if v.Reports[i].Provenance != p {
			t.Errorf("stage %s claims to be %s, want %s", v.Reports[i].Stage, v.Reports[i].Provenance.Label(), p.Label())
		}
	}
}

func TestMissingFilesAreNamedAndPassedOver(t *testing.T) {
	w := &world{files: map[string]string{"SIPDefault.cnf": "proxy1_port: 5060"}}
	v, _ := start(w, Env{TFTPServer: "192.0.2.1:6969", MAC: "AABBCCDDEEFF"})
	got := messages(v)
	for _, want := range []string{"File Not Found: OS79XX.TXT", "File Not Found: SIPAABBCCDDEEFF.cnf at 192.0.2.1"} {
		if !strings.Contains(got, want) {
			t.Errorf("messages lack %q:\n%s", want, got)
		}
	}
	if len(v.Layers) != 1 || strings.Contains(got, text.Get(text.StatusFlashValues)) {
		t.Errorf("%d layers, messages:\n%s", len(v.Layers), got)
	}
}

func TestDeadServerIsAskedOnceAndFlashIsUsed(t *testing.T) {
	w := &world{err: fmt.Errorf("x: %w", tftp.ErrTimeout)}
	v, _ := start(w, Env{TFTPServer: "192.0.2.1", MAC: "AABBCCDDEEFF"})
	if len(w.fetched) != 1 {
		t.Errorf("asked %d times for %v", len(w.fetched), w.fetched)
	}
	got := messages(v)
	if !strings.Contains(got, "TFTP Timeout: 192.0.2.1") || !strings.Contains(got, text.Get(text.StatusFlashValues)) {
		t.Errorf("messages:\n%s", got)
	}
	if v.TFTPAnswered {
		t.Error("a dead server did not answer")
	}
}

func TestBadServerNamesGiveAMessage(t *testing.T) {
	for _, server := range []string{"unknown.example", "192.0.2.1:0", "192.0.2.1:port", "192.0.2.1:70000"} {
		v, _ := start(&world{}, Env{TFTPServer: server})
		if got := messages(v); !strings.Contains(got, "TFTP Error") {
			t.Errorf("%s: messages:\n%s", server, got)
		}
	}
}

func TestNoNetworkStillComesToAnEnd(t *testing.T) {
	v, _ := start(&world{host: errors.New("no interface")}, Env{})
	if got := messages(v); !strings.Contains(got, "No network: no interface") || !strings.Contains(got, "No TFTP server is set") {
		t.Errorf("messages:\n%s", got)
	}
	if len(v.Reports) != len(stages) {
		t.Errorf("%d reports, want %d", len(v.Reports), len(stages))
	}
}

func TestWithoutAMACAddressThePhoneFileIsNotGuessed(t *testing.T) {
	w := &world{host: errors.New("no interface"), files: map[string]string{"SIPDefault.cnf": ""}}
	v, _ := start(w, Env{TFTPServer: "192.0.2.1"})
	if want := []string{"OS79XX.TXT", "SIPDefault.cnf"}; !slices.Equal(w.fetched, want) {
		t.Errorf("fetched %v, want %v", w.fetched, want)
	}
	if got := messages(v); !strings.Contains(got, "No MAC address") {
		t.Errorf("messages:\n%s", got)
	}
}

func TestDeadNameServerDoesNotKeepThePhoneInItsStartUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		v, _ := start(&world{}, Env{TFTPServer: "slow.example"})
		if took := time.Since(began); took != resolveTime || !strings.Contains(messages(v), "TFTP Error") {
			t.Errorf("took %v, messages:\n%s", took, messages(v))
		}
	})
}

func TestPaceKeepsEachStageReadable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		start(&world{delay: 50 * time.Millisecond}, Env{TFTPServer: "192.0.2.1", Pace: 600 * time.Millisecond})
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
		Run(ctx, Env{Network: &world{delay: time.Hour}, TFTPServer: "192.0.2.1"}, func(Progress) {})
		if took := time.Since(began); took != time.Second {
			t.Errorf("stopped after %v, want 1s", took)
		}
	})
}

func TestGarbageForALoadNameIsReportedWithItsFile(t *testing.T) {
	w := &world{files: map[string]string{"OS79XX.TXT": strings.Repeat("\xff", 5000)}}
	v, _ := start(w, Env{TFTPServer: "192.0.2.1"})
	if got := messages(v); v.Load != "" || !strings.Contains(got, "OS79XX.TXT: ") {
		t.Errorf("load %q, messages:\n%s", v.Load, got)
	}
}
