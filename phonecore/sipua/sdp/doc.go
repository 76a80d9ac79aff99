// Package sdp reads and writes session descriptions (RFC 4566, and what RFC
// 2327-era peers really send) and carries out offer and answer (RFC 3264) for
// one audio stream. The reader is lenient: it takes what it understands and
// refuses other media with port 0.
package sdp
