package sipua_test

import (
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/sipua/siptest"
)

func TestRequestsThatNobodyCanServe(t *testing.T) {
	sdpBody := siptest.SDP(peerSDP())
	for name, c := range map[string]struct {
		method, uri string
		options     []siptest.Option
		want        string
		field, has  string
	}{
		"unknown user":         {"INVITE", "sip:9999@192.0.2.11", []siptest.Option{sdpBody}, "404", "", ""},
		"unknown extension":    {"INVITE", ourURI, []siptest.Option{sdpBody, siptest.With("Require", "nothingSupportsThis, 100rel")}, "420", "Unsupported", "nothingSupportsThis"},
		"unknown scheme":       {"INVITE", "nobodyKnowsThisScheme:totallyopaque", []siptest.Option{sdpBody}, "416", "", ""},
		"body of another type": {"INVITE", ourURI, []siptest.Option{sdpBody, siptest.With("Content-Type", "application/unknownformat")}, "415", "Accept", "application/sdp"},
		"compressed body":      {"INVITE", ourURI, []siptest.Option{sdpBody, siptest.With("Content-Encoding", "gzip")}, "415", "Accept-Encoding", "identity"},
		"no codec in common":   {"INVITE", ourURI, []siptest.Option{siptest.SDP(strings.Replace(peerSDP(), "0 8", "18", 1))}, "488", "Warning", "305"},
		"no audio":             {"INVITE", ourURI, []siptest.Option{siptest.SDP(strings.Replace(peerSDP(), "audio", "video", 1))}, "488", "Warning", "304"},
		"no description":       {"INVITE", ourURI, []siptest.Option{siptest.SDP("rubbish")}, "400", "", ""},
		"call that is not":     {"INVITE", ourURI, []siptest.Option{sdpBody, siptest.With("To", "<"+ourURI+">;tag=x")}, "481", "", ""},
		"BYE to nothing":       {"BYE", ourURI, nil, "481", "", ""},
		"CANCEL of nothing":    {"CANCEL", ourURI, nil, "481", "", ""},
		"UPDATE of nothing":    {"UPDATE", ourURI, nil, "481", "", ""},
		"method of the others": {"SUBSCRIBE", ourURI, nil, "405", "Allow", "INVITE"},
		"unknown method":       {"NEWMETHOD", ourURI, nil, "501", "Allow", "INVITE"},
		"no Call-ID":           {"INVITE", ourURI, []siptest.Option{siptest.Without("Call-ID")}, "400", "", ""},
		"CSeq of another":      {"INVITE", ourURI, []siptest.Option{siptest.With("CSeq", "1 BYE")}, "400", "", ""},
		"keep-alive":           {"NOTIFY", "sip:192.0.2.11", []siptest.Option{siptest.With("Event", "keep-alive"), siptest.Without("Contact")}, "489", "", ""},
		"OPTIONS":              {"OPTIONS", "sip:192.0.2.11", nil, "200", "Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS"},
	} {
		answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
			peer.SendTo(phoneAddr, peer.Request(c.method, c.uri, c.options...))
			m := peer.Next()
			if siptest.Kind(m) != c.want || c.field != "" && !strings.Contains(m.Header.Get(c.field), c.has) {
				t.Errorf("%s: want %s %s %s, got\n%s", name, c.want, c.field, c.has, m.Encode())
			}
			if c.want == "200" && !strings.Contains(string(m.Body), "m=audio 0 RTP/AVP 0 8") {
				t.Errorf("capabilities: %s", m.Body)
			}
			if len(p.incoming) != 0 {
				t.Errorf("%s rang", name)
			}
		})
	}
}

func TestRequestByTwoPathsIsMerged(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		invite := peer.Request("INVITE", ourURI, siptest.SDP(peerSDP()))
		peer.SendTo(phoneAddr, invite)
		peer.Expect("180")
		other := invite.Clone()
		other.Header.Set("Via", "SIP/2.0/UDP 192.0.2.12:5060;branch=z9hG4bKother")
		peer.SendTo(phoneAddr, other)
		peer.Expect("482")
	})
}

func TestStrangersAreTurnedAwayIfWanted(t *testing.T) {
	virtual(t, func(t *testing.T, n *siptest.Network) {
		p := newPhone(t, n, phoneAddr, func(o *sipua.Options) { o.OnlyFromServers = true })
		a := account(1, "1001")
		a.Register = false
		p.set(a)
		stranger, server := siptest.NewPeer(t, n, peerAddr), siptest.NewPeer(t, n, proxyAddr)
		stranger.SendTo(phoneAddr, stranger.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
		stranger.Expect("403")
		server.SendTo(phoneAddr, server.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
		server.Expect("180")
	})
}

func TestFloodOfCallsIsBounded(t *testing.T) {
	answering(t, func(t *testing.T, n *siptest.Network, p *phone, peer *siptest.Peer) {
		for range 200 {
			peer.SendTo(phoneAddr, peer.Request("INVITE", ourURI, siptest.SDP(peerSDP())))
		}
		time.Sleep(time.Second)
		if len(p.incoming) > 32 {
			t.Errorf("%d calls ring", len(p.incoming))
		}
	})
}
