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
