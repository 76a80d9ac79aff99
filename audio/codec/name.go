package codec

// Name is a codec's encoding name in SDP (RFC 3551 section 6 and the IANA
// registry), in the registry's spelling.
type Name string

// The codecs that the project names. Which are built in, [Names] tells.
const (
	PCMU Name = "PCMU"
	PCMA Name = "PCMA"
	G722 Name = "G722"
	G729 Name = "G729"
	Opus Name = "opus"
	// CN is comfort noise (RFC 3389): it describes silence for codecs that cannot.
	CN Name = "CN"
)
