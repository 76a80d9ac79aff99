package audio

import "time"

// Quality is how we hear the peer: what was lost on the way of its present
// source, and what a person would say of it.
type Quality struct {
	// Known is false before enough has arrived to judge.
	Known bool
	// Loss and Discard are the percentages of packets that did not come, and of
	// those that came too late to be played.
	Loss, Discard float64
	// Burst and Gap are the times with many losses and those between them (RFC
	// 3611 section 4.7.2).
	Burst, Gap Period
	// OneWay is the delay from the peer's mouth to our ear, as far as it is known.
	OneWay time.Duration
	// Rating is R of the E-model (ITU-T G.107); MOSLQ is the score of what is
	// heard, MOSCQ that of the conversation, which delay disturbs as well.
	Rating, MOSLQ, MOSCQ float64
}

// Period is a kind of time in a call: how long it lasts on average, and which
// percentage of packets is missing in it. Without any such time both are 0.
type Period struct {
	Mean    time.Duration
	Density float64
}

// Far is how the peer hears us, by its RTCP.
type Far struct {
	// Reported tells that there is a reception report of our packets.
	Reported bool
	// Loss is the percentage lost lately, Lost the packets since the beginning.
	Loss   float64
	Lost   int
	Jitter time.Duration
	// Metrics tells that there is a report on VoIP metrics (RFC 3611 section 4.7),
	// of which is what follows; scores that it leaves out are 0.
	Metrics              bool
	Discard              float64
	Rating, MOSLQ, MOSCQ float64
	// Delay is the peer's own: from RTP to its ear and from its mouth to RTP.
	Delay time.Duration
}
