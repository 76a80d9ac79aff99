package sdp

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"deskset/audio/codec"
)

// all is a phone with every codec, narrow ones preferred.
func all() Local {
	return local(codec.PCMU, codec.Opus, codec.G722, codec.PCMA, codec.G729)
}

// offers are written as phones and servers of these kinds write theirs.
var offers = []struct {
	name    string
	lines   []string
	silence bool
	// mline is the m= line of our answer, agreed what is sent and received.
	mline, agreed string
	want          []string
}{
	{"Cisco 7960", []string{"m=audio 21932 RTP/AVP 0 8 18 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", "a=rtpmap:18 G729/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15"}, false,
		"0 8 18 101", "PCMU 0 <- 0 8 18, events 101/101", []string{"a=fmtp:18 annexb=no", "a=ptime:20"}},
	{"Cisco gateway, G.729 with Annex B", []string{"m=audio 18000 RTP/AVP 18 101 19", "a=rtpmap:18 G729/8000", "a=fmtp:18 annexb=yes", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=rtpmap:19 CN/8000", "a=ptime:20"}, true,
		"18 101", "G729 18 <- 18, events 101/101, 20ms", []string{"a=fmtp:18 annexb=yes"}},
	{"Cisco gateway without Annex B", []string{"m=audio 18000 RTP/AVP 18 101", "a=rtpmap:18 G729/8000", "a=fmtp:18 annexb=no", "a=rtpmap:101 telephone-event/8000", "a=ptime:30"}, true,
		"18 101", "G729 18 <- 18, events 101/101, 30ms", []string{"a=fmtp:18 annexb=no", "a=ptime:30"}},
	{"CUCM", []string{"m=audio 24690 RTP/AVP 9 0 8 116 18 101", "a=rtpmap:9 G722/8000", "a=ptime:20", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", "a=rtpmap:116 iLBC/8000", "a=fmtp:116 mode=20", "a=rtpmap:18 G729/8000", "a=fmtp:18 annexb=no", "a=rtpmap:101 telephone-event/8000", "a=trafficclass:conversational.audio.aq:admitted"}, false,
		"9 0 8 18 101", "G722 9 <- 9 0 8 18, events 101/101, 20ms", nil},
	{"Asterisk chan_sip", []string{"m=audio 14242 RTP/AVP 0 3 8 111 101", "a=rtpmap:0 PCMU/8000", "a=rtpmap:3 GSM/8000", "a=rtpmap:8 PCMA/8000", "a=rtpmap:111 G726-32/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=silenceSupp:off - - - -", "a=ptime:20", "a=sendrecv"}, true,
		"0 8 101", "PCMU 0 <- 0 8, events 101/101, 20ms", nil},
	{"Asterisk PJSIP", []string{"m=audio 11778 RTP/AVP 107 9 0 101", "a=rtpmap:107 opus/48000/2", "a=fmtp:107 useinbandfec=1", "a=rtpmap:9 G722/8000", "a=rtpmap:0 PCMU/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=ptime:20", "a=maxptime:60", "a=sendrecv"}, false,
		"107 9 0 101", "opus 107 <- 107 9 0, events 101/101, 20ms", []string{"a=rtpmap:107 opus/48000/2", "a=fmtp:107 useinbandfec=1"}},
	{"FreeSWITCH", []string{"m=audio 30016 RTP/AVP 102 9 0 8 103 101 13", "a=rtpmap:102 opus/48000/2", "a=fmtp:102 useinbandfec=1; maxaveragebitrate=30000; maxplaybackrate=48000; ptime=20; minptime=10; maxptime=40", "a=rtpmap:9 G722/8000", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", "a=rtpmap:103 telephone-event/48000", "a=fmtp:103 0-16", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=rtpmap:13 CN/8000", "a=ptime:20"}, true,
		"102 9 0 8 13 101 103", "opus 102 <- 102 9 0 8, events 103w/101 103, noise 13/13, 20ms", []string{"a=fmtp:102 useinbandfec=1;usedtx=1", "a=rtpmap:103 telephone-event/48000", "a=rtpmap:13 CN/8000"}},
	{"Linphone", []string{"m=audio 7078 RTP/AVP 96 97 98 0 8 18 101 99 100", "a=rtpmap:96 opus/48000/2", "a=fmtp:96 useinbandfec=1", "a=rtpmap:97 speex/16000", "a=fmtp:97 vbr=on", "a=rtpmap:98 speex/8000", "a=fmtp:98 vbr=on", "a=fmtp:18 annexb=yes", "a=rtpmap:101 telephone-event/48000", "a=rtpmap:99 telephone-event/16000", "a=rtpmap:100 telephone-event/8000", "a=rtcp-fb:* trr-int 5000"}, false,
		"96 0 8 18 100 101", "opus 96 <- 96 0 8 18, events 101w/100 101", nil},
	{"Zoiper", []string{"m=audio 8000 RTP/AVP 106 9 98 101 0 8 3", "a=rtpmap:106 opus/48000/2", "a=fmtp:106 sprop-maxcapturerate=16000; minptime=20; useinbandfec=1", "a=rtpmap:98 telephone-event/48000", "a=fmtp:98 0-16", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16", "a=sendrecv"}, false,
		"106 9 0 8 101 98", "opus 106 <- 106 9 0 8, events 98w/101 98", nil},
	{"Yealink", []string{"m=audio 11780 RTP/AVP 9 0 8 18 101", "a=rtpmap:9 G722/8000", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", "a=rtpmap:18 G729/8000", "a=fmtp:18 annexb=no", "a=fmtp:101 0-15", "a=rtpmap:101 telephone-event/8000", "a=ptime:20", "a=sendrecv"}, false,
		"9 0 8 18 101", "G722 9 <- 9 0 8 18, events 101/101, 20ms", nil},
	{"Grandstream", []string{"m=audio 5004 RTP/AVP 0 8 4 18 2 97 9 101", "a=sendrecv", "a=rtpmap:0 PCMU/8000", "a=ptime:20", "a=rtpmap:8 PCMA/8000", "a=rtpmap:4 G723/8000", "a=rtpmap:18 G729/8000", "a=rtpmap:2 G726-32/8000", "a=rtpmap:97 iLBC/8000", "a=fmtp:97 mode=20", "a=rtpmap:9 G722/8000", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15"}, false,
		"0 8 18 9 101", "PCMU 0 <- 0 8 18 9, events 101/101, 20ms", nil},
	{"baresip: Opus with events at 8 kHz only", []string{"m=audio 40000 RTP/AVP 96 101", "a=rtpmap:96 opus/48000/2", "a=fmtp:96 stereo=1;sprop-stereo=1", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=rtcp-rsize", "a=ssrc:1 cname:x", "a=minptime:10", "a=ptime:20"}, false,
		"96 101", "opus 96 <- 96, events 101/101, 20ms", nil},
	{"carrier SBC: static types without maps", []string{"m=audio 49152 RTP/AVP 8 0 18 13", "a=maxptime:20", "b=AS:80"}, true,
		"8 0 18 13", "PCMA 8 <- 8 0 18, noise 13/13", nil},
	{"carrier SBC: one codec twice", []string{"m=audio 49152 RTP/AVP 96 8 97 100", "a=rtpmap:96 AMR/8000", "a=fmtp:96 mode-set=0,2,4,7", "a=rtpmap:97 PCMA/8000", "a=rtpmap:100 telephone-event/8000", "a=ptime:20"}, false,
		"8 100", "PCMA 8 <- 8 97, events 100/100, 20ms", nil},
	{"trunk with G.729 by its other spelling", []string{"m=audio 49152 RTP/AVP 18 0", "a=rtpmap:18 g729/8000/1", "a=fmtp:18 annexb = NO ; x"}, true,
		"18 0", "G729 18 <- 18 0", []string{"a=fmtp:18 annexb=no"}},
	{"browser gateway", []string{"m=audio 49152 RTP/AVP 111 63 9 0 8 13 110 126", "a=rtpmap:111 opus/48000/2", "a=rtcp-fb:111 transport-cc", "a=fmtp:111 minptime=10;useinbandfec=1", "a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111", "a=rtpmap:9 G722/8000", "a=rtpmap:0 PCMU/8000", "a=rtpmap:8 PCMA/8000", "a=rtpmap:13 CN/8000", "a=rtpmap:110 telephone-event/48000", "a=rtpmap:126 telephone-event/8000"}, false,
		"111 9 0 8 126 110", "opus 111 <- 111 9 0 8, events 110w/126 110", nil},
	{"two channels of a codec that has one", []string{"m=audio 4000 RTP/AVP 97 8", "a=rtpmap:97 PCMU/8000/2"}, false, "8", "PCMA 8 <- 8", nil},
	{"nonsense in parameters", []string{"m=audio 4000 RTP/AVP 96 18 0", "a=rtpmap:96 opus/48000/2", "a=fmtp:96 " + strings.Repeat("x=1;", 300), "a=fmtp:18", "a=fmtp:x y", "a=fmtp:999 a=b", "a=fmtp:96 maxaveragebitrate=-1"}, false,
		"96 18 0", "opus 96 <- 96 18 0", nil},
}

func terms(a *Agreed) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d <-", a.Send.Codec, a.Send.PayloadType)
	for _, f := range a.Receive {
		fmt.Fprintf(&b, " %d", f.PayloadType)
	}
	if a.EventSend != 0 {
		mark := ""
		if a.EventSendWide {
			mark = "w"
		}
		fmt.Fprintf(&b, ", events %d%s/%d", a.EventSend, mark, a.EventReceive)
		if a.EventReceiveWide != 0 {
			fmt.Fprintf(&b, " %d", a.EventReceiveWide)
		}
	}
	if a.NoiseSend != 0 {
		fmt.Fprintf(&b, ", noise %d/%d", a.NoiseSend, a.NoiseReceive)
	}
	if a.PacketTime != 0 {
		fmt.Fprintf(&b, ", %v", a.PacketTime)
	}
	return b.String()
}

func TestOffersOfRealPeers(t *testing.T) {
	for _, o := range offers {
		t.Run(o.name, func(t *testing.T) {
			l := all()
			l.Silence = o.silence
			body, got, err := NewSession(2).Answer(l, described(o.lines...))
			if err != nil {
				t.Fatal(err)
			}
			has(t, body, append(o.want, "m=audio 16384 RTP/AVP "+o.mline)...)
			if terms(got) != o.agreed {
				t.Errorf("agreed %s\nwant   %s", terms(got), o.agreed)
			}
			each := strings.Fields(o.mline)
			slices.Sort(each)
			if len(slices.Compact(each)) != len(strings.Fields(o.mline)) {
				t.Errorf("a number stands for two formats: %s", o.mline)
			}
			// What we answer, we can read: the other side has the same terms.
			if _, _, err := NewSession(4).Answer(all(), body); err != nil {
				t.Errorf("our own answer: %v", err)
			}
		})
	}
}

// Each side has numbers of its own, and dtmf_avt_payload may be any dynamic one.
func TestNumbersOfOffersDoNotClash(t *testing.T) {
	for event := uint8(96); event <= 127; event++ {
		l := all()
		l.Silence, l.EventPayloadType = true, event
		s := NewSession(2)
		body := s.Offer(l)
		list := strings.Fields(lines(body)[5])[3:]
		if sorted := slices.Sorted(slices.Values(list)); len(slices.Compact(sorted)) != len(list) || list[len(list)-2] != fmt.Sprint(event) {
			t.Errorf("event %d: %v", event, list)
		}
		// The peer numbers Opus as we number events, and events as we do Opus.
		got, err := s.Accept(described(fmt.Sprintf("m=audio 4000 RTP/AVP %d %s 0", event, list[1]), fmt.Sprintf("a=rtpmap:%d opus/48000/2", event), fmt.Sprintf("a=rtpmap:%s telephone-event/48000", list[1])))
		if err != nil || got.Send.PayloadType != event || fmt.Sprint(got.Receive[0].PayloadType) != list[1] || fmt.Sprint(got.EventSend) != list[1] || !got.EventSendWide || got.EventReceive != event {
			t.Errorf("event %d: %+v %v", event, got, err)
		}
	}
}

// A peer that changes the meaning of our numbers in mid-call has the last word;
// our next offer has no number twice.
func TestNumbersStayDistinctInTheNextOffer(t *testing.T) {
	s := NewSession(2)
	s.Offer(all())
	if _, _, err := s.Answer(all(), described("m=audio 4000 RTP/AVP 0 96 97", "a=rtpmap:96 telephone-event/8000", "a=rtpmap:97 G722/8000")); err != nil {
		t.Fatal(err)
	}
	list := strings.Fields(lines(s.Offer(all()))[5])[3:]
	sorted := slices.Sorted(slices.Values(list))
	if len(slices.Compact(sorted)) != len(list) || !slices.Contains(list, "96") || !slices.Contains(list, "97") {
		t.Errorf("%v", list)
	}
}

func TestPacketTimeIsTheirsOrOurs(t *testing.T) {
	l := all()
	l.PacketTime = 10 * time.Millisecond
	has(t, NewSession(2).Offer(l), "a=ptime:10")
	body, got, err := NewSession(2).Answer(l, described("m=audio 4000 RTP/AVP 0"))
	if err != nil || got.PacketTime != 0 {
		t.Errorf("%v %v", got.PacketTime, err)
	}
	has(t, body, "a=ptime:10")
	body, _, _ = NewSession(2).Answer(l, described("m=audio 4000 RTP/AVP 0", "a=ptime:30"))
	has(t, body, "a=ptime:30")
}

func TestSilenceIsOfferedWithNoise(t *testing.T) {
	l := local(codec.PCMU, codec.G729)
	l.Silence = true
	s := NewSession(2)
	has(t, s.Offer(l), "m=audio 16384 RTP/AVP 0 18 13 101", "a=fmtp:18 annexb=yes", "a=rtpmap:13 CN/8000")
	got, err := s.Accept(described("m=audio 4000 RTP/AVP 0 13"))
	if err != nil || got.NoiseSend != 13 || got.NoiseReceive != 13 {
		t.Errorf("%+v %v", got, err)
	}
	if got, err = s.Accept(described("m=audio 4000 RTP/AVP 0")); err != nil || got.NoiseSend != 0 {
		t.Errorf("%+v %v", got, err)
	}
	l = local(codec.Opus)
	l.Silence = true
	has(t, NewSession(2).Offer(l), "m=audio 16384 RTP/AVP 96 101 97", "a=fmtp:96 useinbandfec=1;usedtx=1")
}

func FuzzParameters(f *testing.F) {
	for _, o := range offers {
		f.Add(strings.Join(o.lines, "\r\n"))
	}
	f.Fuzz(func(t *testing.T, body string) {
		l := all()
		l.Silence = true
		s := NewSession(2)
		if answer, a, err := s.Answer(l, described(body)); err == nil {
			if _, ok := codec.Lookup(a.Send.Codec); !ok || a.Send.PayloadType > 127 || len(a.Receive) == 0 || len(a.Send.Fmtp) > maxFmtp {
				t.Errorf("%+v", a)
			}
			if len(answer) > 2*len(body)+2000 {
				t.Errorf("%d bytes answered with %d", len(body), len(answer))
			}
			info, _ := codec.Lookup(a.Send.Codec)
			if tunable, ok := info.New().(codec.Tunable); ok {
				tunable.Tune(a.Send.Fmtp)
			}
		}
		list := strings.Fields(lines(s.Offer(l))[5])
		if len(list) > 3+len(l.Codecs)+3 {
			t.Errorf("%v", list)
		}
	})
}
