package phonecore

import (
	"testing"
	"time"

	"deskset/audio"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/view"
)

func heardStats() audio.Stats {
	return audio.Stats{
		PacketsSent: 101, OctetsSent: 16160, OctetsReceived: 15040, PacketsLost: 3, PacketsLate: 2, JitterTicks: 17,
		Sending: 2900 * time.Millisecond, Receiving: 2100 * time.Millisecond, RoundTrip: 40 * time.Millisecond,
		Quality: audio.Quality{
			Known: true, Rating: 83.4, MOSLQ: 4.14, MOSCQ: 4.06, OneWay: 75 * time.Millisecond,
			Burst: audio.Period{Mean: 80 * time.Millisecond, Density: 75}, Gap: audio.Period{Mean: 900 * time.Millisecond, Density: 0.5},
		},
		Far: audio.Far{Reported: true, Lost: 7, Loss: 1.5, Jitter: 4 * time.Millisecond, Metrics: true, MOSLQ: 3.9, MOSCQ: 3.8, Rating: 77},
	}
}

// TestHowACallSoundsIsShown in the call and, from the menu, when it is over.
func TestHowACallSoundsIsShown(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.press(view.KeySettings, view.Key5, view.Key7)
		d.expect("menu.call.statistics", "There has been no call")
		d.soft("Back")
		d.press(view.KeySettings)
		d.calling()
		d.on(func() { d.voice.streams[0].stats = heardStats() })
		d.press(view.KeyInfo, view.KeyInfo)
		want := []string{"MOS here 4.1 / 4.1 (R 83)", "MOS far end 3.9 / 3.8 (R 77)", "Bursts 80 ms, 75.0 %", "Between 900 ms, 0.5 %",
			"Mouth to ear 75 ms", "Far lost 7 (1.5 %)", "Far jitter 4 ms", "Round trip 40 ms"}
		d.expect("menu.call.statistics", want...)
		d.soft("Back")
		d.on(func() { d.phone.endAllCalls() })
		d.wait(time.Second)
		d.press(view.KeySettings, view.Key5, view.Key7)
		d.expect("menu.call.statistics", append(want, "Call with ada@192.0.2.9")...)
	})
}

// TestCallStatsAtTheEndOfACall: call_stats adds the two fields to our BYE and to
// the answer to the peer's; without it there are none.
func TestCallStatsAtTheEndOfACall(t *testing.T) {
	const rx, tx = "Dur=2,Pkt=94,Oct=15040,LatePkt=2,LostPkt=3,AvgJit=17", "Dur=2,Pkt=101,Oct=16160"
	for _, on := range []string{"0", "1"} {
		for _, byPeer := range []bool{false, true} {
			onDesk(t, func(d *desk) {
				d.wait(time.Second)
				ada := d.peer()
				d.press(view.KeySpeaker)
				d.phone.Type("sip:ada@192.0.2.9\r")
				invite := ada.Await("INVITE")
				ok := ada.Reply(invite, 200, siptest.SDP(peerSDP))
				ada.Await("ACK")
				d.on(func() { s := d.voice.streams[0]; s.received = 94; s.stats = heardStats() })
				var got, sent string
				if byPeer {
					ada.SendTo(phoneAddr, ada.Within(invite, ok, "BYE"))
					res := ada.Await("200")
					got, sent = res.Header.Get("RTP-RxStat"), res.Header.Get("RTP-TxStat")
				} else {
					d.soft("EndCall")
					bye := ada.Await("BYE")
					ada.Reply(bye, 200)
					got, sent = bye.Header.Get("RTP-RxStat"), bye.Header.Get("RTP-TxStat")
				}
				want := [2]string{}
				if on == "1" {
					want = [2]string{rx, tx}
				}
				if got != want[0] || sent != want[1] {
					t.Errorf("call_stats %s, ended by the peer %v: %q %q", on, byPeer, got, sent)
				}
			}, withFlags("call_stats", on))
		}
	}
}
