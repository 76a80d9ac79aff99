// Package discovery finds out what network the machine is on. So far that is
// the host's own answer: interface, address, router and name servers, without
// any right beyond an ordinary program's.
package discovery
