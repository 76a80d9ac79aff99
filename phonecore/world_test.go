package phonecore

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

	"deskset/audio"
	"deskset/audio/tone"
	"deskset/phonecore/flash"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/view"
	"deskset/provisioning/discovery"
	"deskset/provisioning/fetch"
	"deskset/provisioning/fetch/fetchtest"
	"deskset/provisioning/netstat"
	"deskset/provisioning/param"
	"deskset/provisioning/tftp"
)

// voice is an audio engine that remembers what it was asked.
type voice struct {
	path    audio.Path
	muted   bool
	tone    tone.Name
	country tone.Country
	ring    string
	keys    string
	volumes [audio.NumRoles]int
	streams []*stream
	bridged []audio.Stream
	full    bool // no port is free
}

func (v *voice) NewStream(audio.StreamConfig) (audio.Stream, error) {
	if v.full {
		return nil, errors.New("no port free in 16384-32766")
	}
	s := &stream{port: uint16(16384 + 2*len(v.streams))}
	v.streams = append(v.streams, s)
	return s, nil
}
func (v *voice) Bridge(s ...audio.Stream)      { v.bridged = s }
func (v *voice) SetCountry(c tone.Country)     { v.country = c }
func (v *voice) Route(p audio.Path)            { v.path = p }
func (v *voice) Mute(on bool)                  { v.muted = on }
func (v *voice) Tone(n tone.Name)              { v.tone = n }
func (v *voice) KeyDown(d byte)                { v.keys += string(rune(d)) }
func (v *voice) KeyUp()                        { v.keys += "." }
func (v *voice) Ring(name string)              { v.ring = name }
func (v *voice) StopRing()                     { v.ring = "" }
func (v *voice) SetVolume(r audio.Role, n int) { v.volumes[r] = n }
func (v *voice) Close() error                  { return nil }

// stream remembers its media.
type stream struct {
	port   uint16
	params []audio.Params
	digits string
	closed bool
	// received is how many packets have come; stats is the rest.
	received uint64
	stats    audio.Stats
}

func (s *stream) LocalPort() uint16          { return s.port }
func (s *stream) Start(p audio.Params) error { s.params = append(s.params, p); return nil }
func (s *stream) DigitDown(d byte)           { s.digits += string(rune(d)) }
func (s *stream) DigitUp()                   { s.digits += "." }
func (s *stream) Close() error               { s.closed = true; return nil }

func (s *stream) Stats() audio.Stats {
	stats := s.stats
	stats.PacketsReceived = s.received
	return stats
}

func (s *stream) last() audio.Params {
	if len(s.params) == 0 {
		return audio.Params{}
	}
	return s.params[len(s.params)-1]
}

// files is a TFTP server in memory.
type files map[string]string

func (files) Host() (discovery.Host, error) {
	return discovery.Host{
		Interface: "eth0", MAC: []byte{0, 0x50, 0x3e, 0xff, 0xd8, 0x42},
		Prefix: netip.MustParsePrefix("192.0.2.44/24"),
	}, nil
}

func (files) Resolve(_ context.Context, name string) ([]netip.Addr, error) {
	addr, err := netip.ParseAddr(name)
	return []netip.Addr{addr}, err
}

func (f files) TFTP(server netip.AddrPort) fetch.Source {
	return fetchtest.Named{Name: "TFTP " + server.Addr().String(), Source: f.fetch}
}

func (f files) fetch(_ context.Context, name string) ([]byte, error) {
	if f == nil {
		return nil, tftp.ErrTimeout
	}
	data, ok := f[name]
	if !ok {
		return nil, fmt.Errorf("%s: %w", name, tftp.ErrNotFound)
	}
	return []byte(data), nil
}

// desk is a phone on a test's desk.
type desk struct {
	t     *testing.T
	phone *Phone
	voice *voice // belongs to the phone's loop; see heard
	net   *network
	views <-chan view.View
	stop  context.CancelFunc
	done  chan error
}

// setup changes the configuration of a desk's phone.
type setup func(*Config)

func withFiles(f files) setup { return func(c *Config) { c.Network = f } }

func withFlash(f *flash.Flash) setup { return func(c *Config) { c.Flash = f } }

func withPace(d time.Duration) setup { return func(c *Config) { c.Pace = d } }

func withFlags(pairs ...string) setup {
	return func(c *Config) {
		layer := param.Layer{Origin: param.FromFlag, Name: "flags"}
		for i := 0; i < len(pairs); i += 2 {
			layer.Entries = append(layer.Entries, param.Entry{Name: pairs[i], Text: pairs[i+1]})
		}
		c.Local = append(c.Local, layer)
	}
}

// twoLines is what most tests start up from.
var twoLines = files{
	"OS79XX.TXT":     Load,
	"SIPDefault.cnf": "proxy1_address: 192.0.2.1\nproxy_register: 1\nimage_version: " + Load + "\n",
	"SIP00503EFFD842.cnf": "line1_name: 5551212\nline1_authname: 5551212\nline1_password: s3cret-canary\n" +
		"line2_name: 5551213\nline2_authname: 5551213\nline2_password: s3cret-canary\n",
}

// onDesk runs a test with a started phone in virtual time.
func onDesk(t *testing.T, test func(*desk), setups ...setup) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, setups...)
		defer d.switchOff()
		test(d)
	})
}

func newDesk(t *testing.T, setups ...setup) *desk {
	d := &desk{t: t, voice: &voice{}, net: newNetwork(), done: make(chan error, 1)}
	config := Config{
		Flash:     flash.Memory(),
		Network:   twoLines,
		Audio:     func(func(audio.Notice)) (audio.Engine, error) { return d.voice, nil },
		Transport: d.net.phoneTransport,
		Resolver:  siptest.Names{}, // real DNS does not work in virtual time
		NetStat:   func(string) (netstat.Reading, error) { return netstat.Reading{}, netstat.ErrNotHere },
		Local: []param.Layer{{Origin: param.FromSettings, Name: "test", Entries: []param.Entry{
			{Name: "tftp_server", Text: "192.0.2.2"},
			// Tests play the far side of calls themselves, without a server;
			// TestStrangersDoNotRing* have what phones have by default.
			{Name: "only_from_servers", Text: "0"},
		}}},
	}
	for _, s := range setups {
		s(&config)
	}
	d.phone = New(config)
	d.views = d.phone.Subscribe()
	ctx, cancel := context.WithCancel(context.Background())
	d.stop = cancel
	go func() { d.done <- d.phone.Run(ctx) }()
	synctest.Wait()
	return d
}

func (d *desk) switchOff() {
	d.t.Helper()
	began := time.Now()
	d.stop()
	if err := <-d.done; err != nil {
		d.t.Errorf("Run: %v", err)
	}
	if took := time.Since(began); took > shutdownLimit {
		d.t.Errorf("switching off took %v", took)
	}
	d.net.close()
}

// on runs f on the phone's loop, after everything that is under way.
func (d *desk) on(f func()) {
	synctest.Wait()
	done := make(chan struct{})
	d.phone.post(func() { f(); close(done) })
	<-done
}

// view is what a face shows now.
func (d *desk) view() (v view.View) {
	d.on(func() { v = d.phone.compose(); v.BlinkOn = d.phone.blink.on })
	return v
}

// heard is a copy of what the voice engine has been asked so far.
func (d *desk) heard() (v voice) {
	d.on(func() {
		v = *d.voice
		v.streams = nil
		for _, s := range d.voice.streams {
			c := *s
			v.streams = append(v.streams, &c)
		}
	})
	return v
}

// param is a parameter's value.
func (d *desk) param(name string) (s string) {
	d.on(func() { s = d.phone.params.Text(name) })
	return s
}

func (d *desk) press(keys ...view.Key) {
	for _, k := range keys {
		d.phone.Press(k)
		synctest.Wait()
		d.phone.Release(k)
		synctest.Wait()
	}
}

// soft presses the soft key with a label.
func (d *desk) soft(label string) {
	d.t.Helper()
	for range 3 {
		s := d.view().Screen
		if i := slices.Index(s.Soft[:], label); i >= 0 {
			d.press(view.SoftKey(i + 1))
			return
		}
		if s.Soft[3] != "more" {
			break
		}
		d.press(view.KeySoft4)
	}
	d.t.Fatalf("no soft key %q on %q: %q", label, d.view().Screen.Name, d.view().Screen.Soft)
}

func (d *desk) dial(number string) {
	for _, r := range number {
		d.press(view.DigitKey(r))
	}
}

// wait lets virtual time pass.
func (d *desk) wait(t time.Duration) {
	<-time.After(t)
	synctest.Wait()
}

// expect checks the screen's name and that its texts hold words.
func (d *desk) expect(screen string, words ...string) {
	d.t.Helper()
	s := d.view().Screen
	all := screenText(s)
	if s.Name != screen {
		d.t.Fatalf("screen %q, want %q; it says:\n%s\nstatus: %v", s.Name, screen, all, d.statusTexts())
	}
	for _, w := range words {
		if !strings.Contains(all, w) {
			d.t.Errorf("screen %q lacks %q; it says:\n%s", screen, w, all)
		}
	}
}

func (d *desk) statusTexts() []string {
	var texts []string
	d.on(func() {
		for _, e := range d.phone.status.entries {
			texts = append(texts, e.text)
		}
	})
	return texts
}

func (d *desk) expectStatus(words string) {
	d.t.Helper()
	if all := strings.Join(d.statusTexts(), "\n"); !strings.Contains(all, words) {
		d.t.Errorf("status messages lack %q:\n%s", words, all)
	}
}

func screenText(s view.Screen) string {
	parts := append([]string{s.Title, s.Message, s.Prompt, s.Status.Right}, s.Text...)
	for _, r := range s.Rows {
		parts = append(parts, r.Text+" "+r.Right)
	}
	for _, i := range s.Items {
		parts = append(parts, i.Label+" "+i.Value)
	}
	for _, l := range s.Lines {
		parts = append(parts, l.Text)
	}
	return strings.Join(append(parts, strings.Join(s.Soft[:], "|")), "\n")
}
