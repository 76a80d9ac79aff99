// Package sdp reads and writes session descriptions (RFC 4566, and what RFC
// 2327-era peers really send) and carries out offer and answer (RFC 3264) for
// one audio stream. The reader is lenient: it takes what it understands and
// refuses other media with port 0.
//
//	s := sdp.NewSession(id)
//	body := s.Offer(local)                        // into an INVITE
//	agreed, err := s.Accept(response.Body)        // from its 2xx
//	body, agreed, err = s.Answer(local, request.Body) // to a re-INVITE
//
// Which codecs there are, package audio/codec says; nothing here names one.
package sdp
