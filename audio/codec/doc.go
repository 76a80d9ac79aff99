// Package codec turns voice into RTP payloads and back. One interface,
// [Codec], and one file per codec: G.711 µ-law and A-law (ITU-T G.711,
// RFC 3551 section 4.5.14), G.722 (section 4.5.2), G.729 (package g729 beside this one) and Opus (RFC 6716, RFC 7587).
// What only some of them can is an optional interface: [Concealer],
// [Recoverer], [Silencer], [Discontinuous], [Tunable], [Protective].
//
// A codec is chosen by its SDP name from the one table of this package:
//
//	info, ok := codec.Lookup(codec.PCMU)
//	c := info.New()
//	payload := c.Encode(nil, pcm) // any number of samples
//	pcm, err := c.Decode(nil, payload)
//
// Samples are 16-bit linear, mono, full scale ±32768, which is +3.14 dBm0 for
// a sine (G.711, A-law). Encode and Decode append and allocate nothing when
// the destination has room; only Opus' encoder allocates where it repeats itself
// for losses, and its decoder where it takes that, or makes comfort noise.
package codec
