// Package sipua is the SIP user agent of one phone: registrations, calls,
// offer and answer, digest authentication, the four transaction machines and
// the dialogs, over the transports of sipgo (package sip).
//
// # One loop
//
// An [Agent] has no goroutine and no lock of its own. Its methods are called
// on the owner's event loop; what the network or a timer brings is posted to
// that loop (Options.Post) and then told to the [Handler]. No method blocks:
// names are resolved and connections opened elsewhere and reported back.
//
// # Facts, not words
//
// The package reports status codes and reasons. Wording for the LCD is chosen
// in phonecore.
package sipua
