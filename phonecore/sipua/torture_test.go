package sipua_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
)

// verdict is what a torture message gets from a phone whose users are those of
// the messages.
type verdict struct {
	// sent is what the phone answers; "" is silence.
	sent string
	why  string
}

// torture has the verdict on each message of RFC 4475; the sections are the
// RFC's. Whatever gets 180 rings, and nothing else does.
var torture = map[string]verdict{
	// 3.1.1: valid, though some tools stumble
	"wsinv":      {"481", "folds and short forms are read; it bears a To tag, and there is no such call (RFC 3261 section 12.2.2)"},
	"intmeth":    {"501", "the method is a token of its own, though made of odd characters: we do not know it"},
	"esc01":      {"180", "the escaped user of To and Request-URI is ours once it is unescaped"},
	"escnull":    {"405", "a %00 in a name ends nothing; a phone is no registrar"},
	"esc02":      {"501", "a % in a method or a host is no escape: the method is another one than INVITE"},
	"lwsdisp":    {"200", "no space between name and < is needed"},
	"longreq":    {"180", "long values and many fields are no reason to refuse"},
	"dblreq":     {"405", "Content-Length ends the request; what follows in the datagram is dropped (section 18.3)"},
	"semiuri":    {"200", "a semicolon before the @ belongs to the user"},
	"transports": {"200", "Via may name transports that we do not speak: the answer goes back by the one that it came by"},
	"mpart01":    {"405", "a binary body with NULs does not disturb the head; MESSAGE is not taken"},
	"unreason":   {"", "a response to nothing, whatever its reason phrase is written in"},
	"noreason":   {"", "a response to nothing; an empty reason phrase is allowed"},
	// 3.1.2: invalid
	"badinv01":   {"180", "empty parameters between separators do no harm (section 3.1.2.1 allows to be liberal)"},
	"clerr":      {"400", "the body is shorter than its length: something is lost (section 18.3)"},
	"ncl":        {"400", "a negative length: nobody knows where the body ends"},
	"scalar02":   {"400", "CSeq is beyond 2**31: it could not be answered in kind"},
	"scalarlg":   {"", "a response whose CSeq is beyond 2**31 can belong to nothing of ours"},
	"quotbal":    {"400", "the quote in To does not end: who is meant is guesswork"},
	"ltgtruri":   {"400", "a Request-URI in angle brackets is none"},
	"lwsruri":    {"400", "a space within the Request-URI"},
	"lwsstart":   {"400", "two spaces in the start line: we are strict where the line says what it is"},
	"trws":       {"400", "a space behind SIP/2.0, for the same reason"},
	"escruri":    {"180", "header fields in the Request-URI are passed over, not obeyed (section 19.1.5)"},
	"baddate":    {"180", "we do not read Date, so its zone cannot harm"},
	"regbadct":   {"405", "its Contact is not even looked at: a phone is no registrar"},
	"badaspec":   {"200", "a space inside the brackets harms nobody"},
	"baddn":      {"200", "a comma in a name without quotes: From and To have one value only, so it is the name's"},
	"badvers":    {"505", "SIP/7.0"},
	"mismatch01": {"400", "the method of CSeq is not the request's"},
	"mismatch02": {"400", "the same with a method that we do not know: it is malformed before it is unknown"},
	"bigcode":    {"", "a status beyond 32 bits is no response"},
	// 3.2: transactions
	"badbranch": {"200", "a branch of nothing but the cookie is taken as one of RFC 2543 and matched by the other fields"},
	// 3.3: the application layer
	"insuf":    {"400", "Call-ID, From and To are missing"},
	"unkscm":   {"416", "nobody knows the scheme"},
	"novelsc":  {"416", "a known scheme, but not one for calls"},
	"unksm2":   {"405", "a scheme of another kind in To and From is no fault of form; a phone is no registrar"},
	"bext01":   {"420", "Require and Proxy-Require name what nobody has; Unsupported lists the former"},
	"invut":    {"415", "a body of a type that we do not read"},
	"regaut01": {"405", "nor do we look at the unknown scheme of its Authorization"},
	"multi01":  {"400", "two values each of Call-ID, To, From and CSeq: a proxy may have judged the one and the phone shows the other"},
	"mcl01":    {"400", "two lengths: nobody knows where it ends"},
	"bcast":    {"", "a 200 with another host's Via on top is not for us (section 18.1.2)"},
	"zeromf":   {"200", "Max-Forwards 0 ends at us, and here we are"},
	"cparam01": {"405", "a phone is no registrar"},
	"cparam02": {"405", "a phone is no registrar"},
	"regescrt": {"405", "a phone is no registrar"},
	"sdp01":    {"180", "Accept does not name SDP, but what it offers is SDP: section 3.3.15 says that it could be refused, and a person would rather talk"},
	// 3.4: backward compatibility
	"inv2543": {"180", "no branch, no tag, no Max-Forwards: RFC 2543"},
	// in the archive, without a section
	"test": {"", "its only line is no start line"},
}

// torture6 has the verdict on each message of RFC 5118.
var torture6 = map[string]verdict{
	"ipv6-good":                     {"405", "an IPv6 reference in Request-URI, Via and Contact is read (4.1); a phone is no registrar"},
	"ipv6-bad":                      {"400", "an IPv6 address without brackets is no host (4.2)"},
	"port-ambiguous":                {"405", "5070 stands inside the brackets: it is part of the address (4.3)"},
	"port-unambiguous":              {"405", "5070 is the port (4.4)"},
	"via-received-param-with-delim": {"481", "brackets around received are let pass (4.5); there is no such call"},
	"via-received-param-no-delim":   {"200", "and so is what the grammar wants (4.5)"},
	"ipv6-in-sdp":                   {"488", "the addresses in SDP are read (4.6); G.726 is no codec of ours"},
	"mult-ip-in-header":             {"481", "IPv4 and IPv6 in one list of Via (4.7); there is no such call"},
	"mult-ip-in-sdp":                {"180", "audio by IPv4 and video by IPv6 (4.8): the audio is for us"},
	"ipv4-mapped-ipv6":              {"488", "mapped addresses are read (4.9); G.726 is no codec of ours"},
	"ipv6-bug-abnf-3-colons":        {"400", "three colons are no address (RFC 4291); section 4.10 allows to read them, and we do not guess hosts"},
	"ipv6-correct-abnf-2-colons":    {"200", "two colons before an IPv4 tail (4.10)"},
}

// tortureUsers are whom the messages call.
var tortureUsers = []string{"vivekg", "user", "bob", "t.watson", "UserB", "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"}

func TestTortureMessagesOfRFC4475(t *testing.T) {
	tortured(t, "rfc4475", torture, phoneAddr, peerAddr)
}

func TestTortureMessagesOfRFC5118(t *testing.T) {
	tortured(t, "rfc5118", torture6, "[2001:db8::10]:5060", "[2001:db8::9:1]:5060")
}

// tortured throws each message of a folder at a phone and compares what it
// does with the verdict: what goes out, what rings, what is left behind.
func tortured(t *testing.T, folder string, verdicts map[string]verdict, phone, peer string) {
	files, err := filepath.Glob("testdata/" + folder + "/*.dat")
	if err != nil || len(files) != len(verdicts) {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".dat")
		t.Run(name, func(t *testing.T) {
			want, ok := verdicts[name]
			if !ok {
				t.Fatal("no verdict")
			}
			virtual(t, func(t *testing.T, n *siptest.Network) {
				p := newPhone(t, n, phone)
				for i, user := range tortureUsers {
					p.set(sipua.Account{Line: i + 1, User: user, Domain: "example.com"})
				}
				got := throw(t, n, peer, phone, data)
				if got != want.sent {
					t.Errorf("answered with %q, want %q: %s", got, want.sent, want.why)
				}
				p.mu.Lock()
				if rings := len(p.incoming) == 1; rings != (want.sent == "180") || len(p.incoming) > 1 {
					t.Errorf("%d calls ring: %s", len(p.incoming), want.why)
				}
				p.mu.Unlock()
				unharmed(t, n, p, phone)
			})
		})
	}
}

// throw sends raw bytes to the phone and gives what it answers at once.
func throw(t *testing.T, n *siptest.Network, peer, phone string, data []byte) string {
	t.Helper()
	from := n.Transport(peer)
	before := len(n.Log())
	to := transport.Destination{Network: transport.UDP, Addr: netip.MustParseAddrPort(phone)}
	if err := from.SendRaw(to, data, nil); err != nil {
		t.Fatal(err)
	}
	time.Sleep(10 * time.Millisecond)
	var answers []string
	for _, e := range n.Log()[before+1:] {
		if e.From.String() == phone {
			answers = append(answers, siptest.Kind(e.Message))
		}
	}
	return strings.Join(answers, " ")
}

// unharmed checks that the agent still answers and rings, and that a quarter of
// an hour later nothing is left of whatever has been.
func unharmed(t *testing.T, n *siptest.Network, p *phone, addr string) {
	t.Helper()
	own := "192.0.2.77:5060"
	if netip.MustParseAddrPort(addr).Addr().Is6() {
		own = "[2001:db8::77]:5060"
	}
	peer := siptest.NewPeer(t, n, own)
	peer.SendTo(addr, peer.Request("OPTIONS", "sip:"+addr))
	peer.Expect("200")
	account, ok := sipua.Account{}, false
	p.do(func() { account, ok = p.agent.Account(1) })
	if !ok {
		t.Fatal("the account has gone")
	}
	invite := peer.Request("INVITE", fmt.Sprintf("sip:%s@%s", account.User, addr), siptest.SDP(peerSDP()))
	peer.SendTo(addr, invite)
	peer.Expect("180")
	cancel := peer.Request("CANCEL", invite.RequestURI)
	for _, name := range []string{"Via", "From", "To", "Call-ID"} {
		cancel.Header.Set(name, invite.Header.Get(name))
	}
	cancel.Header.Set("CSeq", strings.Replace(invite.Header.Get("CSeq"), "INVITE", "CANCEL", 1))
	peer.SendTo(addr, cancel)
	peer.Expect("200")
	peer.Expect("487")
	time.Sleep(15 * time.Minute)
	var calls, transactions int
	p.do(func() { calls, transactions = p.agent.Pending() })
	if calls+transactions != 0 {
		t.Errorf("%d calls and %d transactions are left", calls, transactions)
	}
}

// alive checks that the agent still answers.
func alive(t *testing.T, n *siptest.Network) {
	t.Helper()
	peer := siptest.NewPeer(t, n, "192.0.2.77:5060")
	peer.SendTo(phoneAddr, peer.Request("OPTIONS", "sip:192.0.2.11"))
	peer.Expect("200")
}
