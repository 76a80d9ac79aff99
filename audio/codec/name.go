package codec

// Name is a codec's encoding name in SDP (RFC 3551 section 6 and the IANA
// registry), in the registry's spelling.
type Name string

// The codecs that the project names. Which are built in, [Names] tells.
const (
	PCMU Name = "PCMU"
	PCMA Name = "PCMA"
)
