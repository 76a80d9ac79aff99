package sdp

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"deskset/audio"
	"deskset/audio/codec"
)

// TestRowsOfADescription goes through what an offer may hold: the guide's table
// "SDP Usage" (Appendix A: v, o, s, c, m), RFC 3264, 3605, 4566, 5761. Each row
// is an offer's lines behind v=, o= and s=; the lines that our answer must hold,
// and those that no answer may hold; and what is agreed.
func TestRowsOfADescription(t *testing.T) {
	const c4, audio0 = "c=IN IP4 192.0.2.9", "m=audio 4000 RTP/AVP 0"
	for _, row := range []struct {
		name   string
		offer  []string
		want   []string
		never  []string
		agreed string // remote, control, codec, direction
	}{
		{"one stream", []string{c4, audio0}, []string{"v=0", "s=-", "c=IN IP4 192.0.2.1", "t=0 0", "m=audio 16384 RTP/AVP 0", "a=sendrecv"}, nil,
			"192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"video is refused", []string{c4, audio0, "m=video 4002 RTP/AVP 96", "a=rtpmap:96 H264/90000"}, []string{"m=video 0 RTP/AVP 96"}, []string{"a=rtpmap:96 "},
			"192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"T.38 is refused", []string{c4, "m=image 5000 udptl t38", "a=T38FaxVersion:0", audio0}, []string{"m=image 0 udptl t38", "m=audio 16384 RTP/AVP 0"}, []string{"a=T38"},
			"192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"second audio is refused", []string{c4, audio0, "m=audio 4010 RTP/AVP 8"}, []string{"m=audio 16384 RTP/AVP 0", "m=audio 0 RTP/AVP 8"}, nil,
			"192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"first audio without a codec of ours", []string{c4, "m=audio 4000 RTP/AVP 4", "m=audio 4010 RTP/AVP 8"}, []string{"m=audio 0 RTP/AVP 4", "m=audio 16384 RTP/AVP 8"}, nil,
			"192.0.2.9:4010 - PCMA 8 sendrecv"},
		{"application and message", []string{c4, audio0, "m=application 9 TCP/BFCP *", "m=message 9 TCP/MSRP *"},
			[]string{"m=application 0 TCP/BFCP *", "m=message 0 TCP/MSRP *"}, nil, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"c= of the stream", []string{"c=IN IP4 192.0.2.8", "m=video 1 RTP/AVP 31", audio0, c4}, nil, nil, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"several c= of one stream", []string{audio0, "c=IN IP4 192.0.2.8", c4}, nil, nil, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"c= of another stream is not ours", []string{c4, "m=video 4002 RTP/AVP 31", "c=IN IP4 192.0.2.77", audio0}, nil, nil, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"IPv6", []string{"c=IN IP6 2001:db8::9", audio0}, nil, nil, "[2001:db8::9]:4000 - PCMU 0 sendrecv"},
		{"direction of the session", []string{c4, "a=sendonly", audio0}, []string{"a=recvonly"}, []string{"a=sendrecv"}, "192.0.2.9:4000 - PCMU 0 recvonly hold"},
		{"direction of the stream wins", []string{c4, "a=inactive", audio0, "a=sendrecv"}, []string{"a=sendrecv"}, nil, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"direction of another stream", []string{c4, audio0, "m=video 4002 RTP/AVP 31", "a=inactive"}, []string{"a=sendrecv"}, nil, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"hold of RFC 2543", []string{"c=IN IP4 0.0.0.0", audio0}, []string{"a=recvonly", "c=IN IP4 192.0.2.1"}, nil, "- - PCMU 0 recvonly hold"},
		{"hold of both kinds", []string{"c=IN IP4 0.0.0.0", audio0, "a=inactive"}, []string{"a=inactive"}, nil, "- - PCMU 0 inactive hold"},
		{"hold by IPv6 zeroes", []string{"c=IN IP6 ::", audio0}, []string{"a=recvonly"}, nil, "- - PCMU 0 recvonly hold"},
		{"a=rtcp", []string{c4, audio0, "a=rtcp:53020"}, nil, []string{"a=rtcp"}, "192.0.2.9:4000 192.0.2.9:53020 PCMU 0 sendrecv"},
		{"a=rtcp with an address", []string{c4, audio0, "a=rtcp:53020 IN IP4 192.0.2.10"}, nil, nil, "192.0.2.9:4000 192.0.2.10:53020 PCMU 0 sendrecv"},
		{"a=rtcp with IPv6", []string{"c=IN IP6 2001:db8::9", audio0, "a=rtcp:53020 IN IP6 2001:db8::a"}, nil, nil, "[2001:db8::9]:4000 [2001:db8::a]:53020 PCMU 0 sendrecv"},
		{"a=rtcp of nowhere", []string{c4, audio0, "a=rtcp:0"}, nil, nil, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"a=rtcp of rubbish", []string{c4, audio0, "a=rtcp:x IN", "a=rtcp"}, nil, nil, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"a=rtcp to a group", []string{c4, audio0, "a=rtcp:53020 IN IP4 224.2.1.1"}, nil, nil, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"a=rtcp of the video", []string{c4, audio0, "m=video 4002 RTP/AVP 31", "a=rtcp:53020"}, nil, nil, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"a=rtcp-mux is taken up", []string{c4, audio0, "a=rtcp-mux"}, []string{"a=rtcp-mux"}, nil, "192.0.2.9:4000 - PCMU 0 sendrecv mux"},
		{"a=rtcp-mux of the session or another stream is not", []string{c4, "a=rtcp-mux", audio0, "m=video 4002 RTP/AVP 31", "a=rtcp-mux"}, nil, []string{"a=rtcp-mux"}, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"a=rtcp-xr", []string{c4, audio0, "a=rtcp-xr:pkt-loss-rle=50 voip-metrics"}, nil, []string{"a=rtcp-xr"}, "192.0.2.9:4000 - PCMU 0 sendrecv metrics"},
		{"a=rtcp-xr of the session", []string{c4, "a=rtcp-xr:Voip-Metrics", audio0}, nil, nil, "192.0.2.9:4000 - PCMU 0 sendrecv metrics"},
		{"a=rtcp-xr of the stream wins", []string{c4, "a=rtcp-xr:voip-metrics", audio0, "a=rtcp-xr:stat-summary"}, nil, nil, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"a=rtcp-xr of nothing", []string{c4, audio0, "a=rtcp-xr"}, nil, nil, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"ICE, candidates and bundles are not", []string{c4, "a=group:BUNDLE a", "a=ice-ufrag:x", audio0, "a=mid:a", "a=candidate:1 1 UDP 1 192.0.2.9 4000 typ host"}, nil,
			[]string{"a=group", "a=ice", "a=candidate", "a=mid"}, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"the peer's order of codecs", []string{c4, "m=audio 4000 RTP/AVP 8 0"}, []string{"m=audio 16384 RTP/AVP 8 0"}, nil, "192.0.2.9:4000 - PCMA 8 sendrecv"},
		{"dynamic numbers of the peer", []string{c4, "m=audio 4000 RTP/AVP 96 97 98", "a=rtpmap:96 iLBC/8000", "a=rtpmap:97 PCMA/8000", "a=rtpmap:98 telephone-event/8000"},
			[]string{"m=audio 16384 RTP/AVP 97 98", "a=rtpmap:97 PCMA/8000", "a=rtpmap:98 telephone-event/8000"}, nil, "192.0.2.9:4000 - PCMA 97 sendrecv"},
		{"a static number that means something else", []string{c4, "m=audio 4000 RTP/AVP 0 8", "a=rtpmap:0 EVIL/8000"}, []string{"m=audio 16384 RTP/AVP 8"}, nil, "192.0.2.9:4000 - PCMA 8 sendrecv"},
		{"o=, t=, r=, z=, k=, b=, i=, u=, e=, p= say nothing to us", []string{"i=x", "u=http://x", "e=x", "p=x", c4, "b=CT:1", "t=1 2", "r=1", "z=1", "k=clear:x", audio0, "i=x", "b=AS:64", "k=prompt"}, nil,
			[]string{"i=", "u=", "e=", "p=", "b=", "k=", "r=", "z="}, "192.0.2.9:4000 - PCMU 0 sendrecv"},
		{"ports in pairs", []string{c4, "m=audio 4000/2 RTP/AVP 0"}, nil, nil, "192.0.2.9:4000 - PCMU 0 sendrecv"},
	} {
		t.Run(row.name, func(t *testing.T) {
			offer := text(append([]string{"v=0", "o=- 1 1 IN IP4 192.0.2.9", "s=-"}, row.offer...)...)
			answer, got, err := NewSession(2).Answer(local(), offer)
			if err != nil {
				t.Fatal(err)
			}
			has(t, answer, row.want...)
			for _, never := range row.never {
				if slices.ContainsFunc(lines(answer), func(l string) bool { return strings.HasPrefix(l, never) }) {
					t.Errorf("%q in\n%s", never, answer)
				}
			}
			if m := strings.Count(string(answer), "m="); m != strings.Count(string(offer), "\nm=") {
				t.Errorf("%d streams answered (RFC 3264 section 6)", m)
			}
			if s := summary(got); s != row.agreed {
				t.Errorf("agreed %s, want %s", s, row.agreed)
			}
		})
	}
}

func summary(a *Agreed) string {
	addr := func(p netip.AddrPort) string {
		if !p.IsValid() {
			return "-"
		}
		return p.String()
	}
	s := fmt.Sprintf("%s %s %s %d %s", addr(a.Remote), addr(a.RemoteControl), a.Send.Codec, a.Send.PayloadType, directionNames[a.Direction])
	if a.RemoteHold {
		s += " hold"
	}
	if a.Mux {
		s += " mux"
	}
	if a.VoiceMetrics {
		s += " metrics"
	}
	return s
}

// RFC 3264 section 5.1 and 8.3.2: each side names its own numbers; a codec
// changes in mid call, the version of the description grows by one each time
// that something is new, and numbers keep their meaning.
func TestCodecChangesInMidCall(t *testing.T) {
	s := NewSession(2)
	has(t, s.Offer(local()), "o=- 1 1 IN IP4 192.0.2.1", "m=audio 16384 RTP/AVP 0 8 101")
	got, err := s.Accept(described("m=audio 4000 RTP/AVP 0 96", "a=rtpmap:96 telephone-event/8000"))
	if err != nil || got.Send.Codec != codec.PCMU || got.EventSend != 96 || got.EventReceive != 101 {
		t.Fatalf("%+v %v", got, err)
	}
	answer, got, err := s.Answer(local(), described("m=audio 4000 RTP/AVP 8 97", "a=rtpmap:97 telephone-event/8000"))
	if err != nil || got.Send.Codec != codec.PCMA || got.EventSend != 97 {
		t.Fatalf("%+v %v", got, err)
	}
	has(t, answer, "o=- 1 2 IN IP4 192.0.2.1", "m=audio 16384 RTP/AVP 8 97")
	if answer, _, err = s.Answer(local(), described("m=audio 4000 RTP/AVP 8 97", "a=rtpmap:97 telephone-event/8000")); err != nil {
		t.Fatal(err)
	}
	has(t, answer, "o=- 1 2 IN IP4 192.0.2.1") // nothing new
	l := local()
	l.Direction = audio.SendOnly
	has(t, s.Offer(l), "o=- 1 3 IN IP4 192.0.2.1", "a=sendonly")
	// Another address of ours.
	l.Addr = netip.MustParseAddr("192.0.2.99")
	has(t, s.Offer(l), "o=- 1 4 IN IP4 192.0.2.99", "c=IN IP4 192.0.2.99")
	if got, err = s.Accept(described("m=audio 4000 RTP/AVP 8", "a=recvonly", "a=rtcp:4009")); err != nil || summary(got) != "192.0.2.9:4000 192.0.2.9:4009 PCMA 8 sendonly" {
		t.Errorf("%s %v", summary(got), err)
	}
}

// A branch's session goes its own way.
func TestCloneIsIndependent(t *testing.T) {
	s := NewSession(2)
	s.Offer(local())
	a, b := s.Clone(), s.Clone()
	if _, err := a.Accept(described("m=audio 4000 RTP/AVP 8")); err != nil {
		t.Fatal(err)
	}
	answer, _, err := a.Answer(local(), described("m=video 1 RTP/AVP 31", "m=audio 4000 RTP/AVP 99", "a=rtpmap:99 PCMA/8000"))
	if err != nil {
		t.Fatal(err)
	}
	has(t, answer, "o=- 1 2 IN IP4 192.0.2.1", "m=audio 16384 RTP/AVP 99")
	has(t, b.Offer(local()), "o=- 1 1 IN IP4 192.0.2.1", "m=audio 16384 RTP/AVP 0 8 101")
}
