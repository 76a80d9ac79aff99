package siptest

import (
	"fmt"
	"strings"

	"deskset/phonecore/sipua/wire"
)

// Attack is what somebody sends who means no good: datagrams in their order.
type Attack struct {
	Name      string
	Datagrams []string
}

// Victim is who an attack is meant for: a user at host:port, and From, where
// the answers go. CallID and the tags place it within a call; empty ones make
// it begin calls of its own.
type Victim struct {
	User, Host, From          string
	CallID, LocalTag, PeerTag string
}

// Attacks are the messages behind faults of other phones, set down from their
// public descriptions, which give the message or only the field at fault. Where
// they give the field only, each of its near relations is tried as well, in
// every field of that kind.
func Attacks(v Victim) []Attack {
	all := []Attack{v.tenMessages(), v.remoteTag(), v.noUser()}
	for _, field := range []string{"Remote-Party-ID", "P-Asserted-Identity", "P-Preferred-Identity", "Diversion", "History-Info",
		"Referred-By", "Contact", "Record-Route", "Reply-To", "Call-Info", "Alert-Info", "From", "To", "Refer-To", "Also", "Replaces", "Via", "Route", "Path"} {
		all = append(all, v.uris(field), v.names(field))
	}
	return append(all, v.startLines())
}

// message makes a request; a field given with a name that it has already
// replaces it.
func (v Victim) message(method, uri string, n int, fields ...wire.Field) string {
	callID, peerTag, toTag := fmt.Sprintf("%s-%d@attack", strings.ToLower(method), n), "a1", ""
	if v.CallID != "" {
		callID, peerTag, toTag = v.CallID, v.PeerTag, ";tag="+v.LocalTag
	}
	h := wire.Header{
		{Name: "Via", Value: fmt.Sprintf("SIP/2.0/UDP %s;rport;branch=z9hG4bKattack%s%d%s", v.From, method, n, callID)},
		{Name: "From", Value: "<sip:peer@" + v.From + ">;tag=" + peerTag},
		{Name: "To", Value: "<sip:" + v.User + "@" + v.Host + ">" + toTag},
		{Name: "Call-ID", Value: callID},
		{Name: "CSeq", Value: fmt.Sprintf("%d %s", 100+n, method)},
		{Name: "Contact", Value: "<sip:peer@" + v.From + ">"},
		{Name: "Max-Forwards", Value: "70"},
	}
	for _, f := range fields {
		if f.Value == "" {
			h.Del(f.Name)
			continue
		}
		h.Set(f.Name, f.Value)
	}
	body := ""
	if method == "INVITE" {
		body = "v=0\r\no=- 1 1 IN IP4 192.0.2.12\r\ns=-\r\nc=IN IP4 192.0.2.12\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"
		h.Add("Content-Type", "application/sdp")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s SIP/2.0\r\n", method, uri)
	for _, f := range h {
		fmt.Fprintf(&b, "%s: %s\r\n", f.Name, f.Value)
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return b.String()
}

func (v Victim) uri() string { return "sip:" + v.User + "@" + v.Host }

// tenMessages is CVE-2007-4459, first case: ten INVITE and OPTIONS, each wrong
// in another way, after which the Cisco 7940 and 7960 restarted. What is known
// of them: a tab in Via, empty To or From with a tag, tags "00" and "01" that
// come again, a Request-URI for another host, Contact without an address, an
// unknown user, a body that is shorter than its length.
func (v Victim) tenMessages() Attack {
	field := func(name, value string) wire.Field { return wire.Field{Name: name, Value: value} }
	tab := field("Via", "SIP/2.0/UDP\t"+v.From+";rport;branch=00")
	var list []string
	for n, m := range []struct {
		method, uri string
		fields      []wire.Field
	}{
		{"INVITE", v.uri(), []wire.Field{tab, field("From", ";tag=00"), field("To", ";tag=00"), field("Contact", "")}},
		{"OPTIONS", v.uri(), []wire.Field{field("From", ";tag=01"), field("To", " "), field("Contact", "")}},
		{"OPTIONS", "sip:" + v.User + "@invalidURL", []wire.Field{field("Call-ID", "01@"+v.From), field("CSeq", "21013 OPTIONS"), field("Accept", "application/sdp")}},
		{"OPTIONS", v.uri(), []wire.Field{field("Call-ID", "01@"+v.From), field("CSeq", "21013 OPTIONS"), field("To", "<"+v.uri()+">;tag=01")}},
		{"INVITE", v.uri(), []wire.Field{tab, field("From", "<sip:peer@"+v.From+">;tag=00"), field("To", "<"+v.uri()+">;tag=00")}},
		{"INVITE", v.uri(), []wire.Field{field("CSeq", "4294967296 INVITE")}},
		{"OPTIONS", v.uri(), []wire.Field{field("Max-Forwards", "-1"), field("Contact", "<>")}},
		{"INVITE", "sip:invaliduser@" + v.Host, []wire.Field{field("Contact", " "), field("To", "<>"), field("Content-Length", "286")}},
		{"INVITE", "sip:invaliduser@" + v.Host, []wire.Field{field("Call-ID", "08@"+v.From), field("CSeq", "35502 INVITE"), field("Contact", "<sip:>")}},
		{"OPTIONS", v.uri(), []wire.Field{field("Call-ID", "08@"+v.From), field("CSeq", "35502 OPTIONS"), field("From", "<sip:peer@"+v.From+">;tag=")}},
	} {
		list = append(list, v.message(m.method, m.uri, n, m.fields...))
	}
	return Attack{"CVE-2007-4459, ten messages", list}
}

// remoteTag is its second case: an INVITE that bears a remote tag although
// there is no call, then two OPTIONS that seem to belong to it.
func (v Victim) remoteTag() Attack {
	var list []string
	for n, tag := range []string{"00", "", "\"\"", "z9hG4bK", strings.Repeat("t", 500)} {
		to := wire.Field{Name: "To", Value: "<" + v.uri() + ">;tag=" + tag}
		id := wire.Field{Name: "Call-ID", Value: fmt.Sprintf("remote-tag-%d", n)}
		list = append(list, v.message("INVITE", v.uri(), n, to, id), v.message("OPTIONS", v.uri(), n+1, to, id), v.message("OPTIONS", v.uri(), n, id))
	}
	return Attack{"CVE-2007-4459, remote tag", list}
}

// noUser is a row of INVITEs whose Request-URI has no user (CVE-2007-5583, by
// which the 7940 was busy for ever).
func (v Victim) noUser() Attack {
	var list []string
	for n := range 40 {
		to := wire.Field{Name: "To", Value: "<sip:" + v.Host + ">"}
		list = append(list, v.message("INVITE", "sip:"+v.Host, n, to))
	}
	return Attack{"CVE-2007-5583, no user", list}
}

// badURIs stand where a SIP URI should. CVE-2007-1542 speaks of the sipURI of
// Remote-Party-ID, CVE-2021-33056 of "</>" in From, To and Diversion, which is
// a URI of no scheme, CVE-2021-43610 of one without a parameter.
var badURIs = []string{
	"</>", "<//>", "</:>", "<:>", "<>", "<sip:>", "<sip:@>", "<sip:;>", "<sip:peer@;>", "<sip:peer@h;=>", "<sip:peer@h;;;lr=>", "<sip:?>", "<sip:%>", "<sip:%00@h>",
	"<sip:%s%n%x@%n>", "<csip:unknown@unknown>", "<tel:>", "<urn:service:sos>", "<sip:peer@[>", "<sip:peer@[::1>", "<sip:peer@h:99999>", "<sip:a@b@c@d>",
	"sip:", "sip", "/", "<", ">", "<<sip:peer@h>>", "<sip:peer@h", "sip:peer@h>", "<sip:peer\x00@h>", "<sip:\xff\xfe@h>", "*", ";", ",", "=", "\"",
	"<sip:" + strings.Repeat("9", 3000) + "@h>", "<sip:h" + strings.Repeat(";p", 1500) + ">", strings.Repeat("<", 3000), strings.Repeat("(", 3000),
}

// uris puts bad URIs into one field.
func (v Victim) uris(field string) Attack {
	a := Attack{Name: "CVE-2007-1542, CVE-2021-33056: URI of " + field}
	for n, uri := range badURIs {
		value := uri
		switch {
		case field == "From":
			value += ";tag=a1"
		case field == "Remote-Party-ID":
			value += ";party=calling;screen=yes;privacy=off"
		}
		for _, method := range []string{"INVITE", []string{"OPTIONS", "NOTIFY", "REFER"}[n%3]} {
			a.Datagrams = append(a.Datagrams, v.message(method, v.uri(), n, wire.Field{Name: field, Value: value}))
		}
	}
	return a
}

// badNames stand where a display name may: CVE-2021-43611 is a backslash that
// nothing follows.
var badNames = []string{
	`"\"`, `"\`, `\`, `"\\"`, `"\\\"`, `""`, `"`, `"""`, `" \ "`, `a\`, "\"\x00\"", "\"\xff\"", "\"\u202e\u0007\"", "\x1b[2J", "%n%n%s", `"` + strings.Repeat(`\`, 2999),
	`"` + strings.Repeat("\u0301", 1000) + `"`, strings.Repeat("a ", 1500), `"=?utf-8?B?//8=?="`,
}

// names puts bad names before the address of one field.
func (v Victim) names(field string) Attack {
	a := Attack{Name: "CVE-2021-43611: name of " + field}
	for n, name := range badNames {
		f := wire.Field{Name: field, Value: name + " <sip:peer@" + v.From + ">;tag=a1"}
		a.Datagrams = append(a.Datagrams, v.message("INVITE", v.uri(), n, f), v.message("CANCEL", v.uri(), n, f), v.message("BYE", v.uri(), n, f))
	}
	return a
}

// startLines are the same in the Request-URI, and methods that are none.
func (v Victim) startLines() Attack {
	a := Attack{Name: "start lines"}
	for n, uri := range badURIs {
		a.Datagrams = append(a.Datagrams, v.message("INVITE", strings.Trim(uri, "<>"), n), v.message("OPTIONS", uri, n), v.message("", uri, n))
	}
	return a
}
