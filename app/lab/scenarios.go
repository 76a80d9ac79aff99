package lab

import (
	"time"

	"deskset/app/lab/exchange"
	"deskset/provisioning/dhcp/fakeserver"
)

// fault is one row of the table of scenarios.
type fault struct {
	// name of the -lab-fault flag; does is what is wrong, shows what a phone
	// should make of it.
	name, does, shows string
	set               func(*illness)
}

// Measures of the faults.
const (
	slowBlock  = 200 * time.Millisecond
	lossShare  = 0.2 // of the packets, each way
	lossSeed   = 7960
	sizeLie    = 1000 // bytes
	flapTime   = 20 * time.Second
	noticeTime = 5 * time.Second
)

// rudeText is an error's text that would clear a terminal, colour it, forge a
// log line and hide what follows, where a phone does not clean it.
const rudeText = "\x1b[2J\x1b[31mno\x07 such\r\nlevel=INFO msg=\"all is well\"\x1b[8m file\x9b"

// faults is the one table of scenarios, in the order of a start-up.
var faults = []fault{
	{"no-switch", "no switch speaks CDP or LLDP-MED", "the Voice VLAN stage ends without a switch; the phone goes on untagged, or in its Admin. VLAN",
		func(i *illness) { i.net.noSwitch = true }},
	{"wrong-vlan", "the switch announces VLAN 4095, which is reserved", "Status Messages: the VLAN is invalid; the phone goes on untagged, or in its Admin. VLAN",
		func(i *illness) { i.net.vlan = 4095 }},
	{"dhcp-silent", "the DHCP server never answers", "Configuring IP for a while, then DHCP Timeout; the phone tries again by itself",
		func(i *illness) { i.net.dhcp |= fakeserver.Silent }},
	{"dhcp-nak", "the DHCP server refuses every REQUEST", "Configuring IP, then a message that the server refused; the phone tries again",
		func(i *illness) { i.net.dhcp |= fakeserver.NAK }},
	{"dhcp-duplicate", "a machine that answers ARP has each address offered already", "Duplicate IP; the phone declines and asks for another address",
		func(i *illness) { i.net.dhcp |= fakeserver.Duplicate }},
	{"dhcp-bootp", "the server answers as BOOTP does, without a message type and a lease time", "BOOTP Server Used; the start-up goes on",
		func(i *illness) { i.net.dhcp |= fakeserver.BOOTP }},
	{"dhcp-no-tftp", "the lease has no options 66 and 150", "a message that no TFTP server is known; the values stored in flash are used",
		func(i *illness) { i.net.dhcp |= fakeserver.NoOption }},

	{"tftp-timeout", "the TFTP port is open but nothing is ever answered", "TFTP Timeout; the values stored in flash are used",
		func(i *illness) { i.tftp.Silent = true }},
	{"tftp-error", "every TFTP request is answered by an error whose text holds escape sequences", "TFTP Error with a text of printable characters only",
		func(i *illness) { i.tftp.Error = rudeText }},
	{"tftp-size", "the size that the TFTP server tells is 1000 bytes more than it sends", "TFTP Size Error; the file is not used",
		func(i *illness) { i.tftp.Extra = sizeLie }},
	{"tftp-endless", "files sent by TFTP never end", "TFTP Size Error once the file is larger than any may be",
		func(i *illness) { i.tftp.Endless = true }},
	{"slow-tftp", "each block takes 200 ms", "Requesting Configuration for longer; all is well then",
		func(i *illness) { i.tftp.Delay = slowBlock }},
	{"lossy-tftp", "a fifth of the TFTP packets is lost, each way", "Requesting Configuration for longer; all is well then",
		func(i *illness) { i.tftp.Loss, i.tftp.Seed = lossShare, lossSeed }},

	{"no-files", "there is no file at all", "File Not Found for each; the values stored in flash are used",
		func(i *illness) { i.files.missing = everyFile }},
	{"missing-default-file", "there is no SIPDefault.cnf", "File Not Found: SIPDefault.cnf; the phone's own file is used alone",
		func(i *illness) { i.files.missing |= defaultFiles }},
	{"missing-phone-file", "there is no SIP<MAC>.cnf", "File Not Found: SIP<MAC>.cnf; no line is set up, or those of flash",
		func(i *illness) { i.files.missing |= phoneFiles }},
	{"bad-config", "the configuration files have errors of syntax, and values out of range", "Status Messages name file, line and what was kept; the lines register nevertheless",
		func(i *illness) { i.files.badConfig = true }},
	{"bad-image-name", "an upgrade is offered whose image names another file", "Upgrading Software, then Load ID Incorrect; the old image goes on",
		func(i *illness) { i.files.image = imageOfAnotherName }},
	{"truncated-image", "an upgrade is offered whose image is cut off", "Upgrading Software, then a message that the image is damaged; the old image goes on",
		func(i *illness) { i.files.image = imageCutOff }},
	{"corrupt-image", "an upgrade is offered whose image has one wrong bit", "Upgrading Software, then Checksum Error; the old image goes on",
		func(i *illness) { i.files.image = imageOneBitWrong }},

	{"registrar-down", "every REGISTER is answered 503 with Retry-After", "an x at the line's icon; Status Messages: not registered (503), next try",
		func(i *illness) { i.sip.Register = 503 }},
	{"registrar-flap", "the registrar is down (503) for 20 s, up for 20 s, and so on; registrations last 20 s", "the x at the line's icon comes and goes",
		func(i *illness) { i.sip.Register, i.sip.Flap, i.sip.Grant = 503, flapTime, flapTime }},
	{"auth-loop", "right credentials are answered 401 with stale=true, for ever", "the x at the line's icon; the phone gives up after a few answers and tries again later",
		func(i *illness) { i.sip.AuthLoop = true }},
	{"wrong-password", "no password is right: every answer to a challenge is challenged again", "Status Messages: wrong name or password (401)",
		func(i *illness) { i.sip.RejectAll = true }},
	{"proxy-silent", "the SIP ports are open but nothing is ever answered", "the x at the line's icon; Status Messages: no answer from the proxy",
		func(i *illness) { i.sip.Silent = true }},
	{"primary-down", "the first SIP server never answers, the backup does", "the lines register at the backup, and go back when the first one answers again",
		func(i *illness) { i.primarySilent = true }},
	{"servers-down", "no SIP server answers; a neighbour, on the third line key, and the emergency number 112 do", "the screen says that only direct and emergency calls work, and they do",
		func(i *illness) { i.serversDown = true }},

	{"check-sync", "5 s after registration the phone is told to compare syncinfo.xml, which has changed", "the phone restarts once it is idle",
		remind("check-sync", "")},
	{"reset", "5 s after registration the phone is told to reset", "Resetting; the phone starts anew once it is idle",
		remind("service-control", "reset")},
	{"restart", "5 s after registration the phone is told to restart", "the phone fetches its files again once it is idle",
		remind("service-control", "restart")},
}

// remind makes the set function of a fault that sends a NOTIFY. Each time the
// fault is set, it is sent anew.
func remind(event, action string) func(*illness) {
	return func(i *illness) {
		i.sip.Reminder = &exchange.Reminder{Notice: exchange.Notice{Event: event, Action: action}, After: noticeTime}
	}
}
