package sipua_test

import (
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
)

// calling is a phone whose calls go to a scripted server that it has an account
// with.
func calling(t *testing.T, f func(p *phone, server *siptest.Peer)) {
	t.Helper()
	served(t, "udp", guideTimers.set, func(_ *siptest.Network, p *phone, server *siptest.Peer) { f(p, server) })
}

func proxyChallenge(value string) siptest.Option {
	return siptest.And("Proxy-Authenticate", "Digest "+value)
}

// answersOf are the Proxy-Authorizations of a request.
func answersOf(m *wire.Message) string {
	return strings.Join(m.Header.All("Proxy-Authorization"), "\n")
}

func TestInviteAnswersEveryRealmOfAChallenge(t *testing.T) {
	calling(t, func(p *phone, server *siptest.Peer) {
		p.dial("1002")
		server.Reply(server.Expect("INVITE"), 407, proxyChallenge(`realm="a", nonce="1", qop="auth-int,auth"`), proxyChallenge(`realm="b", nonce="2", qop="auth-int"`))
		server.Expect("ACK")
		m := server.Expect("INVITE")
		got := answersOf(m)
		for _, want := range []string{`realm="a", nonce="1"`, "qop=auth,", `realm="b", nonce="2"`, "qop=auth-int,"} {
			if !strings.Contains(got, want) {
				t.Errorf("no %s in\n%s", want, got)
			}
		}
		hasField(t, m, "CSeq", "2 INVITE")
		// A 401 of who is called comes behind it, and all are answered.
		server.Reply(m, 401, siptest.With("WWW-Authenticate", `Digest realm="c", nonce="3"`))
		server.Expect("ACK")
		if m = server.Expect("INVITE"); len(m.Header.All("Proxy-Authorization")) != 2 || !strings.Contains(m.Header.Get("Authorization"), `realm="c"`) {
			t.Errorf("%s", m.Encode())
		}
		server.Reply(m, 486)
		server.Expect("ACK")
	})
}

func TestInviteRefreshesAStaleNonceThreeTimes(t *testing.T) {
	calling(t, func(p *phone, server *siptest.Peer) {
		p.dial("1002")
		server.Reply(server.Expect("INVITE"), 407, proxyChallenge(`realm="a", nonce="0"`))
		server.Expect("ACK")
		for _, nonce := range []string{"1", "2", "3"} {
			server.Reply(server.Expect("INVITE"), 407, proxyChallenge(`realm="a", stale=TRUE, nonce="`+nonce+`"`))
			server.Expect("ACK")
		}
		m := server.Expect("INVITE")
		if !strings.Contains(answersOf(m), `nonce="3"`) {
			t.Errorf("%s", answersOf(m))
		}
		server.Reply(m, 407, proxyChallenge(`realm="a", stale=true, nonce="4"`))
		server.Expect("ACK")
		server.Quiet(time.Minute)
		p.wantEnd(407, true)
	})
}

// One nonce serves several requests, each counted, until the server has a new one.
func TestNonceIsCountedThroughACall(t *testing.T) {
	calling(t, func(p *phone, server *siptest.Peer) {
		c := p.dial("1002")
		server.Reply(server.Expect("INVITE"), 407, proxyChallenge(`realm="a", nonce="1", qop="auth"`))
		server.Expect("ACK")
		m := server.Expect("INVITE")
		if !strings.Contains(answersOf(m), "nc=00000001") {
			t.Error(answersOf(m))
		}
		server.Reply(m, 183, reliable(1), siptest.SDP(peerSDP()), siptest.With("Allow", "UPDATE"))
		prack := server.Expect("PRACK")
		if !strings.Contains(answersOf(prack), "nc=00000002") {
			t.Error(answersOf(prack))
		}
		server.Reply(prack, 407, proxyChallenge(`realm="a", nonce="2", qop="auth", stale=true`))
		prack = server.Expect("PRACK")
		if !strings.Contains(answersOf(prack), `nonce="2"`) || !strings.Contains(answersOf(prack), "nc=00000001") {
			t.Error(answersOf(prack))
		}
		hasField(t, prack, "RAck", "1 2 INVITE")
		server.Reply(prack, 200)
		server.Reply(m, 200)
		server.Expect("ACK")
		p.do(func() { _ = c.Update(hold()) })
		again := server.Expect("INVITE")
		server.Reply(again, 407, proxyChallenge(`realm="a", nonce="3", qop="auth"`))
		server.Expect("ACK")
		again = server.Expect("INVITE")
		if !strings.Contains(answersOf(again), `nonce="3"`) || !strings.Contains(string(again.Body), "a=sendonly") {
			t.Errorf("%s", again.Encode())
		}
		server.Reply(again, 200, siptest.SDP(peerSDP("a=recvonly")))
		server.Expect("ACK")
		p.do(c.Hangup)
		bye := server.Expect("BYE")
		if !strings.Contains(answersOf(bye), "nc=00000002") {
			t.Error(answersOf(bye))
		}
		server.Reply(bye, 200)
	})
}

// What cannot be answered, or is refused, ends the call as it is.
func TestChallengesThatEndACall(t *testing.T) {
	for name, values := range map[string][]string{
		"no challenge": {""}, "unknown algorithm": {`realm="a", nonce="1", algorithm=X`},
		"unknown protection": {`realm="a", nonce="1", qop="conf"`}, "wrong password": {`realm="a", nonce="1"`, `realm="a", nonce="2"`},
	} {
		calling(t, func(p *phone, server *siptest.Peer) {
			p.dial("1002")
			for _, v := range values {
				option := func(*wire.Message) {}
				if v != "" {
					option = proxyChallenge(v)
				}
				server.Reply(server.Expect("INVITE"), 407, option)
				server.Expect("ACK")
			}
			server.Quiet(time.Minute)
			if p.wantEnd(407, true); t.Failed() {
				t.Log(name)
			}
		})
	}
}
