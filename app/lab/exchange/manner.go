package exchange

import (
	"strconv"
	"strings"

	"deskset/app/lab/wire"
)

// manner is in which way the lab calls a phone: what its INVITE says of the
// caller, of who has sent the call on, and of how it is to ring. A field's %s
// stands for the exchange's host and port.
type manner struct {
	display, user string
	anonymous     bool
	fields        [][2]string
}

// manners by the number that calls.
var manners = map[string]manner{
	callBackNumber: {display: "Lab call-back", user: callBackNumber},
	"91": {display: "Lab gateway", user: "91", fields: [][2]string{
		{"P-Asserted-Identity", `"Ada Lovelace" <sip:5550100@%s>`},                         // RFC 3325
		{"Diversion", `"Front desk" <sip:5550111@%s>;reason=no-answer;counter=1`},          // RFC 5806
		{"History-Info", `<sip:5550111@%s?Reason=SIP%%3Bcause%%3D408>;index=1`},            // RFC 7044
		{"Remote-Party-ID", `"Ada Lovelace" <sip:5550100@%s>;party=calling;privacy=off`}}}, // draft-ietf-sip-privacy-04
	"92": {display: "Lab intercom", user: "92", fields: [][2]string{
		{"Call-Info", "<sip:%s>;answer-after=0"}, {"Alert-Info", "<http://%s>;info=alert-autoanswer"}, {"Answer-Mode", "Auto"}}},
	"93": {display: "Anonymous", anonymous: true, fields: [][2]string{{"Privacy", "id"}}},                    // RFC 3323
	"94": {display: "Lab bell", user: "94", fields: [][2]string{{"Alert-Info", "<http://%s/Bellcore-dr4>"}}}, // RFC 3261 section 20.4
}

// from is the address of the caller.
func (m manner) from(x *Exchange) wire.Address {
	if m.anonymous {
		return wire.Address{Display: m.display, URI: "sip:anonymous@anonymous.invalid"}
	}
	return wire.Address{Display: m.display, URI: x.uri(m.user)}
}

// say adds the fields to an INVITE.
func (m manner) say(x *Exchange, invite *wire.Message) {
	for _, f := range m.fields {
		invite.Add(f[0], strings.NewReplacer("%s", x.Addr().String(), "%%", "%").Replace(f[1]))
	}
}

// maxRedirects bounds how often a call of the lab is sent on.
const maxRedirects = 5

// sentOn follows a 302 to another user of this exchange, and passes on who has
// sent the call there (RFC 5806 section 5.2). The call is over where it goes to
// a number: nobody would hear it.
func (o *outgoing) sentOn(res *wire.Message) bool {
	contacts := res.List("Contact")
	if res.Status/100 != 3 || len(contacts) == 0 || o.redirects == maxRedirects {
		return false
	}
	a, _ := wire.ParseAddress(contacts[0])
	u, err := wire.ParseURI(a.URI)
	to := o.x.users[u.User]
	if err != nil || to == nil || !o.x.ours(u) || len(to.live()) == 0 {
		return false
	}
	o.redirects++
	o.user, o.diversions = u.User, res.List("Diversion")
	o.x.Log.Info("lab: call sent on", "to", u.User, "status", strconv.Itoa(res.Status))
	o.ring(to.live())
	return true
}

// anonymous tells a caller who keeps back who he is (RFC 3323), having proved it
// to us.
func anonymous(m *wire.Message) bool {
	return userOf(m, "From") == "anonymous" && strings.Contains(m.Get("Privacy"), "id")
}
