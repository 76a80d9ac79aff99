// Package exchange is the lab's telephone exchange: registrar, stateful proxy
// and the user agents behind its numbers (RFC 3261).
//
//   - transport.go: UDP and TCP on one port (section 18);
//   - server.go, client.go: transactions (section 17, RFC 6026), and those of
//     RFC 2543 peers without a branch cookie;
//   - auth.go: digest (section 22, RFC 7616, RFC 8760);
//   - registrar.go: section 10; proxy.go: section 16;
//   - answer.go, call.go, leg.go: calls that the exchange answers or places
//     itself (sections 12 to 15, RFC 3264).
//
// One goroutine owns all of it. Sockets, timers and media post functions to
// it; the few questions from outside are posted too and waited for. Nothing a
// message says can make it send to an address that is not of its own kind: a
// loopback exchange speaks to loopback only.
//
//	x, err := exchange.Start(ctx, exchange.Options{Listen: addr, Users: users})
//	defer x.Close()
package exchange
