package trace

import "encoding/binary"

// Block types, option codes and link types of a pcapng file, after
// draft-ietf-opsawg-pcapng and draft-ietf-opsawg-pcaplinktype.
const (
	blockSection    = 0x0a0d0d0a
	blockInterface  = 1
	blockStatistics = 5
	blockPacket     = 6 // Enhanced Packet Block

	byteOrder = 0x1a2b3c4d

	optEnd         = 0
	optComment     = 1
	optOS          = 3 // of a section
	optProgram     = 4 // of a section
	optName        = 2 // of an interface
	optDescription = 3 // of an interface
	optResolution  = 9 // of an interface
	optFlags       = 2 // of a packet
	optReceived    = 4 // of statistics
	optDropped     = 5 // of statistics

	directionIn  = 1 // packet flags, bits 0 and 1
	directionOut = 2

	linkEthernet = 1
	linkRaw      = 101 // an IPv4 or IPv6 packet
	linkPDU      = 252 // Wireshark's exported PDU

	nanoseconds = 9 // resolution: ten to the minus nine

	// snapLength is the largest packet that Wireshark reads.
	snapLength = 256 << 10
)

// block appends a block whose body fill appends.
func block(b []byte, kind uint32, fill func(b []byte) []byte) []byte {
	start := len(b)
	b = binary.LittleEndian.AppendUint32(b, kind)
	b = append(b, 0, 0, 0, 0)
	b = fill(b)
	total := uint32(len(b) - start + 4)
	binary.LittleEndian.PutUint32(b[start+4:], total)
	return binary.LittleEndian.AppendUint32(b, total)
}

// pad appends zeros up to a multiple of four from start.
func pad(b []byte, start int) []byte {
	for (len(b)-start)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

func option(b []byte, code uint16, value []byte) []byte {
	b = binary.LittleEndian.AppendUint16(b, code)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(value)))
	start := len(b)
	return pad(append(b, value...), start)
}

func optionText(b []byte, code uint16, text string) []byte {
	if text == "" {
		return b
	}
	return option(b, code, []byte(text))
}

func optionNumber(b []byte, code uint16, n uint64) []byte {
	return option(b, code, binary.LittleEndian.AppendUint64(nil, n))
}

func endOfOptions(b []byte) []byte { return append(b, optEnd, 0, 0, 0) }

// appendSection begins a file.
func appendSection(b []byte, program, os, comment string) []byte {
	return block(b, blockSection, func(b []byte) []byte {
		b = binary.LittleEndian.AppendUint32(b, byteOrder)
		b = binary.LittleEndian.AppendUint16(b, 1) // version 1.0
		b = binary.LittleEndian.AppendUint16(b, 0)
		b = binary.LittleEndian.AppendUint64(b, 1<<64-1) // length not known
		b = optionText(b, optProgram, program)
		b = optionText(b, optOS, os)
		b = optionText(b, optComment, comment)
		return endOfOptions(b)
	})
}

// appendInterface describes an interface; packets name it by its place.
func appendInterface(b []byte, link uint16, name, description string) []byte {
	return block(b, blockInterface, func(b []byte) []byte {
		b = binary.LittleEndian.AppendUint16(b, link)
		b = append(b, 0, 0)
		b = binary.LittleEndian.AppendUint32(b, snapLength)
		b = optionText(b, optName, name)
		b = optionText(b, optDescription, description)
		b = option(b, optResolution, []byte{nanoseconds})
		return endOfOptions(b)
	})
}

// appendPacket writes a packet of an interface. length is that on the wire,
// which is more than len(data) where not all was kept.
func appendPacket(b []byte, place uint32, at int64, data []byte, length int, direction uint32, comment string) []byte {
	return block(b, blockPacket, func(b []byte) []byte {
		b = appendTime(binary.LittleEndian.AppendUint32(b, place), at)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
		b = binary.LittleEndian.AppendUint32(b, uint32(length))
		start := len(b)
		b = pad(append(b, data...), start)
		b = optionText(b, optComment, comment)
		if direction != 0 {
			b = option(b, optFlags, binary.LittleEndian.AppendUint32(nil, direction))
		}
		return endOfOptions(b)
	})
}

// appendStatistics ends an interface.
func appendStatistics(b []byte, place uint32, at int64, received, dropped uint64, comment string) []byte {
	return block(b, blockStatistics, func(b []byte) []byte {
		b = appendTime(binary.LittleEndian.AppendUint32(b, place), at)
		b = optionText(b, optComment, comment)
		b = optionNumber(b, optReceived, received)
		b = optionNumber(b, optDropped, dropped)
		return endOfOptions(b)
	})
}

// appendTime writes nanoseconds since 1970 in two halves.
func appendTime(b []byte, at int64) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(at>>32))
	return binary.LittleEndian.AppendUint32(b, uint32(at))
}
