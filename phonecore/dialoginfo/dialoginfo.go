// Package dialoginfo knows what another phone is doing from the documents of RFC
// 4235 (event package "dialog"), as a busy lamp needs it: nothing, ringing, or in
// a call.
//
//	var watched dialoginfo.State
//	doc, err := dialoginfo.Parse(body)
//	...
//	if watched.Apply(doc) {
//		// a document was lost: ask for a full one
//	}
//	lamp := watched.Lamp()
//
// Sizes and numbers are bounded whatever the server sends.
package dialoginfo

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// MIME is the media type of a document (RFC 4235 section 4.1).
const MIME = "application/dialog-info+xml"

// Limits of a document and of what is kept. A phone has a handful of dialogs.
const (
	maxBody    = 16 << 10
	maxDialogs = 32
	maxDepth   = 12
	maxText    = 256
)

// Lamp is what a busy lamp shows.
type Lamp uint8

// The states of a lamp.
const (
	// Unknown: nothing has been heard.
	Unknown Lamp = iota
	Idle
	Ringing
	Busy
)

// Document is one document.
type Document struct {
	Version uint32
	// Full documents list every dialog, partial ones those that have changed.
	Full    bool
	Dialogs []Dialog
}

// Dialog is what the other phone has to do with one peer.
type Dialog struct {
	ID string
	// State as it stands there: trying, proceeding, early, confirmed, terminated.
	State string
	// Called tells that the watched phone is the one that was called.
	Called bool
}

var (
	errNoDocument = errors.New("no element dialog-info")
	errTooDeep    = fmt.Errorf("elements nested more than %d deep", maxDepth)
	errTooMany    = fmt.Errorf("more than %d dialogs", maxDialogs)
	errTooLong    = fmt.Errorf("more than %d bytes", maxBody)
)

// Parse reads a document. Name spaces are not asked for: some servers leave them
// out. Of a document that breaks off nothing counts.
func Parse(body []byte) (Document, error) {
	var d Document
	if len(body) > maxBody {
		return d, errTooLong
	}
	// What is not UTF-8 is in names only, which nobody reads here.
	r := reader{Decoder: xml.NewDecoder(bytes.NewReader(bytes.ToValidUTF8(body, []byte("?"))))}
	r.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	if err := r.document(); err != nil {
		return Document{}, err
	}
	return r.doc, nil
}

// reader goes through the elements.
type reader struct {
	*xml.Decoder
	doc   Document
	path  []string
	found bool
}

func (r *reader) document() error {
	for {
		token, err := r.Token()
		switch {
		case errors.Is(err, io.EOF) && r.found:
			return nil
		case errors.Is(err, io.EOF):
			return errNoDocument
		case err != nil:
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(r.path) == maxDepth {
				return errTooDeep
			}
			r.path = append(r.path, t.Name.Local)
			if err := r.begin(t); err != nil {
				return err
			}
		case xml.EndElement:
			r.path = r.path[:len(r.path)-1]
		case xml.CharData:
			if r.at("dialog-info", "dialog", "state") && len(r.doc.Dialogs) > 0 {
				last := &r.doc.Dialogs[len(r.doc.Dialogs)-1]
				last.State = short(last.State + strings.ToLower(strings.TrimSpace(string(t))))
			}
		}
	}
}

// at tells whether the element at hand is the one of this path.
func (r *reader) at(path ...string) bool {
	if len(path) != len(r.path) {
		return false
	}
	for i := range path {
		if path[i] != r.path[i] {
			return false
		}
	}
	return true
}

func (r *reader) begin(t xml.StartElement) error {
	switch {
	case r.at("dialog-info"):
		version, err := strconv.ParseUint(attribute(t, "version"), 10, 32)
		if err != nil && attribute(t, "version") != "" {
			return fmt.Errorf("version: %w", err)
		}
		r.found = true
		r.doc.Version = uint32(version)
		r.doc.Full = attribute(t, "state") != "partial"
	case r.at("dialog-info", "dialog"):
		if len(r.doc.Dialogs) == maxDialogs {
			return errTooMany
		}
		r.doc.Dialogs = append(r.doc.Dialogs, Dialog{
			ID: short(attribute(t, "id")), Called: strings.EqualFold(attribute(t, "direction"), "recipient"),
		})
	}
	return nil
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func short(s string) string { return s[:min(len(s), maxText)] }
