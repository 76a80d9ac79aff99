package sdp

import (
	"slices"
	"testing"
)

// TestOnePortIsOfferedOnlyWhileInUse: RFC 5761 section 5.1.1. Our first offer has
// no rtcp-mux; one in a call where the peer has offered it keeps it, and gives it
// up when the answer does.
func TestOnePortIsOfferedOnlyWhileInUse(t *testing.T) {
	const mux, metrics = "a=rtcp-mux", "a=rtcp-xr:voip-metrics"
	s := NewSession(2)
	l := local()
	l.VoiceMetrics = true
	offer := s.Offer(l)
	has(t, offer, metrics)
	if slices.Contains(lines(offer), mux) {
		t.Errorf("%s", offer)
	}
	if a, err := s.Accept(described("m=audio 4000 RTP/AVP 0", mux, metrics)); err != nil || a.Mux || !a.VoiceMetrics {
		t.Errorf("%+v %v", a, err)
	}
	body, a, err := s.Answer(l, described("m=audio 4000 RTP/AVP 0", mux))
	if err != nil || !a.Mux || a.VoiceMetrics {
		t.Fatalf("%+v %v", a, err)
	}
	has(t, body, mux, metrics)
	has(t, s.Offer(l), mux)
	if a, err := s.Accept(described("m=audio 4000 RTP/AVP 0", mux)); err != nil || !a.Mux {
		t.Errorf("%+v %v", a, err)
	}
	if a, err := s.Accept(described("m=audio 4000 RTP/AVP 0")); err != nil || a.Mux {
		t.Errorf("%+v %v", a, err)
	}
	if offer := s.Offer(l); slices.Contains(lines(offer), mux) {
		t.Errorf("%s", offer)
	}
}
