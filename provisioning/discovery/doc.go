// Package discovery finds out what network the machine is on, in two ways.
//
// Without any right: Lookup gives the host's own answer: interface, address,
// router and name servers (host.go).
//
// With an Ethernet port of its own (package link): a Speaker tells the switch
// that a phone is there and learns the voice VLAN from it, by CDP version 2 or
// LLDP-MED (ANSI/TIA-1057):
//
//	s := discovery.NewSpeaker(identity, discovery.Options{CDP: true, LLDP: true, Listen: 5 * time.Second})
//	neighbor, err := s.Find(ctx, wire)
//
// The frames themselves are in cdp.go, lldp.go and med.go: one struct for each
// protocol, which both the phone and a switch (package fakeswitch) send and
// read. CDP has no public standard; its layout here is what dissectors and
// capture files agree on.
package discovery
