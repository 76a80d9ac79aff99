package sipua_test

import (
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

// torture says what each message of RFC 4475 gets from a phone whose users are
// those of the messages. "" is silence: responses to nothing, and ACK.
var torture = map[string]string{
	// valid (section 3.1.1)
	"wsinv":      "481", // it has a To tag, but there is no such call
	"intmeth":    "501",
	"esc01":      "180", // the escaped user of To is ours
	"escnull":    "405",
	"esc02":      "501",
	"lwsdisp":    "200",
	"longreq":    "180",
	"dblreq":     "405", // the second request in the datagram is no body
	"semiuri":    "200",
	"transports": "200",
	"mpart01":    "405",
	"unreason":   "",
	"noreason":   "",
	// invalid (section 3.1.2)
	"badinv01":   "180", // extra separators do no harm
	"clerr":      "400",
	"ncl":        "400",
	"scalar02":   "400",
	"scalarlg":   "",
	"quotbal":    "400",
	"ltgtruri":   "400",
	"lwsruri":    "400",
	"lwsstart":   "400",
	"trws":       "400",
	"escruri":    "180", // the headers in the URI are passed over
	"baddate":    "180", // we do not read Date
	"regbadct":   "405",
	"badaspec":   "200", // nor a space inside the brackets
	"baddn":      "200", // neither does a comma in a name
	"badvers":    "505",
	"mismatch01": "400",
	"mismatch02": "400",
	"bigcode":    "",
	// transactions (3.2) and the application layer (3.3)
	"badbranch": "200",
	"insuf":     "400",
	"unkscm":    "416",
	"novelsc":   "416",
	"unksm2":    "405",
	"bext01":    "420",
	"invut":     "415",
	"regaut01":  "405",
	"multi01":   "180", // the first value of each counts
	"mcl01":     "400", // nobody knows where it ends
	"bcast":     "",
	"zeromf":    "200",
	"cparam01":  "405",
	"cparam02":  "405",
	"regescrt":  "405",
	"sdp01":     "180", // its Accept is passed over
	// backward compatibility (3.4), and the message of the archive that has no section
	"inv2543": "180",
	"test":    "",
}

func TestTortureMessagesOfRFC4475(t *testing.T) {
	files, err := filepath.Glob("testdata/rfc4475/*.dat")
	if err != nil || len(files) != 50 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".dat")
		t.Run(name, func(t *testing.T) {
			virtual(t, func(t *testing.T, n *siptest.Network) {
				p := newPhone(t, n, phoneAddr)
				for i, user := range []string{"vivekg", "user", "bob", "t.watson", "UserB", "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"} {
					p.set(sipua.Account{Line: i + 1, User: user, Domain: "example.com"})
				}
				got := throw(t, n, data)
				if got != torture[name] {
					t.Errorf("answered with %q, want %q", got, torture[name])
				}
				alive(t, n)
			})
		})
	}
}

// throw sends raw bytes to the phone and gives what it answers at once.
func throw(t *testing.T, n *siptest.Network, data []byte) string {
	t.Helper()
	from := n.Transport(peerAddr)
	before := len(n.Log())
	to := transport.Destination{Network: transport.UDP, Addr: netip.MustParseAddrPort(phoneAddr)}
	if err := from.SendRaw(to, data, nil); err != nil {
		t.Fatal(err)
	}
	time.Sleep(10 * time.Millisecond)
	var answers []string
	for _, e := range n.Log()[before+1:] {
		if e.From.String() == phoneAddr {
			answers = append(answers, siptest.Kind(e.Message))
		}
	}
	return strings.Join(answers, " ")
}

// alive checks that the agent still answers.
func alive(t *testing.T, n *siptest.Network) {
	t.Helper()
	peer := siptest.NewPeer(t, n, "192.0.2.77:5060")
	peer.SendTo(phoneAddr, peer.Request("OPTIONS", "sip:192.0.2.11"))
	peer.Expect("200")
}
