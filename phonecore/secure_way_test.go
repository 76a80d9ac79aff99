package phonecore

import (
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
)

// half is a transport with TLS to one server only.
type half struct {
	sipua.Transport
	server string
}

func (h *half) Verified(to transport.Destination) bool { return to.Addr.Addr().String() == h.server }

func throughHalf(h *half) setup {
	return func(c *Config) {
		make := c.Transport
		c.Transport = func(t TransportConfig) (sipua.Transport, error) {
			var err error
			h.Transport, err = make(t)
			return h, err
		}
	}
}

// TestPadlockFollowsTheRoute: the server has proved who it is, and sends what
// follows to somebody who has not: the way there is open, and so are the keys
// of the next offer. The padlock is gone for good.
func TestPadlockFollowsTheRoute(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		siptest.NewPeer(t, d.net.Network, "192.0.2.200:5060")
		d.phone.Type("sip:ada@" + peerAddr)
		d.soft("Dial")
		invite := peer.Await("INVITE")
		peer.Reply(invite, 200, siptest.SDP(cryptoSDP("RTP/AVP", 2)), siptest.And("Record-Route", "<sip:192.0.2.200;lr>"))
		d.wait(time.Second)
		d.expect("connected", "Encrypted, unproven")
		if hasPadlock(d.view().Screen) {
			t.Error("a padlock, though the next hop is not the server")
		}
	}, throughHalf(&half{server: strings.Split(peerAddr, ":")[0]}), withFlags("media_keys_without_tls", "1"))
}

// TestPadlockIsLostToAnOpenRequest: within a call a message comes in the clear.
func TestPadlockIsLostToAnOpenRequest(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		invite, ok := d.secureCall(peer, cryptoSDP("RTP/AVP", 2))
		if !hasPadlock(d.view().Screen) {
			t.Fatal("no padlock")
		}
		other := siptest.NewPeer(t, d.net.Network, "192.0.2.200:5060")
		other.SendTo(phoneAddr, peer.Within(invite, ok, "INVITE", siptest.SDP(strings.Replace(cryptoSDP("RTP/AVP", 2), "1 1 IN", "1 2 IN", 1))))
		d.wait(time.Second)
		d.expect("connected", "Encrypted, unproven")
		if hasPadlock(d.view().Screen) {
			t.Error("the padlock stays")
		}
	}, throughHalf(&half{server: strings.Split(peerAddr, ":")[0]}), withFlags("media_keys_without_tls", "1"))
}

// TestKeysStayInTLS: a line has TLS, and a person dials an address beyond it.
func TestKeysStayInTLS(t *testing.T) {
	for mode, words := range map[string]string{"optional": "", "required": "No call without encryption"} {
		t.Run(mode, func(t *testing.T) {
			onDesk(t, func(d *desk) {
				d.wait(10 * time.Second)
				peer := d.peer()
				d.phone.Type("sip:ada@" + peerAddr)
				d.soft("Dial")
				if words == "" {
					if body := string(peer.Await("INVITE").Body); strings.Contains(body, "a=crypto") || body == "" {
						t.Errorf("keys by UDP: %s", body)
					}
					return
				}
				d.wait(time.Second)
				d.expect("failed", words)
				if strings.Contains(d.net.Flow(), "INVITE") {
					t.Error(d.net.Flow())
				}
			}, throughHalf(&half{server: "192.0.2.1"}), withFlags("sip_transport", "tls", "proxy1_port", "5060", "media_encryption", mode))
		})
	}
}

// TestRefusedEncryptionHasItsWords: the far side has no SRTP.
func TestRefusedEncryptionHasItsWords(t *testing.T) {
	onDesk(t, func(d *desk) {
		peer := d.peer()
		d.phone.Type("sip:ada@" + peerAddr)
		d.soft("Dial")
		peer.Reply(peer.Await("INVITE"), 488) // other codecs would not help
		peer.Await("ACK")
		d.expect("failed", "No agreed encryption")
	}, withFlags("media_encryption", "required", "media_keys_without_tls", "1"))
}
