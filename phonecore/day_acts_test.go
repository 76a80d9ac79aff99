package phonecore

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"deskset/audio"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/view"
	"deskset/provisioning/dhcp/fakeserver"
)

// kindsOfCalls are the calls of a working day. After those that somebody answers
// the call is up.
var kindsOfCalls = []act{
	{"placed", 20, func(d *day) { d.place("answer") }},
	{"placed by its number", 15, func(d *day) { d.dialNumber("2001") }},
	{"redialled", 4, func(d *day) { d.press(view.KeySpeaker); d.try("Redial"); d.wait(time.Second) }},
	{"taken", 25, func(d *day) { d.rings(); d.try("Answer"); d.wait(time.Second) }},
	{"taken by the handset", 8, func(d *day) { d.rings(); d.press(view.KeyHandset); d.wait(time.Second) }},
	{"missed", 5, func(d *day) { d.rings(); d.wait(10 * time.Second); d.robot.giveUp() }},
	{"rejected", 3, func(d *day) { d.rings(); d.try("Reject") }},
	{"forwarded", 2, func(d *day) { d.try("CFwdAll"); d.dial("2001"); d.try("Validate"); d.rings(); d.try("CFwdAll") }},
	{"not to be disturbed", 2, func(d *day) { d.try("DND"); d.rings(); d.try("DND") }},
	{"busy", 4, func(d *day) { d.place("busy"); d.some(35) }},
	{"not found", 3, func(d *day) { d.place("status-404"); d.some(10) }},
	{"declined", 2, func(d *day) { d.place("status-603") }},
	{"unavailable", 2, func(d *day) { d.place("status-503"); d.some(10) }},
	{"nobody there", 2, func(d *day) { d.newCall(); d.phone.Type("sip:ada@192.0.2.77"); d.try("Dial"); d.some(90) }},
	{"never answered", 1, func(d *day) { d.place("silent"); d.some(300) }},
	{"given up", 4, func(d *day) { d.place("ring"); d.some(20); d.try("EndCall") }},
	{"picked up late", 6, func(d *day) { d.dialNumber("2002"); d.some(20); d.robot.pickUp(); d.wait(time.Second) }},
	{"announced", 4, func(d *day) { d.dialNumber("2003"); d.dial("1"); d.some(10); d.robot.pickUp(); d.wait(time.Second) }},
	{"given up as it is answered", 3, func(d *day) { d.place("ring"); d.robot.pickUp(); d.try("EndCall") }},
	{"answered as it is given up", 3, (*day).answerLate},
	{"with a wrong password", 1, (*day).refused},
	{"without a server", 1, (*day).serverless},
	{"to ourselves", 2, func(d *day) {
		d.press(view.KeyLine2)
		d.dial("5551212#")
		d.wait(time.Second)
		d.try("Answer")
		d.some(5)
	}},
}

// some lets up to so many seconds pass.
func (d *day) some(seconds int) { d.wait(time.Duration(d.r.IntN(seconds*1000)) * time.Millisecond) }

func (d *day) dialNumber(number string) {
	d.press([]view.Key{view.KeySpeaker, view.KeyHandset, view.KeyHeadset}[d.r.IntN(3)])
	d.dial(number + "#")
	d.wait(time.Second)
}

// rings lets the robot call one of the lines.
func (d *day) rings() {
	d.robot.call([]string{"5551212", "5551213"}[d.r.IntN(2)], d.addr)
	d.wait(time.Second)
}

// answerLate takes a call in the moment in which the caller gives it up.
func (d *day) answerLate() {
	d.rings()
	d.robot.giveUp()
	d.press(view.KeySoft1)
	d.wait(time.Second)
	d.robot.each("BYE", "") // as who has given up does
}

func (d *day) refused() {
	for _, user := range []string{"5551212", "5551213"} {
		d.net.proxy.SetPassword(user, "another")
		defer d.net.proxy.SetPassword(user, "s3cret-canary")
	}
	d.dialNumber("2001")
	d.some(10)
}

func (d *day) serverless() {
	d.net.proxy.Transport().SetDown(true)
	d.dialNumber("2001")
	d.some(90)
}

// middles are what happens in a call.
var middles = []act{
	{"time", 10, func(d *day) { d.some(30) }},
	{"hold", 10, func(d *day) { d.try("Hold"); d.some(10); d.try("Resume") }},
	{"digits", 10, func(d *day) { d.dial("19#*0") }},
	{"mute", 4, func(d *day) { d.press(view.KeyMute); d.some(5) }},
	{"volume", 4, func(d *day) { d.press(view.KeyVolumeUp, view.KeyVolumeUp, view.KeyVolumeDown, view.KeyVolumeDown) }},
	{"another path", 4, (*day).changePath},
	{"settings", 3, (*day).browse},
	{"directories", 3, func(d *day) {
		d.press(view.KeyDirectories, view.Key1+view.Key(d.r.IntN(4)), view.KeyScrollDown, view.KeyDirectories)
	}},
	{"services", 3, func(d *day) { d.press(view.KeyServices); d.wait(time.Second); d.press(view.KeyServices) }},
	{"help", 2, func(d *day) {
		d.press(view.KeyInfo, view.KeyMute, view.KeyInfo, view.KeyInfo)
		d.some(5)
		d.leaveMenus()
	}},
	{"recording", 3, func(d *day) { d.try("Record"); d.wait(time.Second); d.sound.run(); d.stopTape() }},
	{"held by them", 5, func(d *day) { d.robot.each("INVITE", "sendonly"); d.some(20); d.robot.each("INVITE", "sendrecv") }},
	{"their offer wanted", 2, func(d *day) { d.robot.each("INVITE", "") }},
	{"both hold at once", 3, func(d *day) { d.robot.each("INVITE", "inactive"); d.try("Hold"); d.some(5); d.try("Resume") }},
	{"update", 2, func(d *day) { d.robot.each("UPDATE", "recvonly"); d.some(5); d.robot.each("UPDATE", "sendrecv") }},
	{"conference", 4, func(d *day) { d.try("Confrn"); d.place("answer"); d.try("Confrn"); d.some(10) }},
	{"conference that is left", 1, func(d *day) {
		d.try("Confrn")
		d.place("answer")
		d.try("Confrn")
		d.try("RmLast")
	}},
	{"conference with nobody", 1, func(d *day) { d.try("Confrn"); d.place("busy"); d.try("EndCall"); d.try("Resume") }},
	{"attended transfer", 4, func(d *day) { d.try("Trnsfer"); d.place("answer"); d.try("Trnsfer"); d.some(5) }},
	{"transfer while it rings", 2, func(d *day) { d.try("Trnsfer"); d.place("ring"); d.try("Trnsfer"); d.some(5) }},
	{"transfer that is thought better of", 2, func(d *day) { d.try("Trnsfer"); d.place("ring"); d.try("Cancel"); d.some(5) }},
	{"blind transfer", 4, func(d *day) { d.blind("answer") }},
	{"blind transfer to somebody busy", 3, func(d *day) { d.blind("busy") }},
	{"transferred", 3, func(d *day) { d.robot.transfer("sip:answer@" + peerAddr); d.some(20) }},
	{"transferred to somebody busy", 2, func(d *day) { d.robot.transfer("sip:busy@" + peerAddr); d.some(20) }},
	{"call waiting", 4, func(d *day) { d.rings(); d.try("Answer"); d.some(10); d.try("EndCall"); d.try("Resume") }},
	{"call waiting, and left", 3, func(d *day) { d.rings(); d.some(10); d.robot.giveUp() }},
	{"headset pulled out", 4, (*day).pull},
	{"another address", 3, (*day).otherAddress},
	{"no network", 3, (*day).noNetwork},
	{"sleep", 3, (*day).sleep},
	{"server starts anew", 3, (*day).serverAnew},
	{"far end dies", 2, func(d *day) { d.robot.leave(); d.some(10) }},
}

// changePath goes to the headset, or from there to the loudspeaker.
func (d *day) changePath() {
	key := view.KeyHeadset
	if d.heard().path == audio.PathHeadset {
		key = view.KeySpeaker
	}
	d.press(key)
}

func (d *day) stopTape() {
	d.try("StopRec")
	d.wait(time.Second)
}

func (d *day) blind(user string) {
	d.try("BlndXfr")
	d.phone.Type(fmt.Sprintf("sip:%s@%s", user, peerAddr))
	d.try("Dial")
	d.some(10)
}

// browse walks through settings and leaves them.
func (d *day) browse() {
	d.press(view.KeySettings)
	for range d.r.IntN(8) {
		d.press([]view.Key{view.KeySoft1, view.KeyScrollDown, view.KeyScrollDown, view.Key5}[d.r.IntN(4)])
	}
	d.some(5)
	d.leaveMenus()
}

func (d *day) leaveMenus() {
	for range 10 {
		open := false
		d.on(func() { open = len(d.phone.pages) > 0 })
		if !open {
			return
		}
		d.press(view.KeySettings)
	}
	d.t.Errorf("no way out of %q", d.view().Screen.Name)
}

// pull unplugs the headset, and plugs it in again.
func (d *day) pull() {
	for _, capture := range []bool{false, true} {
		d.sound.notify(audio.Notice{Role: audio.RoleHeadset, Capture: capture, Device: "Built-in", Err: errors.New("unplugged")})
	}
	d.some(20)
	for _, capture := range []bool{false, true} {
		d.sound.notify(audio.Notice{Role: audio.RoleHeadset, Capture: capture, Device: "USB"})
	}
	d.wait(time.Second)
}

// otherAddress gives the host another address; a phone on a cable of its own has
// that pulled out for a moment.
func (d *day) otherAddress() {
	if d.cable != nil {
		d.cable.port.Set(false)
		d.some(20)
		d.cable.port.Set(true)
		d.some(10)
		return
	}
	d.host = 100 + (d.host+1)%100
	d.addr = fmt.Sprintf("192.0.2.%d:5060", d.host)
	d.move(d.addr)
	d.some(10)
}

// noNetwork pulls the cable for a time. Nobody says so; that it is back is told.
func (d *day) noNetwork() {
	d.net.Drop(func(siptest.Entry) bool { return true })
	d.some(90)
	d.net.Drop(nil)
	d.move("")
	d.some(10)
}

// sleep shuts the lid for up to two hours: of these the phone's timers know
// nothing (CLOCK_MONOTONIC stands still), the wall and the registrar do.
func (d *day) sleep() {
	d.wall.slept.Add(int64(time.Duration(d.r.IntN(7200)) * time.Second))
	d.forgetUs()
	d.move("")
	d.some(10)
}

// serverAnew: the server is gone for a while and has lost whom it knew.
func (d *day) serverAnew() {
	d.net.proxy.Transport().SetDown(true)
	d.some(60)
	d.forgetUs()
	d.net.proxy.Transport().SetDown(false)
}

func (d *day) forgetUs() {
	for _, user := range []string{"5551212", "5551213"} {
		d.net.proxy.Forget(user)
	}
}

// pauses are what happens between calls.
var pauses = []act{
	{"lunch", 4, func(d *day) { d.some(3600) }},
	{"another address", 3, (*day).otherAddress},
	{"many addresses", 1, func(d *day) {
		for range 20 {
			d.otherAddress()
		}
	}},
	{"no network", 3, (*day).noNetwork},
	{"sleep", 4, (*day).sleep},
	{"server starts anew", 3, (*day).serverAnew},
	{"settings", 3, (*day).browse},
	{"a line opened and closed", 3, func(d *day) { d.press(view.KeySpeaker); d.some(40); d.press(view.KeySpeaker) }},
	{"headset pulled out", 2, (*day).pull},
	{"restart", 2, func(d *day) { d.again(restartRestart, false) }},
	{"reset", 1, func(d *day) { d.again(restartReset, false) }},
	{"restart without its files", 2, func(d *day) { d.again(restartRestart, true) }},
	{"reset without its files", 1, func(d *day) { d.again(restartReset, true) }},
	{"no lease", 1, (*day).noLease},
	{"links that are clicked", 1, func(d *day) {
		for _, text := range slices.Repeat([]string{"tel:+497215550123", "\x1b"}, 5) {
			d.phone.Type(text)
		}
	}},
}

// noLease: the DHCP server is gone until the phone's address is, too.
func (d *day) noLease() {
	if d.cable == nil {
		return
	}
	d.cable.dhcp.SetFault(fakeserver.Silent)
	d.wait(70 * time.Minute)
	d.cable.dhcp.SetFault(0)
	d.wait(15 * time.Minute) // the longest pauses are 10 and 5
}

// again begins the start-up anew, and once more with its files if they were gone.
// The phone's address is the first one then.
func (d *day) again(kind restartKind, dead bool) {
	d.addr, d.host = phoneAddr, 44
	d.files.dead.Store(dead)
	d.on(func() { d.phone.wantRestart(kind, "test") })
	d.wait(2 * time.Minute)
	if dead {
		d.files.dead.Store(false)
		d.on(func() { d.phone.wantRestart(kind, "test") })
		d.wait(2 * time.Minute)
	}
}
