//go:build linux

package interop_test

import (
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/audio/device/clicks"
	"deskset/audio/device/pulsetest"
)

// talker is one end of a call over the cards of a sound server.
type talker struct {
	name  string
	start func(tb testing.TB, s *pulsetest.Server, k *interop.Kamailio, account int, source, sink string) talking
}

// talking is an end that has been started.
type talking struct {
	process              *interop.Process
	dial                 func(k *interop.Kamailio, number string)
	answer, hangup, quit func()
}

func desksetTalker(settings map[string]string) talker {
	return talker{"Deskset", func(tb testing.TB, s *pulsetest.Server, k *interop.Kamailio, account int, source, sink string) talking {
		all := line(1, k, k.Accounts[account])
		for name, value := range settings {
			all[name] = value
		}
		phone := interop.StartDeskset(tb, interop.DesksetConfig{Settings: all, OwnSound: true, Env: interop.CardEnv(s, source, sink)})
		phone.Do("timeout 30s", "screen idle")
		interop.WaitFor(tb, 20*time.Second, "the registration", func() bool { return len(k.Bindings(k.Accounts[account].User)) == 1 })
		return talking{
			process: phone.Process,
			dial: func(_ *interop.Kamailio, number string) {
				phone.Do("press handset "+number+" pound", "screen connected")
			},
			answer: func() { phone.Do("screen incoming", "press handset", "screen connected") },
			hangup: func() { phone.Do("press handset", "screen idle") },
			quit:   phone.Quit,
		}
	}}
}

func baresipTalker(tuned bool, codec string) talker {
	name := "baresip"
	if tuned {
		name = "baresip, tuned"
	}
	return talker{name, func(tb testing.TB, s *pulsetest.Server, k *interop.Kamailio, account int, source, sink string) talking {
		phone := interop.StartBaresip(tb, interop.BaresipConfig{
			Account: k.Accounts[account], Proxy: k.Addr(), Domain: k.Realm, Manual: true, Codecs: codec,
			Cards: &interop.BaresipCards{Server: s.Address(), Source: source, Sink: sink, Tuned: tuned},
		})
		return talking{
			process: phone.Process,
			dial: func(k *interop.Kamailio, number string) {
				phone.Dial("sip:" + number + "@" + k.Realm)
				phone.Wait("CALL_ESTABLISHED")
			},
			answer: func() { phone.Wait("CALL_INCOMING"); phone.Accept(); phone.Wait("CALL_ESTABLISHED") },
			hangup: func() { phone.Hangup(); phone.Wait("CALL_CLOSED") },
			quit:   phone.Stop,
		}
	}}
}

// pcmu is the codec in baresip's words.
const pcmu = "PCMU/8000/1"

// connect lets one call the other.
func connect(k *interop.Kamailio, a, b talking) {
	answered := make(chan struct{})
	go func() { defer close(answered); b.answer() }()
	a.dial(k, k.Accounts[1].User)
	<-answered
}

// mouthToEar lets one end call the other and times the near one's voice.
func mouthToEar(tb testing.TB, near, far talker, bursts int) clicks.Result {
	tb.Helper()
	s := pulsetest.Start(tb)
	m := interop.StartMeter(tb, s)
	k := interop.StartKamailio(tb, interop.KamailioConfig{})
	b := far.start(tb, s, k, 1, interop.FarSource, interop.FarSink)
	a := near.start(tb, s, k, 0, interop.NearSource, interop.NearSink)
	connect(k, a, b)
	talk(3 * time.Second) // what the begin of a call brings
	r := interop.MouthToEar(m, bursts)
	a.hangup()
	a.quit()
	b.quit()
	return r
}

// TestMouthToEarIsShorterThanBaresips: a voice through two of ours takes less
// time than through two of theirs, as they come. BenchmarkMouthToEar has the
// figures; here it is enough that nothing has gone badly wrong, on any machine.
func TestMouthToEarIsShorterThanBaresips(t *testing.T) {
	ours := mouthToEar(t, desksetTalker(nil), desksetTalker(nil), 20)
	theirs := mouthToEar(t, baresipTalker(false, pcmu), baresipTalker(false, pcmu), 10)
	t.Logf("Deskset %v\nbaresip %v", ours, theirs)
	compared := theirs.Heard >= 5 // baresip may stutter too much
	if ours.Heard < 10 || compared && ours.P50 > theirs.P50 {
		t.Errorf("%v from mouth to ear, with baresip %v", ours.P50, theirs.P50)
	}
}

// BenchmarkMouthToEar has the figures of the README: how long a voice takes from
// the microphone to the other's loudspeaker, over PulseAudio and loopback. The
// meter's own two devices are part of it, 3 ms.
func BenchmarkMouthToEar(b *testing.B) {
	pulsetest.Front()
	interop.Binary(b)
	ours, theirs, tuned := desksetTalker(nil), baresipTalker(false, pcmu), baresipTalker(true, pcmu)
	quick := desksetTalker(map[string]string{"packet_time": "10"})
	for _, r := range []struct {
		name      string
		near, far talker
	}{
		{"Deskset-Deskset-20ms", ours, ours},
		{"Deskset-Deskset-10ms", quick, quick},
		{"Deskset-tuned-20ms", ours, tuned},
		{"tuned-Deskset-20ms", tuned, ours},
		{"tuned-tuned-20ms", tuned, tuned},
		{"baresip-baresip-20ms", theirs, theirs},
	} {
		// Each row's sound server ends with it: an idle one costs half a processor.
		b.Run(r.name, func(b *testing.B) {
			for b.Loop() {
				got := mouthToEar(b, r.near, r.far, 40)
				b.Log(got)
				b.ReportMetric(inMs(got.P50), "p50-ms")
				b.ReportMetric(inMs(got.P95), "p95-ms")
				b.ReportMetric(float64(got.Lost), "lost")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// inMs is a time as the figures have it.
func inMs(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
