package transaction_test

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/sipua/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a layer whose messages go nowhere. The test is its loop: timers
// post to the queue, and pass runs what is due.
type bench struct {
	*transaction.Layer
	start time.Time
	queue chan func()
	sent  []string // "0.5 INVITE udp"
	last  *wire.Message
	fail  error // of Send
	heard []string
	tu    []*transaction.Server
	acks  int
}

var server = transport.Destination{Network: transport.UDP, Addr: netip.MustParseAddrPort("192.0.2.1:5060")}

func run(t *testing.T, f func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{start: time.Now(), queue: make(chan func(), 100)}
		b.Layer = transaction.New(transaction.Config{
			Post: func(f func()) { b.queue <- f },
			Send: func(to transport.Destination, m *wire.Message, failed func(error)) error {
				if b.fail != nil && to.Network == transport.TCP {
					failure := b.fail
					go failed(failure)
					return nil
				}
				b.last = m
				b.note(&b.sent, kind(m)+" "+to.Network)
				return nil
			},
			Local: func(transport.Destination) (netip.AddrPort, error) {
				return netip.MustParseAddrPort("192.0.2.11:5060"), nil
			},
			Timers:  transaction.Timers{T1: 500 * time.Millisecond, T2: 4 * time.Second, Retx: 4, InviteRetx: 3},
			Request: func(s *transaction.Server) { b.tu = append(b.tu, s) },
			Cancel:  func(_, invite *transaction.Server) { b.note(&b.heard, fmt.Sprint("CANCEL ", invite != nil)) },
			Ack:     func(*wire.Message) { b.acks++ },
			Stray:   func(m *wire.Message) { b.note(&b.heard, "stray "+kind(m)) },
		})
		f(t, b)
		b.Close()
		if b.Pending() != 0 {
			t.Errorf("%d transactions are left", b.Pending())
		}
	})
}

func kind(m *wire.Message) string {
	if m.IsRequest() {
		return m.Method
	}
	return fmt.Sprint(m.Status)
}

func (b *bench) note(list *[]string, what string) {
	*list = append(*list, fmt.Sprintf("%v %s", time.Since(b.start).Seconds(), what))
}

// pass lets time go by.
func (b *bench) pass(d time.Duration) {
	end := time.After(d)
	for {
		select {
		case f := <-b.queue:
			f()
		case <-end:
			return
		}
	}
}

func (b *bench) request(t *testing.T, method, network string) *transaction.Client {
	t.Helper()
	m := wire.NewRequest(method, "sip:x@192.0.2.1")
	m.Header = wire.Header{{Name: "From", Value: "<sip:me@x>;tag=1"}, {Name: "To", Value: "<sip:x@192.0.2.1>"}, {Name: "Call-ID", Value: "c"},
		{Name: "CSeq", Value: "7 " + method}, {Name: "Route", Value: "<sip:r;lr>"}, {Name: "Contact", Value: "<sip:me@192.0.2.11>"}}
	to := server
	to.Network = network
	c, err := b.Request(m, to, func(res *wire.Message, err error) {
		if err != nil {
			b.note(&b.heard, err.Error())
			return
		}
		b.note(&b.heard, kind(res))
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// respond answers the last request that was sent.
func (b *bench) respond(req *wire.Message, status int) {
	b.Receive(wire.NewResponse(req, status, "", "peer"), server)
}

func want(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("%s: %s\nwant %s", what, strings.Join(got, ", "), strings.Join(want, ", "))
	}
}

func TestInviteIsRepeatedWithDoublingIntervalsThenGivenUp(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.request(t, "INVITE", "udp")
		b.pass(time.Minute)
		want(t, "sent", b.sent, "0 INVITE udp", "0.5 INVITE udp", "1.5 INVITE udp", "3.5 INVITE udp")
		want(t, "heard", b.heard, "5.5 no answer") // as long as before the last one
	})
}

func TestOtherRequestsAreRepeatedUpToT2(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.SetTimers(transaction.Timers{T1: time.Second, T2: 2 * time.Second, Retx: 4, InviteRetx: 1})
		b.request(t, "REGISTER", "udp")
		b.pass(time.Minute)
		want(t, "sent", b.sent, "0 REGISTER udp", "1 REGISTER udp", "3 REGISTER udp", "5 REGISTER udp", "7 REGISTER udp")
		want(t, "heard", b.heard, "9 no answer")
	})
}

func TestProvisionalResponseStopsInviteAndSlowsOthers(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.request(t, "INVITE", "udp")
		b.respond(b.last, 100)
		b.pass(time.Hour)
		want(t, "sent", b.sent, "0 INVITE udp")
		want(t, "heard", b.heard, "0 100")
	})
	run(t, func(t *testing.T, b *bench) {
		b.request(t, "BYE", "udp")
		b.respond(b.last, 100)
		b.pass(time.Minute)
		want(t, "sent", b.sent, "0 BYE udp", "0.5 BYE udp", "4.5 BYE udp", "8.5 BYE udp", "12.5 BYE udp")
	})
}

func TestReliableTransportsRepeatNothing(t *testing.T) {
	for _, method := range []string{"INVITE", "BYE"} {
		run(t, func(t *testing.T, b *bench) {
			b.request(t, method, "tcp")
			b.pass(time.Minute)
			want(t, "sent", b.sent, "0 "+method+" tcp")
			want(t, "heard", b.heard, "32 no answer") // 64*T1
		})
	}
}

func TestFailureIsAcknowledgedAsOftenAsItComes(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.request(t, "INVITE", "udp")
		invite := b.last
		b.respond(invite, 486)
		ack := b.last
		if ack.Method != "ACK" || ack.Via().Branch() != invite.Via().Branch() || ack.To().Tag() != "peer" ||
			ack.Header.Get("CSeq") != "7 ACK" || ack.Header.Get("Route") == "" || ack.Header.Has("Contact") {
			t.Errorf("%s", ack.Encode())
		}
		b.pass(time.Second)
		b.respond(invite, 486)
		b.pass(40 * time.Second) // timer D is over
		b.respond(invite, 486)
		want(t, "sent", b.sent, "0 INVITE udp", "0 ACK udp", "1 ACK udp")
		want(t, "heard", b.heard, "0 486", "41 stray 486")
	})
}

func TestEvery2xxIsHandedOnForHalfAMinute(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.request(t, "INVITE", "udp")
		invite := b.last
		b.respond(invite, 200)
		b.pass(time.Second)
		b.respond(invite, 200)
		b.respond(invite, 486) // nonsense
		b.pass(40 * time.Second)
		b.respond(invite, 200)
		want(t, "heard", b.heard, "0 200", "1 200", "41 stray 200")
	})
}

func TestCancelIsSentAfterTheFirst1xxAndBoundsTheInvite(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		c := b.request(t, "INVITE", "udp")
		invite := b.last
		c.Cancel("SIP;cause=200")
		c.Cancel("")
		b.pass(time.Second)
		b.respond(invite, 180)
		cancel := b.last
		if cancel.Method != "CANCEL" || cancel.Via().Branch() != invite.Via().Branch() || cancel.Header.Get("CSeq") != "7 CANCEL" ||
			cancel.Header.Get("Reason") != "SIP;cause=200" || cancel.Header.Has("Contact") {
			t.Errorf("%s", cancel.Encode())
		}
		b.respond(cancel, 200)
		b.pass(time.Minute)
		want(t, "sent", b.sent, "0 INVITE udp", "0.5 INVITE udp", "1 CANCEL udp")
		want(t, "heard", b.heard, "1 180", "33 no answer")
	})
}

func TestRequestTooLongForUDPFallsBackFromTCP(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.fail = errors.New("connection refused")
		m := wire.NewRequest("BYE", "sip:x@192.0.2.1")
		m.Header = wire.Header{{Name: "CSeq", Value: "1 BYE"}, {Name: "Subject", Value: strings.Repeat("x", 1300)}}
		if _, err := b.Request(m, server, func(res *wire.Message, err error) { b.note(&b.heard, fmt.Sprint(err)) }); err != nil {
			t.Fatal(err)
		}
		b.pass(time.Second)
		want(t, "sent", b.sent, "0 BYE udp", "0.5 BYE udp")
		if via := b.last.Via(); via.Transport != "UDP" {
			t.Error(via)
		}
	})
}

// received is a request as it comes from the network.
func received(method, via string) *wire.Message {
	m := wire.NewRequest(method, "sip:me@192.0.2.11")
	m.Header = wire.Header{{Name: "Via", Value: via}, {Name: "From", Value: "<sip:x@y>;tag=1"}, {Name: "To", Value: "<sip:me@z>"},
		{Name: "Call-ID", Value: "c"}, {Name: "CSeq", Value: "7 " + method}}
	return m
}

func (b *bench) answer(s *transaction.Server, status int) {
	s.Respond(wire.NewResponse(s.Request, status, "", "mine"))
}

func TestFailureOfOursIsRepeatedUntilAckAndForgotten(t *testing.T) {
	for _, via := range []string{"SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa", "SIP/2.0/UDP 192.0.2.1;branch=1", "SIP/2.0/UDP 192.0.2.1"} {
		run(t, func(t *testing.T, b *bench) {
			b.Receive(received("INVITE", via), server)
			b.answer(b.tu[0], 180)
			b.Receive(received("INVITE", via), server) // repeated
			b.answer(b.tu[0], 486)
			b.answer(b.tu[0], 200) // too late
			b.pass(time.Second)
			b.Receive(received("ACK", via), server)
			b.pass(time.Minute)
			want(t, via, b.sent, "0 180 udp", "0 180 udp", "0 486 udp", "0.5 486 udp")
			if len(b.tu) != 1 || b.acks != 0 || b.Pending() != 0 {
				t.Errorf("%d requests, %d ACKs, %d left", len(b.tu), b.acks, b.Pending())
			}
		})
	}
}

func TestAnswerToOtherRequestsIsRepeatedOnDemandForTimerJ(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		via := "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa"
		b.Receive(received("OPTIONS", via), server)
		b.Receive(received("OPTIONS", via), server) // before there is an answer
		b.answer(b.tu[0], 200)
		b.pass(31 * time.Second)
		b.Receive(received("OPTIONS", via), server)
		b.pass(2 * time.Second)
		b.Receive(received("OPTIONS", via), server)
		want(t, "sent", b.sent, "0 200 udp", "31 200 udp")
		if len(b.tu) != 2 {
			t.Errorf("%d requests: after timer J it is a new one", len(b.tu))
		}
	})
}

func TestAnswerWithoutAckIsToldOnce(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} { // end to end, over any transport
		run(t, func(t *testing.T, b *bench) {
			from := server
			from.Network = network
			b.Receive(received("INVITE", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa"), from)
			b.tu[0].NoAck = func() { b.note(&b.heard, "no ACK") }
			b.answer(b.tu[0], 200)
			b.pass(time.Minute)
			if len(b.sent) != 11 || b.sent[10] != "31.5 200 "+network {
				t.Error(b.sent)
			}
			want(t, "heard", b.heard, "32 no ACK")
		})
	}
}

func TestAckOf2xxGoesToTheUserAgent(t *testing.T) {
	for _, branch := range []string{"z9hG4bKa", "z9hG4bKother"} { // careless peers keep the branch
		run(t, func(t *testing.T, b *bench) {
			b.Receive(received("INVITE", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa"), server)
			b.answer(b.tu[0], 200)
			b.Receive(received("ACK", "SIP/2.0/UDP 192.0.2.1;branch="+branch), server)
			if b.acks != 1 {
				t.Errorf("%s: %d ACKs", branch, b.acks)
			}
			b.tu[0].Acked()
			b.pass(time.Second)
			want(t, "sent", b.sent, "0 200 udp")
		})
	}
}

func TestCancelFindsItsInvite(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		via := "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa"
		b.Receive(received("CANCEL", via), server)
		b.Receive(received("INVITE", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKb"), server)
		b.Receive(received("CANCEL", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKb"), server)
		want(t, "heard", b.heard, "0 CANCEL false", "0 CANCEL true")
	})
}

// RFC 3261 section 18.2 and RFC 3581.
func TestResponsesFindTheirWayBack(t *testing.T) {
	from := transport.Destination{Network: "udp", Addr: netip.MustParseAddrPort("192.0.2.1:1024")}
	for via, c := range map[string]struct{ to, via string }{
		"SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa":             {"192.0.2.1:5060", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa"},
		"SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKa":        {"192.0.2.1:5070", "SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKa"},
		"SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bKa":         {"192.0.2.1:5070", "SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bKa;received=192.0.2.1"},
		"SIP/2.0/UDP 10.0.0.1:5070;rport;branch=z9hG4bKa":   {"192.0.2.1:1024", "SIP/2.0/UDP 10.0.0.1:5070;rport=1024;branch=z9hG4bKa;received=192.0.2.1"},
		"SIP/2.0/UDP host.example;branch=z9hG4bKa ; rport ": {"192.0.2.1:1024", "SIP/2.0/UDP host.example;branch=z9hG4bKa;rport=1024;received=192.0.2.1"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var to transport.Destination
			var got *wire.Message
			var s *transaction.Server
			l := transaction.New(transaction.Config{
				Post:    func(func()) {},
				Send:    func(d transport.Destination, m *wire.Message, _ func(error)) error { to, got = d, m; return nil },
				Timers:  transaction.Timers{T1: time.Second, T2: time.Second, Retx: 1, InviteRetx: 1},
				Request: func(r *transaction.Server) { s = r },
			})
			l.Receive(received("OPTIONS", via), from)
			s.Respond(wire.NewResponse(s.Request, 200, "", "t"))
			l.Close()
			if to.Addr.String() != c.to || got.Header.Get("Via") != c.via {
				t.Errorf("%s: to %v with %s, want %s with %s", via, to.Addr, got.Header.Get("Via"), c.to, c.via)
			}
		})
	}
}

func TestFloodIsBounded(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		for i := range 5000 {
			b.Receive(received("OPTIONS", fmt.Sprintf("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK%d", i)), server)
		}
		if b.Pending() != 1024 {
			t.Errorf("%d transactions", b.Pending())
		}
		// What has been answered makes room.
		b.answer(b.tu[7], 200)
		b.tu = nil
		b.Receive(received("BYE", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKbye"), server)
		if len(b.tu) != 1 || b.Pending() != 1024 {
			t.Errorf("%d requests, %d transactions", len(b.tu), b.Pending())
		}
	})
}
