package codec

// Name is a codec's encoding name in SDP (RFC 3551 section 6 and the IANA
// registry), in the registry's spelling.
type Name string

// The codecs that the project names. Which are built in, [Names] tells.
const (
	PCMU Name = "PCMU"
	PCMA Name = "PCMA"
)

// Static gives the payload type that RFC 3551 table 4 fixes for a codec.
func Static(n Name) (payloadType uint8, ok bool) {
	switch n {
	case PCMU:
		return 0, true
	case PCMA:
		return 8, true
	}
	return 0, false
}
