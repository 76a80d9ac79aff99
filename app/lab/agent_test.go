package lab

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
	"go.uber.org/goleak"
)

// patience is how long a test waits for what should come at once.
const patience = 5 * time.Second

// All labs together leave nothing behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start starts a lab that ends with the test. A log record at error level fails
// the test.
func start(t *testing.T, o Options) *Lab {
	t.Helper()
	o.Log = slog.New(failOnError{t})
	l, err := Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

type failOnError struct{ t *testing.T }

func (failOnError) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelError }
func (f failOnError) Handle(_ context.Context, r slog.Record) error {
	f.t.Errorf("the lab logs an error: %s", r.Message)
	return nil
}
func (f failOnError) WithAttrs([]slog.Attr) slog.Handler { return f }
func (f failOnError) WithGroup(string) slog.Handler      { return f }

// agent is a phone that knows only what a test tells it. It shares no SIP code
// with the lab: messages are written as text, read by sipgo, and challenges
// answered by icholy/digest.
type agent struct {
	t       *testing.T
	lab     *Lab
	server  netip.AddrPort
	account Account
	conn    net.Conn
	tcp     bool
	self    netip.AddrPort
	in      chan sip.Message
	// algorithm of the challenge to answer.
	algorithm string
	lastAuth  string // header line sent last
}

func newAgent(t *testing.T, l *Lab, line int, network string) *agent {
	t.Helper()
	return agentAt(t, l, l.Proxy(), line, network)
}

// agentAt is newAgent at one of the lab's servers.
func agentAt(t *testing.T, l *Lab, server netip.AddrPort, line int, network string) *agent {
	t.Helper()
	conn, err := net.Dial(network, server.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	a := &agent{
		t: t, lab: l, server: server, account: l.Accounts()[line-1], conn: conn, tcp: network == "tcp",
		self: netip.MustParseAddrPort(conn.LocalAddr().String()), in: make(chan sip.Message, 100), algorithm: "SHA-256",
	}
	go a.read()
	return a
}

func (a *agent) read() {
	defer close(a.in)
	stream := sip.NewParser().NewSIPStream()
	buf := make([]byte, 65536)
	for {
		n, err := a.conn.Read(buf)
		if err != nil {
			return
		}
		if !a.tcp {
			if m, err := sip.ParseMessage(buf[:n]); err == nil {
				a.in <- m
			} else {
				a.t.Errorf("sipgo cannot read what the lab sent: %v\n%s", err, buf[:n])
			}
			continue
		}
		_ = stream.ParseSIPStream(buf[:n], func(m sip.Message) { a.in <- m })
	}
}

func (a *agent) write(text string) {
	a.t.Helper()
	if _, err := a.conn.Write([]byte(text)); err != nil {
		a.t.Fatal(err)
	}
}

// call is the side of a dialog that the agent keeps.
type call struct {
	id, from, to, branch string
	seq                  int
	target               string
}

func (a *agent) newCall(to string) *call {
	return &call{
		id: newToken(), from: fmt.Sprintf("<%s>;tag=%s", a.uri(a.account.User), newToken()),
		to: "<" + a.uri(to) + ">", target: a.uri(to),
	}
}

func (a *agent) uri(user string) string { return "sip:" + user + "@" + a.server.String() }

func (a *agent) contact() string {
	if a.tcp {
		return "<sip:x@" + a.self.String() + ";transport=tcp>"
	}
	return "<sip:x@" + a.self.String() + ">"
}

var tokens atomic.Int64

func newToken() string { return "t" + strconv.FormatInt(tokens.Add(1), 10) }

// send writes a request. Extra lines end without CRLF.
func (a *agent) send(c *call, method string, body string, extra ...string) {
	a.t.Helper()
	if method != "ACK" && method != "CANCEL" {
		c.seq++
		c.branch = "z9hG4bK" + newToken()
	}
	network := "UDP"
	if a.tcp {
		network = "TCP"
	}
	lines := []string{
		method + " " + c.target + " SIP/2.0",
		"Via: SIP/2.0/" + network + " " + a.self.String() + ";branch=" + c.branch + ";rport",
		"From: " + c.from, "To: " + c.to, "Call-ID: " + c.id,
		fmt.Sprintf("CSeq: %d %s", c.seq, method),
	}
	if !strings.HasPrefix(strings.Join(extra, "\n"), "Max-Forwards") {
		lines = append(lines, "Max-Forwards: 70")
	}
	if body != "" {
		lines = append(lines, "Content-Type: application/sdp")
	}
	lines = append(lines, extra...)
	lines = append(lines, "Content-Length: "+strconv.Itoa(len(body)), "", body)
	a.write(strings.Join(lines, "\r\n"))
}

// next gives the next message.
func (a *agent) next() sip.Message {
	a.t.Helper()
	select {
	case m, ok := <-a.in:
		if !ok {
			a.t.Fatal("the connection has ended")
		}
		return m
	case <-time.After(patience):
		a.t.Fatal("nothing came")
	}
	return nil
}

// response gives the next response that is not 100, and checks its status.
func (a *agent) response(status int) *sip.Response {
	a.t.Helper()
	for {
		res, ok := a.next().(*sip.Response)
		if !ok || res.StatusCode == 100 {
			continue
		}
		if status != 0 && res.StatusCode != status {
			a.t.Fatalf("got %d %s, want %d\n%s", res.StatusCode, res.Reason, status, res)
		}
		return res
	}
}

// request gives the next request and checks its method.
func (a *agent) request(method string) *sip.Request {
	a.t.Helper()
	for {
		if req, ok := a.next().(*sip.Request); ok {
			if string(req.Method) != method {
				a.t.Fatalf("got %s, want %s", req.Method, method)
			}
			return req
		}
	}
}

// do sends a request, answers one challenge and gives the first response that
// is not 100.
func (a *agent) do(c *call, method, body string, extra ...string) *sip.Response {
	a.t.Helper()
	a.send(c, method, body, extra...)
	res := a.response(0)
	header, answer := "WWW-Authenticate", "Authorization: "
	if res.StatusCode == 407 {
		header, answer = "Proxy-Authenticate", "Proxy-Authorization: "
	} else if res.StatusCode != 401 {
		return res
	}
	if method == "INVITE" {
		a.ack(c, res)
	}
	a.lastAuth = answer + a.answer(res, header, method, c.target, 1)
	a.send(c, method, body, append(extra, a.lastAuth)...)
	return a.response(0)
}

// answer makes credentials for the challenge of the agent's algorithm.
func (a *agent) answer(res *sip.Response, header, method, uri string, count int) string {
	a.t.Helper()
	for _, h := range res.GetHeaders(header) {
		ch, err := digest.ParseChallenge(h.Value())
		if err != nil {
			a.t.Fatal(err)
		}
		if ch.Algorithm != a.algorithm {
			continue
		}
		cred, err := digest.Digest(ch, digest.Options{
			Method: method, URI: uri, Username: a.account.User, Password: a.account.Password, Count: count,
		})
		if err != nil {
			a.t.Fatal(err)
		}
		return cred.String()
	}
	a.t.Fatalf("no challenge for %s in\n%s", a.algorithm, res)
	return ""
}

// ack acknowledges a final response to the call's INVITE.
func (a *agent) ack(c *call, res *sip.Response, body ...string) {
	a.t.Helper()
	ack := *c
	ack.to = res.To().Value()
	if res.StatusCode < 300 {
		ack.branch = "z9hG4bK" + newToken()
		ack.target = res.Contact().Address.String()
		c.to, c.target = ack.to, ack.target
	}
	a.send(&ack, "ACK", strings.Join(body, ""))
}

// reply answers a request.
func (a *agent) reply(req *sip.Request, status int, reason, tag, body string, extra ...string) {
	a.t.Helper()
	lines := []string{fmt.Sprintf("SIP/2.0 %d %s", status, reason)}
	for _, h := range req.GetHeaders("Via") {
		lines = append(lines, "Via: "+h.Value())
	}
	to := req.To().Value()
	if !req.To().Params.Has("tag") {
		to += ";tag=" + tag
	}
	lines = append(lines, "From: "+req.From().Value(), "To: "+to, "Call-ID: "+req.CallID().Value(), "CSeq: "+req.CSeq().Value(), "Contact: "+a.contact())
	if body != "" {
		lines = append(lines, "Content-Type: application/sdp")
	}
	lines = append(lines, extra...)
	lines = append(lines, "Content-Length: "+strconv.Itoa(len(body)), "", body)
	a.write(strings.Join(lines, "\r\n"))
}

// register registers the agent's line.
func (a *agent) register(extra ...string) *sip.Response {
	a.t.Helper()
	c := a.newCall(a.account.User)
	c.target = "sip:" + a.server.String()
	if len(extra) == 0 {
		extra = []string{"Contact: " + a.contact()}
	}
	return a.do(c, "REGISTER", "", extra...)
}

// registered is a new agent that is.
func registered(t *testing.T, l *Lab, line int, network string) *agent {
	t.Helper()
	a := newAgent(t, l, line, network)
	if res := a.register(); res.StatusCode != 200 {
		t.Fatalf("REGISTER: %s", res)
	}
	return a
}

// lateRequest is request with more patience.
func (a *agent) lateRequest(method string, patience time.Duration) *sip.Request {
	a.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case m := <-a.in:
			if req, ok := m.(*sip.Request); ok && string(req.Method) == method {
				return req
			}
		case <-deadline:
			a.t.Fatalf("no %s came", method)
		}
	}
}
