package link

import "testing"

func TestPriorityInTheTagFollowsTheDSCP(t *testing.T) {
	for name, c := range map[string]struct {
		frame []byte
		want  int
	}{
		"voice":      {with(udp68, 15, 46<<2), voicePriority},
		"signalling": {with(udp68, 15, 24<<2), signalPriority},
		"routing":    {with(udp68, 15, 48<<2), controlPriority},
		"unmarked":   {udp68, signalPriority},
		"ARP":        {with(udp68, 13, 6), controlPriority},
		"IPv6":       {with(with(udp68, 12, 0x86), 13, 0xdd), signalPriority},
		"cut":        {with(udp68, 15, 46<<2)[:33], signalPriority},
		"no packet":  {udp68[:14], signalPriority},
	} {
		if got := priority(c.frame); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
