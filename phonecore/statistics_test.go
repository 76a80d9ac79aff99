package phonecore

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"deskset/audio"
	"deskset/phonecore/call"
	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/view"
	"deskset/provisioning/netstat"
)

// counter is an interface that receives a packet with each reading.
type counter struct {
	asked int
	name  string
	err   error
	link  netstat.Link
}

func (c *counter) read(name string) (netstat.Reading, error) {
	c.asked++
	c.name = name
	n := uint64(1000 + c.asked)
	return netstat.Reading{Interface: name, Counters: netstat.Counters{Received: n, Sent: 2 * n, Multicast: 50}, Link: c.link}, c.err
}

// onInterface runs a test with a phone on a counted interface. c belongs to the
// phone's workers: look at it from d.on.
func onInterface(t *testing.T, f func(d *desk, c *counter), more ...setup) {
	t.Helper()
	c := &counter{link: netstat.Link{Up: true, Duplex: netstat.DuplexFull, Speed: 100}}
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		f(d, c)
	}, append(more, func(config *Config) { config.NetStat = c.read })...)
}

func TestNetworkStatisticsCountFromPowerUpAndMoveWhileShown(t *testing.T) {
	onInterface(t, func(d *desk, c *counter) {
		d.wait(9 * time.Second)
		if c.asked != 1 || c.name != "eth0" {
			t.Fatalf("asked %d times for %q before the page", c.asked, c.name)
		}
		d.press(view.KeySettings, view.Key5, view.Key2)
		d.expect("menu.status.network", "Rcv 1\n", "Xmit 2\n", "REr 0\n", "BCast 0 (multicast)", "State Phone Initialized",
			"Elapsed Time 0 d 00:00:10", "Port 0 Full, 100", "Port 1 not applicable", "Interface eth0")
		d.wait(3 * time.Second)
		d.expect("menu.status.network", "Rcv 4\n", "00:00:13")
		d.soft("Exit")
		asked := c.asked
		d.wait(time.Hour)
		if c.asked != asked {
			t.Errorf("read %d times while nobody looked", c.asked-asked)
		}
	})
}

func TestPageBelowAnotherIsNotRefreshed(t *testing.T) {
	onInterface(t, func(d *desk, c *counter) {
		d.press(view.KeySettings, view.Key5, view.Key2)
		d.press(view.KeyInfo, view.KeyMute) // help over it
		d.expect("help")
		asked := c.asked
		d.wait(time.Minute)
		if c.asked != asked {
			t.Error("read below the help")
		}
		d.soft("Back")
		d.soft("Exit")
		if d.wait(time.Second); len(d.phone.live.pages) != 0 {
			t.Error("the page is still kept")
		}
	})
}

func TestNetworkStatisticsAreHonest(t *testing.T) {
	onInterface(t, func(d *desk, c *counter) {
		d.on(func() { c.err, d.phone.network.now = errors.New("no such interface"), netstat.Reading{} })
		d.press(view.KeySettings, view.Key5, view.Key2)
		d.expect("menu.status.network", "Rcv not available", "Port 0 not available", "Interface not available")
	})
	for link, want := range map[netstat.Link]string{
		{}:         "Down",
		{Up: true}: "Up",
		{Up: true, Duplex: netstat.DuplexHalf, Speed: 10}: "Half, 10",
		{Up: true, Speed: 866}:                            "Up, 866",
	} {
		if got := linkText(link); got != want {
			t.Errorf("%+v: %q, want %q", link, got, want)
		}
	}
	if got := elapsed(3*24*time.Hour + 4*time.Hour + 5*time.Minute + 6*time.Second); got != "3 d 04:05:06" {
		t.Error(got)
	}
}

func TestPhoneStateTellsTheLastTrouble(t *testing.T) {
	onInterface(t, func(d *desk, _ *counter) {
		state := func(r sipua.Registration) (s string) {
			r.Line = 1
			d.on(func() { d.phone.noteState(r); s = d.phone.network.state })
			return s
		}
		for _, step := range []struct {
			r    sipua.Registration
			want string
		}{
			{sipua.Registration{State: sipua.RegOK, Code: 200}, "Phone Initialized"},
			{sipua.Registration{State: sipua.RegFailed, Code: 408}, "No answer (UDP)"},
			{sipua.Registration{State: sipua.RegOK, Code: 200}, "No answer (UDP)"},
			{sipua.Registration{State: sipua.RegRejected, Code: 403}, "Error Code 403"},
		} {
			if got := state(step.r); got != step.want {
				t.Errorf("%+v: %q, want %q", step.r, got, step.want)
			}
		}
	})
	onInterface(t, func(d *desk, _ *counter) {
		d.on(func() {
			d.phone.noteState(sipua.Registration{Line: 1, State: sipua.RegFailed, Code: 408})
			if d.phone.network.state != "TCP Timeout" {
				t.Error(d.phone.network.state)
			}
		})
	}, withFlags("sip_transport", "tcp"))
}

// calling has a call up on line 1 with the first stream.
func (d *desk) calling() {
	d.t.Helper()
	d.wait(time.Second)
	ada := d.peer()
	d.press(view.KeySpeaker)
	d.phone.Type("sip:ada@192.0.2.9\r")
	ada.Reply(ada.Await("INVITE"), 200, siptest.SDP(peerSDP))
	ada.Await("ACK")
	d.expect("connected")
}

func TestTheInfoKeyTwiceInACallShowsItsStatistics(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.press(view.KeyInfo, view.KeyInfo)
		d.expect("idle") // no call: it gives up the help
		d.calling()
		d.on(func() {
			s := d.voice.streams[0]
			s.received = 900
			s.stats = audio.Stats{
				PacketsSent: 1000, BytesSent: 172000, PacketsLost: 100, PacketsLate: 9, Concealed: 140, Jitter: 3 * time.Millisecond,
				BufferDepth: 60 * time.Millisecond, LevelOut: -21, LevelIn: -127, Send: audio.Format{Codec: "PCMU"}, LastReceived: 20 * time.Millisecond,
			}
		})
		d.press(view.KeyInfo, view.KeyInfo)
		d.expect("menu.call.statistics", "Call with", "Codec sent PCMU, 20 ms", "Codec received not known", "Sent 1000 packets, 172 kB", "Received 900 packets",
			"Lost 100 (10.0 %)", "Late 9 (1.0 %)", "Made up 140 ms", "Jitter 3 ms", "Buffer 60 ms", "Round trip not known",
			"Level sent -21 dBm0", "Level received silence", "Last packet 0.0 s ago")
		d.on(func() { d.voice.streams[0].received = 950 })
		d.wait(time.Second)
		d.expect("menu.call.statistics", "Received 950 packets")
		d.press(view.Key1)
		d.expect("menu.status.audiopath")
		d.soft("Back")
		d.soft("Back")
		d.expect("connected")
		d.press(view.KeyInfo, view.KeyInfo)
		d.on(func() { d.phone.endAllCalls() })
		d.wait(2 * time.Second)
		d.expect("menu.call.statistics", "The call has ended", "Received 950 packets")
		d.soft("Back")
		d.expect("idle")
	})
}

// probed is a voice that knows its devices.
type probed struct {
	*voice
	hops audio.Hops
}

func (p *probed) Hops() audio.Hops {
	p.hops.Microphone.Samples += 48000
	p.hops.Ear.Samples += 48000
	return p.hops
}

func TestWhereIsTheAudioFollowsTheCall(t *testing.T) {
	engine := &probed{hops: audio.Hops{
		Microphone: audio.Hop{Device: "USB Mic", Level: -30, Peak: -20}, Ear: audio.Hop{Device: "USB Speaker", Level: -25, Peak: -20},
	}}
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key5, view.Key5)
		d.expect("menu.status.audiopath", "No call is up")
		d.soft("Back")
		d.soft("Back")
		d.soft("Exit")
		d.calling()
		d.press(view.KeyInfo, view.KeyInfo, view.Key1)
		d.expect("menu.status.audiopath", "All is well", "Microphone: USB Mic, -30 dBm0", "speaker: USB Speaker, -25 dBm0, volume 10 of 15")
		d.wait(2 * time.Second)
		d.expect("menu.status.audiopath", "The phone sends no packets", "> RTP sent: 0 (+0)")
		flows := func(seconds int) {
			for range seconds {
				d.on(func() {
					s := d.voice.streams[0]
					s.stats.PacketsSent += 50
					s.received += 50
					s.stats.PeakIn = -20
				})
				d.wait(time.Second)
			}
		}
		flows(3)
		d.expect("menu.status.audiopath", "All is well", "RTP sent: 150 (+50)")
		d.press(view.KeyMute)
		d.expect("menu.status.audiopath", "All is well") // until the next look
		flows(1)
		d.expect("menu.status.audiopath", "Your microphone is muted", "> Microphone: USB Mic, -30 dBm0, muted")
		d.press(view.KeyMute)
		d.on(func() { engine.hops.Ear.Underruns = 3 })
		flows(1)
		d.expect("menu.status.audiopath", "All is well", "speaker: USB Speaker, -25 dBm0, gaps: 3, volume 10 of 15")
		d.on(func() { engine.hops.Microphone.Peak = -127 })
		flows(12)
		d.expect("menu.status.audiopath", "The microphone USB Mic gives silence")
		d.on(func() { engine.hops.Microphone = audio.Hop{Err: errors.New("unplugged")} })
		flows(1)
		d.expect("menu.status.audiopath", "No microphone works: unplugged", "> Microphone: none")
	}, func(c *Config) {
		plain := c.Audio
		c.Audio = func(notify func(audio.Notice)) (audio.Engine, error) {
			e, err := plain(notify)
			engine.voice = e.(*voice)
			return engine, err
		}
	})
}

// TestOneSentenceNamesTheBrokenHop: from a call in which all is well, each row
// of the table breaks one thing.
func TestOneSentenceNamesTheBrokenHop(t *testing.T) {
	for want, breaks := range map[string]func(*voiceFacts){
		"All is well":                          func(*voiceFacts) {},
		"no sound at all":                      func(f *voiceFacts) { f.engine = false },
		"No call is up":                        func(f *voiceFacts) { f.call = false },
		"not answered yet":                     func(f *voiceFacts) { f.state = call.Calling },
		"You have put the call on hold":        func(f *voiceFacts) { f.state = call.Held },
		"The far side has put you on hold":     func(f *voiceFacts) { f.heldByPeer = true },
		"agreed to send nothing":               func(f *voiceFacts) { f.direction = audio.Inactive },
		"does not want to hear":                func(f *voiceFacts) { f.direction = audio.RecvOnly },
		"said that it sends nothing":           func(f *voiceFacts) { f.direction = audio.SendOnly },
		"No microphone works: plug one in":     func(f *voiceFacts) { f.mic.Device = "" },
		"No microphone works: no right":        func(f *voiceFacts) { f.mic = audio.Hop{Err: errors.New("no right")} },
		"Nothing can play the voice: lost":     func(f *voiceFacts) { f.ear = audio.Hop{Err: errors.New("lost\n\x1b[2J")} },
		"The microphone Mic has stopped":       func(f *voiceFacts) { f.micMoved = 0 },
		"The loudspeaker Ear has stopped":      func(f *voiceFacts) { f.earMoved = 0 },
		"The phone sends no packets":           func(f *voiceFacts) { f.sent = 0 },
		"Nothing comes from 192.0.2.9:40000":   func(f *voiceFacts) { f.stats.PacketsReceived, f.received = 0, 0 },
		"from 192.0.2.9:40000 for 7 s":         func(f *voiceFacts) { f.stats.LastReceived = 7 * time.Second },
		"loses 25 %":                           func(f *voiceFacts) { f.received, f.lost = 75, 25 },
		"Your microphone is muted":             func(f *voiceFacts) { f.muted = true },
		"volume is at its lowest":              func(f *voiceFacts) { f.volume = 0 },
		"The microphone Mic gives silence":     func(f *voiceFacts) { f.micPeak = -90 },
		"Packets come, but there is silence":   func(f *voiceFacts) { f.farPeak = -127 },
		"Nothing comes from 192.0.2.9:40000: ": func(f *voiceFacts) { f.stats.PacketsReceived, f.muted, f.volume = 0, true, 0 }, // the worst first
	} {
		f := wellFacts()
		breaks(&f)
		if says, _ := f.diagnose(); !strings.Contains(says, want) || strings.Contains(says, "%!") || strings.ContainsAny(says, "\n\x1b") {
			t.Errorf("want %q, is %q", want, says)
		}
	}
	// What is no fault.
	for name, change := range map[string]func(*voiceFacts){
		"a pause":             func(f *voiceFacts) { f.talked, f.heard, f.micPeak, f.farPeak = time.Second, time.Second, -127, -127 },
		"the first look":      func(f *voiceFacts) { f.watched, f.sent, f.micMoved, f.earMoved = 0, 0, 0, 0 },
		"a device that opens": func(f *voiceFacts) { f.watched, f.mic, f.ear = 0, audio.Hop{}, audio.Hop{} },
		"just answered":       func(f *voiceFacts) { f.stats.PacketsReceived, f.linked, f.heard = 0, time.Second, 0 },
		"devices are not known": func(f *voiceFacts) {
			f.probed, f.mic, f.ear, f.micMoved, f.earMoved = false, audio.Hop{}, audio.Hop{}, 0, 0
		},
		"a little loss": func(f *voiceFacts) { f.received, f.lost = 200, 10 },
	} {
		f := wellFacts()
		change(&f)
		if says, wrong := f.diagnose(); !strings.Contains(says, "All is well") || wrong != [numHops]bool{} {
			t.Errorf("%s: %q, %v", name, says, wrong)
		}
	}
	// Every other broken hop is marked as well.
	f := wellFacts()
	f.lost, f.muted = f.received, true
	if _, wrong := f.diagnose(); fmt.Sprint(wrong) != "[false true false false true false false false]" {
		t.Error(wrong)
	}
}

func TestEveryFaultHasATest(t *testing.T) {
	if got := len(voiceFaults); got != 20 {
		t.Errorf("%d rows: add the new one to TestOneSentenceNamesTheBrokenHop", got)
	}
}

// wellFacts is a call in which all is well.
func wellFacts() voiceFacts {
	return voiceFacts{
		engine: true, probed: true, mic: audio.Hop{Device: "Mic"}, ear: audio.Hop{Device: "Ear"}, volume: 10,
		call: true, state: call.Connected, stats: audio.Stats{PacketsReceived: 500, LastReceived: 20 * time.Millisecond, Remote: netip.MustParseAddrPort("192.0.2.9:40000")},
		watched: 5 * time.Second, sent: 50, received: 250, micMoved: 48000, earMoved: 48000, micPeak: -20, farPeak: -20,
		talked: time.Minute, heard: time.Minute, linked: time.Minute,
	}
}
