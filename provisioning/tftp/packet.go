package tftp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// opcode is the first field of a packet (RFC 1350 section 5, RFC 2347).
type opcode uint16

const (
	opRRQ   opcode = 1
	opDATA  opcode = 3
	opACK   opcode = 4
	opERROR opcode = 5
	opOACK  opcode = 6
)

// errorCode is the code of an ERROR packet (RFC 1350, appendix; 8 in RFC 2347).
type errorCode uint16

const (
	codeUndefined     errorCode = 0
	codeNotFound      errorCode = 1
	codeAccess        errorCode = 2
	codeDiskFull      errorCode = 3
	codeIllegal       errorCode = 4
	codeUnknownTID    errorCode = 5
	codeNoUser        errorCode = 7
	codeOptionRefused errorCode = 8
)

// Lengths of a packet's fixed part, and limits of blksize (RFC 2348).
const (
	headerLength     = 4
	defaultBlockSize = 512
	maxBlockSize     = 65464
)

// packOptions makes an OACK of a block size.
func packOptions(blockSize int) []byte {
	b := binary.BigEndian.AppendUint16(nil, uint16(opOACK))
	return fmt.Appendf(b, "blksize\x00%d\x00", blockSize)
}

func packACK(block uint16) []byte {
	b := binary.BigEndian.AppendUint16(nil, uint16(opACK))
	return binary.BigEndian.AppendUint16(b, block)
}

func packError(code errorCode, text string) []byte {
	b := binary.BigEndian.AppendUint16(nil, uint16(opERROR))
	b = binary.BigEndian.AppendUint16(b, uint16(code))
	return append(append(b, text...), 0)
}

// packet is what a server may send: DATA, ERROR or OACK.
type packet struct {
	op opcode
	// number is the block of DATA, the code of ERROR.
	number uint16
	// payload is the data or the error's text; it aliases the buffer.
	payload []byte
	options []option
}

type option struct{ name, value string }

var errPacket = errors.New("malformed packet")

// parse reads a packet from a server.
func parse(b []byte) (packet, error) {
	if len(b) < 2 {
		return packet{}, fmt.Errorf("%w: %d bytes", errPacket, len(b))
	}
	p := packet{op: opcode(binary.BigEndian.Uint16(b))}
	switch p.op {
	case opDATA, opERROR:
		if len(b) < headerLength {
			return packet{}, fmt.Errorf("%w: %d bytes", errPacket, len(b))
		}
		p.number, p.payload = binary.BigEndian.Uint16(b[2:]), b[headerLength:]
		return p, nil
	case opOACK:
		var err error
		p.options, err = parseOptions(b[2:])
		return p, err
	}
	return packet{}, fmt.Errorf("%w: opcode %d", errPacket, p.op)
}

// maxOptions is more than this client asks for.
const maxOptions = 8

// parseOptions reads pairs of strings that each end in a zero byte (RFC 2347).
func parseOptions(b []byte) ([]option, error) {
	var options []option
	for len(b) > 0 {
		name, rest, ok := bytes.Cut(b, []byte{0})
		value, rest, ok2 := bytes.Cut(rest, []byte{0})
		if !ok || !ok2 || len(name) == 0 || len(options) == maxOptions {
			return nil, fmt.Errorf("%w: options", errPacket)
		}
		options = append(options, option{strings.ToLower(string(name)), string(value)})
		b = rest
	}
	return options, nil
}

// errorText is the text of an ERROR packet.
func (p packet) errorText() string {
	text, _, _ := bytes.Cut(p.payload, []byte{0})
	return string(text)
}
