package main

import "slices"

// Packages whose benchmarks the rows name.
const (
	programs = "app/interop "
	codecs   = "audio/codec "
	echo     = "audio/echo "
	buffer   = "audio/stream/jitter "
	display  = "faceplate/lcd "
)

// Units of benchmarks in other units.
const (
	nsToMs = 1e-6
	nsToUs = 1e-3
)

// rows is every figure that an issue gives a target, and every one that a peer
// on this machine can be compared with.
var rows = slices.Concat(startRows, callRows, voiceRows, codecRows(), costRows(), faceRows, fileRows)

var startRows = []row{
	{what: "process start to the idle screen, lab, `-fast`, terminal", issue: 2, unit: "ms", scale: nsToMs, ours: programs + "StartToIdle ns/op"},
	{what: "the same with the window under Xvfb", issue: 2, unit: "ms", scale: nsToMs, ours: programs + "StartToIdleWindow ns/op"},
	{what: "start-up with the lab beyond the lamp show", issue: 4, unit: "ms", goal: most(1000), ours: programs + "StartUpWork ms/start"},
	{what: "the same without ARP's probe of the address", issue: 4, unit: "ms", ours: programs + "StartUpWork ms/start-without-IP"},
	{what: "process start to the 200 of REGISTER, Kamailio", issue: 6, unit: "ms",
		ours: programs + "BesideBaresip register-deskset-ms", peer: "baresip", theirs: programs + "BesideBaresip register-baresip-ms"},
	{what: "first REGISTER to its 200, challenge included", issue: 2, unit: "ms",
		ours: programs + "BesideBaresip challenged-deskset-ms", peer: "baresip", theirs: programs + "BesideBaresip challenged-baresip-ms"},
}

var callRows = []row{
	{what: "INVITE received to 180 sent", issue: 6, unit: "ms", goal: most(0.5),
		ours: programs + "BesideBaresip ring-deskset-ms", peer: "baresip", theirs: programs + "BesideBaresip ring-baresip-ms"},
	{what: "answer sent to the first RTP sent", issue: 6, unit: "ms", goal: most(4.6),
		ours: programs + "BesideBaresip answer-rtp-deskset-ms", peer: "baresip", theirs: programs + "BesideBaresip answer-rtp-baresip-ms"},
	{what: "200 received to the first RTP sent", issue: 6, unit: "ms", goal: most(8),
		ours: programs + "BesideBaresip ack-rtp-deskset-ms", peer: "baresip", theirs: programs + "BesideBaresip ack-rtp-baresip-ms"},
}

var voiceRows = []row{
	{what: "mouth to ear, 20 ms packets, median", issue: 7, unit: "ms", goal: most(40),
		ours: programs + "MouthToEar/Deskset-Deskset-20ms p50-ms", peer: "baresip, tuned", theirs: programs + "MouthToEar/tuned-tuned-20ms p50-ms"},
	{what: "the same, 95 % within", issue: 7, unit: "ms", goal: most(40),
		ours: programs + "MouthToEar/Deskset-Deskset-20ms p95-ms", peer: "baresip, tuned", theirs: programs + "MouthToEar/tuned-tuned-20ms p95-ms"},
	{what: "mouth to ear, 20 ms packets, median", issue: 7, unit: "ms",
		ours: programs + "MouthToEar/Deskset-Deskset-20ms p50-ms", peer: "baresip, as it comes", theirs: programs + "MouthToEar/baresip-baresip-20ms p50-ms"},
	{what: "mouth to ear, 10 ms packets, median", issue: 7, unit: "ms", goal: most(25), ours: programs + "MouthToEar/Deskset-Deskset-10ms p50-ms"},
	{what: "the same, 95 % within", issue: 7, unit: "ms", goal: most(25), ours: programs + "MouthToEar/Deskset-Deskset-10ms p95-ms"},
	{what: "Deskset to baresip, tuned, 20 ms, median", issue: 7, unit: "ms", ours: programs + "MouthToEar/Deskset-tuned-20ms p50-ms"},
	{what: "baresip, tuned, to Deskset, 20 ms, median", issue: 7, unit: "ms", ours: programs + "MouthToEar/tuned-Deskset-20ms p50-ms"},
	{what: "jitter buffer on a quiet network, beyond the packet", issue: 7, unit: "ms", goal: most(5), ours: buffer + "Impairment/PCMU quiet-delay-ms"},
	{what: "jitter buffer on the worst other network, beyond P97 + 5 ms", issue: 7, unit: "ms", goal: most(0), ours: buffer + "Impairment/PCMU beyond-P97+5-ms"},
	{what: "longest gap at 5 % loss", issue: 7, unit: "ms", goal: most(60), ours: buffer + "Impairment/PCMU gap-5%-bursts-of-1-ms"},
	{what: "the same, lost in twos", issue: 7, unit: "ms", goal: most(60), ours: buffer + "Impairment/PCMU gap-5%-bursts-of-2-ms"},
	{what: "concealment of 3 % loss (no PESQ here)", issue: 7, unit: "STOI", goal: leastPeer, ours: buffer + "Spandsp STOI-3%", peer: "spandsp", theirs: buffer + "Spandsp spandsp-STOI-3%"},
	{what: "concealment of 5 % loss", issue: 7, unit: "STOI", goal: leastPeer, ours: buffer + "Spandsp STOI-5%", peer: "spandsp", theirs: buffer + "Spandsp spandsp-STOI-5%"},
	{what: "concealment of 10 % loss", issue: 7, unit: "STOI", goal: leastPeer, ours: buffer + "Spandsp STOI-10%", peer: "spandsp", theirs: buffer + "Spandsp spandsp-STOI-10%"},
	{what: "echo cancellation, processor for 10 ms (speexdsp at 16 kHz alone)", issue: 7, unit: "µs", goal: most(300),
		ours: echo + "Canceller/deskset cpu-us/10ms", peer: "speexdsp", theirs: echo + "Canceller/speexdsp cpu-us/10ms"},
	{what: "echo left, delays of 20 to 150 ms, worst", issue: 7, unit: "ERLE dB", goal: least(30),
		ours: echo + "Scene/delay_* ERLE-dB", peer: "speexdsp", theirs: echo + "Scene/delay_* speexdsp-ERLE-dB"},
	{what: "echo left, all 12 scenes, worst", issue: 7, unit: "ERLE dB", goal: least(30),
		ours: echo + "Scene/* ERLE-dB", peer: "speexdsp", theirs: echo + "Scene/* speexdsp-ERLE-dB"},
	{what: "near end in double talk, all 12 scenes, worst", issue: 7, unit: "STOI", goal: least(0.95),
		ours: echo + "Scene/* STOI", peer: "speexdsp", theirs: echo + "Scene/* speexdsp-STOI"},
}

// libraries are what a codec's speed is compared with.
var libraries = []struct{ codec, library string }{
	{"PCMU", "spandsp"}, {"PCMA", "spandsp"}, {"G722", "spandsp"}, {"G729", "bcg729"}, {"opus", "libopus"},
}

// codecRows are the speed of each codec and what it allocates.
func codecRows() (rows []row) {
	for _, l := range libraries {
		var g goal
		if l.codec == "G729" {
			g = least(50)
		}
		rows = append(rows,
			row{what: l.codec + " encoder", issue: 7, unit: "x real time", goal: g, ours: codecs + "Encode/" + l.codec + " x-real-time",
				peer: l.library, theirs: codecs + "Library/" + l.codec + " encode-x-real-time"},
			row{what: l.codec + " decoder", issue: 7, unit: "x real time", goal: g, ours: codecs + "Decode/" + l.codec + " x-real-time",
				peer: l.library, theirs: codecs + "Library/" + l.codec + " decode-x-real-time"})
	}
	return append(rows,
		row{what: "allocations per packet, worst encoder", issue: 7, unit: "", goal: most(0), ours: codecs + "Encode/* allocs/op"},
		row{what: "allocations per packet, worst decoder", issue: 7, unit: "", goal: most(0), ours: codecs + "Decode/* allocs/op"})
}

// costRows are what a call costs, for the codecs that baresip has; for the
// others ours alone.
func costRows() (rows []row) {
	for _, c := range []string{"PCMU", "G.722", "Opus", "G.729"} {
		for _, f := range []struct{ what, unit, metric string }{
			{"processor", "%", "%cpu"}, {"memory beyond that of the idle phone", "MB", "MB/call"},
			{"memory of the process", "MB", "MB-in-call"}, {"thread switches", "1/s", "wakeups/s"},
		} {
			r := row{what: "a call with " + c + ": " + f.what, issue: 7, unit: f.unit, ours: programs + "CallCost/" + c + "/deskset " + f.metric}
			if c != "G.729" {
				r.peer, r.theirs = "baresip", programs+"CallCost/"+c+"/baresip "+f.metric
			}
			rows = append(rows, r)
		}
	}
	return rows
}

var faceRows = []row{
	{what: "drawing the LCD, slowest screen", issue: 3, unit: "ms", scale: nsToMs, goal: most(1), ours: display + "Draw/* ns/op"},
	{what: "the same, allocations", issue: 3, unit: "", ours: display + "Draw/* allocs/op"},
	{what: "the longest text that a view can hold", issue: 3, unit: "ms", scale: nsToMs, goal: most(1), ours: display + "DrawLongest ns/op"},
	{what: "key press to the picture of the LCD, no window", issue: 2, unit: "ms", scale: nsToMs, ours: "app PressToLCD ns/op"},
	{what: "key press to changed pixels of the LCD, Xvfb, median", issue: 3, unit: "ms", ours: programs + "PressToPixels p50-ms"},
	{what: "the same, 95 % within", issue: 3, unit: "ms", goal: most(50), ours: programs + "PressToPixels p95-ms"},
	{what: "idle, window open: processor", issue: 2, unit: "%", ours: programs + "Idle %cpu", peer: "empty Fyne window", theirs: programs + "Idle empty-window-%cpu"},
	{what: "the same, points beyond the empty window", issue: 3, unit: "%", goal: most(0.3), ours: programs + "Idle beyond-%cpu"},
	{what: "idle, window open: thread switches", issue: 3, unit: "1/s", ours: programs + "Idle wakeups/s", peer: "empty Fyne window", theirs: programs + "Idle empty-window-wakeups/s"},
	{what: "idle, window open: memory", issue: 2, unit: "MB", ours: programs + "Idle MB-resident"},
}

var fileRows = []row{
	{what: "SIPDefault.cnf and SIP<MAC>.cnf: read", issue: 4, unit: "MB/s", ours: "provisioning/cnf Parse/read MB/s"},
	{what: "the same, read and merged", issue: 4, unit: "µs", scale: nsToUs, ours: "provisioning/cnf Parse/readAndMerge ns/op"},
	{what: "SEP<MAC>.cnf.xml: read", issue: 4, unit: "MB/s", ours: "provisioning/cucm Parse MB/s"},
	{what: "dial plan of 51 rules: match", issue: 5, unit: "µs", scale: nsToUs, ours: "provisioning/dialplan Match ns/op"},
	{what: "image of 16 MB by TFTP from tftpd-hpa, digest and flash included", issue: 4, unit: "MB/s",
		ours: programs + "Upgrade/tftpd-hpa MB/s", peer: "curl, to a file", theirs: programs + "Upgrade/tftpd-hpa curl-MB/s"},
	{what: "the same from dnsmasq", issue: 4, unit: "MB/s",
		ours: programs + "Upgrade/dnsmasq MB/s", peer: "curl, to a file", theirs: programs + "Upgrade/dnsmasq curl-MB/s"},
	{what: "the same by HTTP", issue: 4, unit: "MB/s",
		ours: programs + "Upgrade/http MB/s", peer: "curl, to a file", theirs: programs + "Upgrade/http curl-MB/s"},
}
