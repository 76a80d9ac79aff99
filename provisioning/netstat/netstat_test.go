package netstat

import (
	"errors"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
)

// machine is a /sys/class/net with eth0; pairs change its files, an empty one
// takes a file away.
func machine(pairs ...string) fs.FS {
	files := map[string]string{
		"statistics/rx_packets": "4711\n", "statistics/tx_packets": "815\n", "statistics/rx_errors": "3\n", "statistics/multicast": "99\n",
		"carrier": "1\n", "operstate": "up\n", "duplex": "full\n", "speed": "100\n",
	}
	for i := 0; i < len(pairs); i += 2 {
		files[pairs[i]] = pairs[i+1]
	}
	m := fstest.MapFS{}
	for name, text := range files {
		if text != "" {
			m["eth0/"+name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return m
}

func TestCountersAndLinkAreRead(t *testing.T) {
	r, err := read(machine(), "eth0")
	want := Reading{"eth0", Counters{4711, 815, 3, 99}, Link{true, DuplexFull, 100}}
	if err != nil || r != want {
		t.Errorf("%+v, %v; want %+v", r, err, want)
	}
}

func TestLinkSaysOnlyWhatIsKnown(t *testing.T) {
	for name, c := range map[string]struct {
		files []string
		want  Link
	}{
		"half, 10":           {[]string{"duplex", "half", "speed", "10"}, Link{true, DuplexHalf, 10}},
		"no cable":           {[]string{"carrier", "0"}, Link{}},
		"down":               {[]string{"operstate", "down"}, Link{}},
		"switched off":       {[]string{"carrier", ""}, Link{}},
		"Wi-Fi":              {[]string{"duplex", "", "speed", ""}, Link{Up: true}},
		"virtual":            {[]string{"duplex", "unknown", "speed", "-1", "operstate", "unknown"}, Link{Up: true}},
		"no speed in 32 bit": {[]string{"speed", "4294967295"}, Link{true, DuplexFull, 0}},
		"noise":              {[]string{"speed", strings.Repeat("9", 5000), "duplex", strings.Repeat("x", 5000)}, Link{Up: true}},
	} {
		if r, err := read(machine(c.files...), "eth0"); err != nil || r.Link != c.want {
			t.Errorf("%s: %+v, %v", name, r.Link, err)
		}
	}
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	for _, name := range []string{"", ".", "..", "eth1", "../eth0", "eth0/statistics", `eth0\x`, "/eth0", strings.Repeat("a", 5000)} {
		if _, err := read(machine(), name); !errors.Is(err, ErrNoInterface) {
			t.Errorf("%.20q: %v", name, err)
		}
	}
	for _, file := range []string{"statistics/rx_packets", "statistics/multicast"} {
		for _, text := range []string{"", "-1", "many", strings.Repeat("9", 30)} {
			if r, err := read(machine(file, text), "eth0"); err == nil {
				t.Errorf("%s %q: %+v", file, text, r)
			}
		}
	}
}

func TestSinceCountsFromPowerUpAndSurvivesAReset(t *testing.T) {
	got := Counters{10, 20, 3, 7}.Since(Counters{4, 30, 3, 0})
	if want := (Counters{6, 20, 0, 7}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestThisMachine(t *testing.T) {
	r, err := Read("lo")
	if runtime.GOOS != "linux" {
		if !errors.Is(err, ErrNotHere) {
			t.Error(err)
		}
		return
	}
	if err != nil || r.Interface != "lo" {
		t.Errorf("%+v, %v", r, err)
	}
}
