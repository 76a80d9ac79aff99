// Package siptest is a SIP network in memory, for tests in virtual time.
//
// Everything works inside a testing/synctest bubble: messages travel as bytes
// through the real parser, delayed by timers of package time, so a call of
// three minutes takes microseconds and every retransmission falls on its exact
// moment.
//
//	synctest.Test(t, func(t *testing.T) {
//		net := siptest.NewNetwork()
//		proxy := siptest.NewProxy(net, "192.0.2.1:5060")
//		proxy.Users["1001"] = "secret"
//		loop := siptest.NewLoop(t)
//		var agent *sipua.Agent
//		loop.Do(func() {
//			agent = sipua.New(sipua.Options{
//				Post: loop.Post, Handler: h, Transport: net.Transport("192.0.2.11:5060"),
//				Resolver: siptest.Names{"pbx.example": {"192.0.2.1:5060"}},
//			})
//			agent.SetAccount(sipua.Account{Line: 1, User: "1001", AuthName: "1001", Password: "secret",
//				Proxy: "192.0.2.1", Register: true})
//		})
//		time.Sleep(time.Second) // is virtual; the handler has heard RegOK
//		...
//		done := make(chan struct{})
//		loop.Do(func() { agent.Shutdown(func() { close(done) }) })
//		<-done
//	})
//
// [Network] has knobs for delay, loss and outage and keeps a record of what
// travelled. [Proxy] is a registrar with digest authentication and a stateless
// proxy: several agents, or whole phones, can call each other through it.
// [Peer] is a far end of which the test writes every message itself. [Loop] is
// an event loop for tests that have none.
package siptest
