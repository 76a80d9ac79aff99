// Package g729 is the voice codec of ITU-T Recommendation G.729 in the reduced
// complexity of its Annex A, 8 kbit/s in frames of 10 ms, with the silence
// compression of Annex B, from the text of the Recommendation (edition
// 01/2007): sections 3 and 4, A.3 and A.4, B.3 and B.4.
//
// The decoder works in fixed point with the operations of section 5.2, table 11
// (fixed.go). Where the text leaves open in which order something is rounded,
// the ITU's test vectors decided: they come back bit for bit (the tests look for
// them in $DESKSET_G729_VECTORS). For comfort noise there are no vectors here:
// it is compared with bcg729's, with which it shares every random number.
//
//	decoder := g729.NewDecoder()
//	pcm, err := decoder.Decode(pcm, payload) // frames of 10 bytes, a last one of 2 describes silence
//	pcm = decoder.Conceal(pcm, 80)           // a frame was lost, or not sent in silence
//
// The encoder chooses in floating point, which need not be the same bit for bit,
// and puts what it chose through the decoder's arithmetic: both ends have one
// state, and no rounding adds up. It searches more than Annex A has time for
// (the energy in the adaptive codebook, all pairs of gains, an eighth of the
// fixed codebook), so what is decoded is nearer to the input than the vectors'
// own frames are.
//
//	encoder := g729.NewEncoder()
//	encoder.SetDTX(true)                  // Annex B, unless SDP says annexb=no
//	payload = encoder.Encode(payload, pcm) // one packet; nothing appended: nothing to send
//
// # Where the constants come from
//
// The Recommendation makes codebooks and predictors that were trained
// normative (section 2.4) but prints them only in its software. tables.go and
// tables_encoder.go hold these figures and nothing else of that software. They
// were copied as numbers from public tables, and each was compared entry by
// entry with a second source that does not stem from the first: the codebooks
// and predictors with what bcg729 and FFmpeg hold, the rest with one of them or
// with another public table. Whatever the text prints or gives a formula for is
// computed: see tables_formula.go.
package g729

const (
	frameSamples    = 80 // 10 ms at 8 kHz (section 2.4)
	subframeSamples = 40
	order           = 10 // of the linear prediction

	speechBytes = 10 // 80 bits, table 8
	sidBytes    = 2  // 15 bits, table B.2, and one unused (RFC 3551 section 4.5.6)

	minDelay = 20
	maxDelay = 143 // of the pitch, section 3.7
)
