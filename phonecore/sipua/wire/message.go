package wire

// Message is a SIP request or response.
type Message struct {
	// Method and RequestURI of a request; Method is empty in a response.
	Method     string
	RequestURI string
	// Status and Reason of a response.
	Status int
	Reason string

	Header Header
	Body   []byte
}

// Field is one header field.
type Field struct{ Name, Value string }

// Header is the header fields in their order.
type Header []Field
