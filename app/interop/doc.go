// Package interop holds the proofs: tests of the whole program against real
// servers, real phones, a real sound server and a real window, and tests of
// the rules of the house (imports, comments, sizes, licences).
//
// Its files without _test are the harness. Each starts one real program on
// loopback with a port and a directory of its own, waits until it answers, and
// ends it with all its children when the test ends:
//
//	kamailio := interop.StartKamailio(t, interop.KamailioConfig{})
//	peer := interop.StartBaresip(t, interop.BaresipConfig{Account: kamailio.Accounts[0],
//		Proxy: kamailio.Addr(), Domain: kamailio.Realm, Tone: 880})
//	peer.Dial("sip:1002@" + kamailio.Realm)
//
// For what happens below IP a Site is a switch with its servers and a phone's
// desk in network namespaces of their own, with a voice VLAN between them.
//
// A program that is not installed skips the test and says which package group
// of packaging/deps.txt has it; on CI such a skip fails the run.
package interop
