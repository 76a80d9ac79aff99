// Package sipua is the SIP user agent of one phone: registrations, calls,
// offer and answer (RFC 3261, with peers of RFC 2543 in mind).
//
//	t, err := sipua.NewTransport(sipua.TransportOptions{Port: 5060})
//	a := sipua.New(sipua.Options{Post: loop.Post, Handler: h, Transport: t})
//	a.SetAccount(sipua.Account{Line: 1, User: "1001", Proxy: "192.0.2.1", Register: true})
//	call, err := a.Dial(1, "1002", sdp.Local{Port: 16384, Codecs: codec.Names()})
//
// Its rooms: wire is the text of messages, on sipgo's parser; transport carries
// them; transaction has the four machines; digest answers challenges; sdp does
// offer and answer; siptest is a network in memory for tests in virtual time.
// Here are the agent, its lines and registrations, dialogs and calls.
//
// # Several servers
//
// An account may name backups. registration (register.go) keeps a line
// registered: one try is a round (round.go) over all servers (servers.go) and
// all their addresses, resolved anew, until one accepts. While that is a
// backup, the better ones are watched and returned to (failback.go). Calls go
// where the line is registered, and to the next server if that one is silent,
// out of reach or says 503.
//
// # Subscriptions
//
// [Agent.Subscribe] keeps a subscription alive (subscribe*.go, RFC 6665):
// message waiting is one. NOTIFY that nobody has subscribed to is notify.go's.
//
// # One loop
//
// An [Agent] has no goroutine and no lock of its own. Its methods are called
// on the owner's event loop; what the network or a timer brings is posted to
// that loop (Options.Post) and then told to the [Handler]. No method blocks:
// names are resolved and connections opened elsewhere and reported back. No
// handler method runs inside a method that the owner has called: what such a
// call causes is posted.
//
// # Facts, not words
//
// The package reports status codes and reasons. Wording for the LCD is chosen
// in phonecore.
package sipua
