//go:build linux

package interop_test

// realFlows are the flows of Appendix B that a phone of today can be told to
// take part in.
var realFlows = []realFlow{
	{"B-1", "", "B", func(s *stage) {
		s.calledBy(s.baresip(s.another(), false))
		s.end()
	}},
	{"B-2 B-4", "", "B", func(s *stage) {
		s.calledBy(s.baresip(s.another(), false))
		s.holdAndResume()
		s.end()
	}},
	{"B-4", "", "A", func(s *stage) { // baresip holds us
		peer := s.baresip(s.another(), false)
		s.dial(peer.Account.User)
		s.phone.Do("screen connected")
		s.settled()
		peer.Do("hold", "")
		s.grows("<INVITE", 1)
		peer.Do("resume", "")
		s.grows("<INVITE", 2)
		peer.Hangup()
		s.phone.Do("screen idle")
	}},
	{"B-5", "", "B", func(s *stage) {
		a, c := s.baresip(s.another(), false), s.baresip(s.another(), false)
		s.calledBy(a)
		s.phone.Do("soft Hold", "screen held")
		s.settled()
		s.phone.Do("soft NewCall")
		s.dial(c.Account.User)
		s.phone.Do("screen connected")
		s.settled()
		s.phone.Do("soft EndCall", "expect From "+a.Account.User, "screen connected")
		s.settled()
		s.end()
	}},
	{"B-6", "", "B", func(s *stage) {
		a, c := s.baresip(s.another(), false), s.baresip(s.another(), false)
		s.calledBy(a)
		s.ringBy(c)
		s.phone.Do("expect Call waiting", "press scroll.down", "soft Answer", "screen connected")
		s.settled()
		s.phone.Do("press scroll.up", "soft Resume", "screen connected")
		s.settled()
		s.phone.Do("press speaker", "screen held")
		s.settled()
		s.phone.Do("press speaker", "screen connected")
		s.settled()
		s.end()
	}},
	{"B-3 B-7", "", "B", func(s *stage) { // our phone transfers one baresip to another
		a, c := s.baresip(s.another(), false), s.baresip(s.another(), false)
		s.calledBy(a)
		s.phone.Do("soft BlndXfr", "press "+c.Account.User+" pound", "screen idle")
		c.Wait("CALL_ESTABLISHED")
		s.grows("<NOTIFY", 1)
		s.settled()
		a.Hangup()
		c.Wait("CALL_CLOSED")
	}},
	{"B-7", "", "A", func(s *stage) { // baresip transfers our phone
		b, c := s.baresip(s.another(), false), s.baresip(s.another(), false)
		s.dial(b.Account.User)
		s.phone.Do("screen connected")
		s.settled()
		b.Do("hold", "")
		s.grows("<INVITE", 1)
		b.Do("transfer", "sip:"+c.Account.User+"@"+s.kamailio.Addr())
		c.Wait("CALL_ESTABLISHED")
		s.grows("<BYE", 1) // else EndCall takes the first call back
		s.end()
	}},
	{"B-7", "", "C", func(s *stage) { // one baresip hands another on to our phone
		a, b := s.baresip(s.another(), false), s.baresip(s.another(), false)
		a.Dial("sip:" + b.Account.User + "@" + s.kamailio.Realm)
		a.Wait("CALL_ESTABLISHED")
		b.Do("transfer", "sip:"+s.account.User+"@"+s.kamailio.Realm)
		s.phone.Do("expect From "+a.Account.User, "soft Answer", "screen connected")
		a.Wait("CALL_ESTABLISHED")
		a.Wait("CALL_CLOSED") // the first one
		s.settled()
		a.Hangup()
		s.phone.Do("screen idle")
		s.calls(1)
	}},
	{"B-8", "", "BAC", func(s *stage) { // baresip 1.0 knows no Replaces: all three are ours
		a, c := s.deskset("A", s.another()), s.deskset("C", s.another())
		a.Do("press " + s.account.User + " pound")
		s.phone.Do("screen incoming", "soft Answer", "screen connected")
		s.settled()
		s.phone.Do("soft Trnsfer", "press "+s.number(c)+" pound")
		c.Do("screen incoming", "soft Answer", "screen connected")
		s.phone.Do("screen connected")
		s.settled()
		s.phone.Do("soft Trnsfer", "screen idle")
		s.settled()
		a.Do("screen connected", "expect "+s.number(c), "soft EndCall", "screen idle")
		c.Do("screen idle")
	}},
	{"B-9", "Phone-to-phone: network", "A", func(s *stage) {
		s.baresip(s.named("1156"), false)
		s.dial(always)
		s.phone.Do("screen connected")
		s.settled()
		s.end()
	}},
	{"B-9", "Phone-to-phone: call forwarding (unconditional)", "B", func(s *stage) {
		a, c := s.baresip(s.another(), false), s.baresip(s.another(), false)
		s.phone.Do("soft CFwdAll", "press "+c.Account.User, "soft Validate", "screen idle")
		a.Dial("sip:" + s.account.User + "@" + s.kamailio.Realm)
		s.calls(1)
	}},
	{"B-10", "", "A", func(s *stage) {
		b := s.deskset("", s.named(busy))
		b.Do("soft DND", "expect Do not disturb")
		c := s.baresip(s.named("1158"), false)
		s.dial(busy)
		s.phone.Do("screen connected")
		s.settled()
		c.Hangup()
		s.phone.Do("screen idle")
		s.calls(1)
	}},
	{"B-10 B-12 B-15", "", "B", func(s *stage) { // our phone is the busy one
		s.phone.Do("soft DND")
		s.baresip(s.another(), false).Dial("sip:" + s.account.User + "@" + s.kamailio.Realm)
		s.calls(1)
	}},
	{"B-11", "", "A", func(s *stage) {
		s.baresip(s.named(late), true) // rings on
		s.baresip(s.named("1160"), false)
		s.dial(late)
		s.phone.Do("screen ringout", "screen connected")
		s.settled()
		s.end()
	}},
	{"B-11 B-13 B-16", "", "B", func(s *stage) {
		peer := s.baresip(s.another(), false)
		s.ringBy(peer)
		peer.Hangup()
		s.phone.Do("screen idle", "expect 1 missed call")
		s.calls(1)
	}},
	{"B-14", "Phone-to-gateway", "A", func(s *stage) {
		for i, number := range []string{"7404", "7503", "7603"} {
			s.dial(number)
			s.phone.Do("screen failed")
			s.calls(i + 1)
			s.phone.Do("soft EndCall", "screen idle")
		}
	}},
	{"B-15", "", "A", func(s *stage) {
		peer := s.baresip(s.another(), true)
		s.dial(peer.Account.User)
		peer.Wait("CALL_INCOMING")
		peer.Hangup() // 486 of a phone that rings
		s.phone.Do("screen failed", "expect Busy")
		s.calls(1)
		s.phone.Do("soft EndCall", "screen idle")
	}},
	{"B-16", "", "A", func(s *stage) {
		peer := s.baresip(s.another(), true)
		s.dial(peer.Account.User)
		s.phone.Do("screen ringout")
		s.end()
	}},
	{"B-17", "", "A", func(s *stage) {
		peer := s.baresip(s.another(), false)
		s.dial(peer.Account.User)
		s.phone.Do("screen connected")
		s.settled()
		s.end()
		if n := s.kamailio.Requests("INVITE " + s.account.User + " auth"); n == 0 {
			s.Error("no credentials were sent")
		}
	}},
}
