package main

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// serveDNS answers every question for an A record, or nothing at all.
func serveDNS(t *testing.T, addr string) netip.AddrPort { return deafDNS(t, addr, 0) }

// deafDNS does not hear the first questions.
func deafDNS(t *testing.T, addr string, deaf int) netip.AddrPort {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if deaf--; deaf >= 0 {
				continue
			}
			if answer := answerDNS(buf[:n], addr); answer != nil {
				conn.WriteTo(answer, from)
			}
		}
	}()
	return netip.MustParseAddrPort(conn.LocalAddr().String())
}

func answerDNS(query []byte, addr string) []byte {
	var m dnsmessage.Message
	if addr == "" || m.Unpack(query) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	reply := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true},
		Questions: m.Questions,
	}
	if q.Type == dnsmessage.TypeA {
		reply.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1},
			Body:   &dnsmessage.AResource{A: netip.MustParseAddr(addr).As4()},
		}}
	}
	packed, err := reply.Pack()
	if err != nil {
		return nil
	}
	return packed
}

func TestDeadNameServerGivesWayToTheNext(t *testing.T) {
	dead, alive := serveDNS(t, ""), serveDNS(t, "192.0.2.7")
	var n nameServers
	n.own.Store(&ownDNS{servers: []netip.AddrPort{dead, alive}})
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
	defer cancel()
	began := time.Now()
	addrs, err := n.resolver().LookupNetIP(ctx, "ip4", "tftp.example.")
	if err != nil || len(addrs) != 1 || addrs[0] != netip.MustParseAddr("192.0.2.7") {
		t.Fatalf("%v, %v", addrs, err)
	}
	if took := time.Since(began); took < maxDNSWait || took > 4*maxDNSWait {
		t.Errorf("took %v", took)
	}
}

// What was lost on the way is asked again, of one server and of several.
func TestLostQuestionsAreRepeated(t *testing.T) {
	for _, servers := range [][]netip.AddrPort{
		{deafDNS(t, "192.0.2.7", 2)},
		{deafDNS(t, "192.0.2.7", 2), serveDNS(t, "")},
	} {
		var n nameServers
		n.own.Store(&ownDNS{servers: servers})
		ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
		defer cancel()
		addrs, err := n.resolver().LookupNetIP(ctx, "ip4", "tftp.example.")
		if err != nil || len(addrs) != 1 || addrs[0] != netip.MustParseAddr("192.0.2.7") {
			t.Errorf("%d servers: %v, %v", len(servers), addrs, err)
		}
	}
}

func TestOnlyDeadNameServersComeToAnEnd(t *testing.T) {
	dead := serveDNS(t, "")
	var n nameServers
	n.own.Store(&ownDNS{servers: []netip.AddrPort{dead}})
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if addrs, err := n.resolver().LookupNetIP(ctx, "ip4", "tftp.example."); err == nil {
		t.Errorf("got %v", addrs)
	}
}
