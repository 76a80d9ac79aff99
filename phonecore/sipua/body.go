package sipua

import (
	"bytes"
	"errors"
	"mime"
	"mime/multipart"
	"strings"

	"deskset/phonecore/sipua/wire"
)

// maxParts bounds what is looked at in a multipart body.
const maxParts = 16

// errBody: the body is of a kind that we do not read; it deserves a 415.
var errBody = errors.New("body of an unsupported type")

// description is the session description of a message, nil if it has none.
// Gateways hide it in multipart/mixed beside ISUP (RFC 5621).
func description(m *wire.Message) ([]byte, error) {
	if len(m.Body) == 0 {
		return nil, nil
	}
	if enc := m.Header.Get("Content-Encoding"); enc != "" && !strings.EqualFold(enc, "identity") {
		return nil, errBody
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	switch {
	case m.Header.Get("Content-Type") == "" || err == nil && kind == sdpType:
		return m.Body, nil // a careless peer means SDP
	case err != nil:
		return nil, errBody
	case strings.HasPrefix(kind, "multipart/"):
		return descriptionPart(m.Body, params["boundary"])
	case optional(m.Header.Get("Content-Disposition")):
		return nil, nil
	}
	return nil, errBody
}

func optional(disposition string) bool {
	_, params, err := mime.ParseMediaType(disposition)
	return err == nil && strings.EqualFold(params["handling"], "optional")
}

func descriptionPart(body []byte, boundary string) ([]byte, error) {
	if boundary == "" {
		return nil, errBody
	}
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for range maxParts {
		part, err := r.NextRawPart()
		if err != nil {
			break
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if kind != sdpType {
			continue
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(part); err != nil {
			break
		}
		return b.Bytes(), nil
	}
	return nil, errBody
}
