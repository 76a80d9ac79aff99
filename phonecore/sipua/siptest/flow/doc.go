// Package flow plays the call flows of the guide's Appendix B against a phone,
// step by step, on the network in memory of package siptest.
//
// A flow is a table in a small language (appendixb.flow):
//
//	flow B-4 page B-15 Simple call hold     the figure, its page, its title
//	as A B                                  the parts that the phone can play
//	A calls B                               what a person does
//	1 A > B INVITE                          a step of the guide's table
//	modern 5 B > A REFER refer=C            one that only a profile has
//	A > B 487                               a message that the guide leaves out
//
// One part is the phone under test, worked by its keys through [Phone]; the
// others are scripted peers that keep to the table. A message of a scripted
// peer is sent; one of the phone is waited for and looked into: it must be the
// next that the phone sends to that peer. A repeated message, a 100 and the
// provisional notices of a transfer are passed over (RFC 3261 sections 17 and
// 21.1.1, RFC 3515 section 2.4.4), nothing else. Between two peers the guide's
// order is that of its figure, not of any rule, and only the order in which
// each of them is spoken to is kept.
//
// Arguments of a message say what it carries, and are checked on what the
// phone sends:
//
//	hold, resume     its session description
//	answer           it must hold a description
//	also=C refer=C   transfer to C; with "replaces" in place of the sender's call with C
//	by=B             asked for by B (Referred-By, Requested-By)
//	contact=C        C is to be called instead
//	for=B            the number wanted from a proxy
//	auth             credentials for the proxy's challenge
//	notify=200       how far the transfer got
//	with=NAME:VALUE  any header field
//
// Peers speak one of two dialects ([Profile]).
//
// The same tables give what one phone sends and hears ([Flow.Seen]), to be
// compared with the trace of a phone in the lab or among real peers
// ([Conversations]).
package flow
