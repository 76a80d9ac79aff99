package tftpd

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The opcodes (RFC 1350 section 5, RFC 2347).
const (
	opRRQ   = 1
	opWRQ   = 2
	opDATA  = 3
	opACK   = 4
	opERROR = 5
	opOACK  = 6
)

// The codes of ERROR (RFC 1350, appendix).
const (
	codeUndefined  = 0
	codeNotFound   = 1
	codeAccess     = 2
	codeIllegal    = 4
	codeUnknownTID = 5
)

// Limits of a request: one that is longer than a packet without options may be
// (RFC 2347) is none.
const (
	maxRequestSize   = 512
	defaultBlockSize = 512
	minBlockSize     = 8
	// maxBlockSize keeps a packet within an Ethernet frame, whatever more the
	// client can take (RFC 2348 lets the server choose less).
	maxBlockSize = 1428
)

// request is what a client asks for.
type request struct {
	write    bool
	name     string
	netascii bool
	// options that are taken, in the order in which they came.
	options   []string
	blockSize int
	tsize     bool          // the size is asked for
	timeout   time.Duration // 0: not asked for
}

var errRequest = errors.New("illegal TFTP operation")

// parseRequest reads RRQ or WRQ. Options that are unknown or make no sense are
// left out of the answer, which is how a server declines them (RFC 2347).
func parseRequest(b []byte) (request, error) {
	if len(b) < 4 || len(b) > maxRequestSize || b[len(b)-1] != 0 {
		return request{}, errRequest
	}
	op := binary.BigEndian.Uint16(b)
	fields := strings.Split(string(b[2:len(b)-1]), "\x00")
	if op != opRRQ && op != opWRQ || len(fields)%2 != 0 {
		return request{}, errRequest
	}
	r := request{write: op == opWRQ, name: fields[0], blockSize: defaultBlockSize}
	switch strings.ToLower(fields[1]) {
	case "octet":
	case "netascii":
		r.netascii = true
	default: // mail is obsolete
		return request{}, fmt.Errorf("%w: mode %.16q, want octet", errRequest, fields[1])
	}
	for i := 2; i < len(fields); i += 2 {
		r.take(strings.ToLower(fields[i]), fields[i+1])
	}
	return r, nil
}

// take takes an option that is known, and had not been given before.
func (r *request) take(name, value string) {
	n, err := strconv.ParseUint(value, 10, 31)
	switch {
	case err != nil:
		return
	case name == "blksize" && n >= minBlockSize && r.blockSize == defaultBlockSize:
		r.blockSize = min(int(n), maxBlockSize)
	case name == "tsize" && !r.tsize:
		r.tsize = true
	case name == "timeout" && n >= 1 && n <= 255 && r.timeout == 0:
		r.timeout = time.Duration(n) * time.Second
	default:
		return
	}
	r.options = append(r.options, name)
}

// oack answers the options; size is that of the file, below 0 if it is not to
// be told. It is nil if there is nothing to answer.
func (r request) oack(size int64) []byte {
	b := binary.BigEndian.AppendUint16(nil, opOACK)
	for _, name := range r.options {
		value := int64(r.blockSize)
		switch name {
		case "tsize":
			value = size
		case "timeout":
			value = int64(r.timeout / time.Second)
		}
		if value >= 0 {
			b = fmt.Appendf(b, "%s\x00%d\x00", name, value)
		}
	}
	if len(b) == 2 {
		return nil
	}
	return b
}

func packData(block uint16, data []byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, opDATA)
	return append(binary.BigEndian.AppendUint16(b, block), data...)
}

func packError(code uint16, text string) []byte {
	b := binary.BigEndian.AppendUint16(nil, opERROR)
	b = binary.BigEndian.AppendUint16(b, code)
	return append(append(b, text...), 0)
}

// toNetascii writes text as a teletype has it (RFC 1350 section 1, RFC 764).
func toNetascii(data []byte) []byte {
	data = bytes.ReplaceAll(data, []byte("\r"), []byte("\r\x00"))
	return bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
}
