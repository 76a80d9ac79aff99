package phonecore

import (
	"strings"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
)

// Addresses of the network in memory.
const (
	phoneAddr = "192.0.2.44:5060"
	proxyAddr = "192.0.2.1:5060"
	peerAddr  = "192.0.2.9:5060"
)

// network is a SIP network in memory with a registrar and proxy that knows
// the phone's two lines and a third user, ada, whom a test plays itself.
type network struct {
	*siptest.Network
	proxy *siptest.Proxy
}

func newNetwork() *network {
	n := &network{Network: siptest.NewNetwork()}
	n.proxy = siptest.NewProxy(n.Network, proxyAddr)
	for _, user := range []string{"5551212", "5551213"} {
		n.proxy.Users[user] = "s3cret-canary"
	}
	return n
}

func (n *network) phoneTransport(TransportConfig) (sipua.Transport, error) {
	return n.Transport(phoneAddr), nil
}

func (n *network) close() { n.proxy.Transport().Close() }

// peer is a far phone, reached directly, of which the test writes every
// message.
func (d *desk) peer() *siptest.Peer { return siptest.NewPeer(d.t, d.net.Network, peerAddr) }

const peerSDP = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n" +
	"m=audio 40000 RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"

// held is the peer's description with a direction.
func withDirection(direction string) string {
	return strings.Replace(peerSDP, "1 1 IN", "1 2 IN", 1) + "a=" + direction + "\r\n"
}

// calls counts the INVITEs to a user.
func (n *network) calls(user string) (count int) {
	for _, e := range n.Log() {
		if e.Message.Method == "INVITE" && strings.Contains(e.Message.RequestURI, user) {
			count++
		}
	}
	return count
}
