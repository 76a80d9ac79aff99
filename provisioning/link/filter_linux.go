package link

import (
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// The filters run in the kernel (socket(7), SO_ATTACH_FILTER), so that a wire
// does not wake the process for each packet of voice. They have the classic
// BPF's form: load a field, compare, refuse or go on.

// whole passes a frame as it is; none refuses it.
var (
	whole = bpf.RetConstant{Val: 1 << 18}
	none  = bpf.RetConstant{Val: 0}
)

// refuse ends the program if the accumulator compares so.
func refuse(cond bpf.JumpTest, value uint32) []bpf.Instruction {
	return []bpf.Instruction{bpf.JumpIf{Cond: cond, Val: value, SkipFalse: 1}, none}
}

// pass takes the frame if the accumulator is value.
func pass(value uint32) []bpf.Instruction {
	return []bpf.Instruction{bpf.JumpIf{Cond: bpf.JumpEqual, Val: value, SkipFalse: 1}, whole}
}

type program []bpf.Instruction

func (p *program) add(parts ...[]bpf.Instruction) {
	for _, part := range parts {
		*p = append(*p, part...)
	}
}

// field refuses frames in which the bytes at offset are not these.
func (p *program) field(offset uint32, size int, value uint32) {
	p.add([]bpf.Instruction{bpf.LoadAbsolute{Off: offset, Size: size}}, refuse(bpf.JumpNotEqual, value))
}

// fromOthers refuses what this host sent itself and what is for another one,
// which comes along when the interface is in promiscuous mode.
func fromOthers() program {
	p := program{bpf.LoadExtension{Num: bpf.ExtType}}
	p.add(refuse(bpf.JumpGreaterOrEqual, unix.PACKET_OTHERHOST)) // then PACKET_OUTGOING
	return p
}

// ofVLAN refuses frames of other VLANs than this one. The kernel takes the tag
// out of the frame and keeps it beside. Without a tag, or with one that has a
// priority but no VLAN, a frame is of VLAN 0.
func ofVLAN(vlan uint32) program {
	p := program{
		bpf.LoadExtension{Num: bpf.ExtVLANTagPresent},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: 0, SkipTrue: 2}, // then the accumulator is 0, as the VLAN
		bpf.LoadExtension{Num: bpf.ExtVLANTag},
		bpf.ALUOpConstant{Op: bpf.ALUOpAnd, Val: 0xfff},
	}
	p.add(refuse(bpf.JumpNotEqual, vlan))
	return p
}

// isControl does what IsControl does.
func isControl() program {
	var ip program
	ip.field(offsetPayload+9, 1, protoUDP)
	ip.add([]bpf.Instruction{bpf.LoadAbsolute{Off: offsetPayload + 6, Size: 2}}, refuse(bpf.JumpBitsSet, 0x1fff))
	ip.add([]bpf.Instruction{bpf.LoadMemShift{Off: offsetPayload}, bpf.TXA{}}, refuse(bpf.JumpLessThan, minIPv4))
	ip.add([]bpf.Instruction{bpf.LoadIndirect{Off: offsetPayload + 2, Size: 2}}, refuse(bpf.JumpNotEqual, portClient), []bpf.Instruction{whole})

	p := program{bpf.LoadAbsolute{Off: offsetType, Size: 2}}
	p.add(pass(etherARP), pass(EtherLLDP))
	p.add([]bpf.Instruction{bpf.JumpIf{Cond: bpf.JumpEqual, Val: etherIPv4, SkipFalse: uint8(len(ip))}}, ip)
	p.add(refuse(bpf.JumpGreaterThan, maxLength))
	p.text(0, CDPGroup)
	p.text(offsetPayload, CDPSNAP)
	p.add([]bpf.Instruction{whole})
	return p
}

// text refuses frames that do not have these bytes, of an even number, there.
func (p *program) text(offset uint32, want string) {
	for i := 0; i < len(want); i += 2 {
		p.field(offset+uint32(i), 2, uint32(want[i])<<8|uint32(want[i+1]))
	}
}

// attach makes a socket pass only what the parts, one after the other, let
// through; the last one decides.
func attach(fd int, parts ...program) error {
	var p program
	for _, part := range parts {
		p.add(part)
	}
	raw, err := bpf.Assemble(p)
	if err != nil {
		return err
	}
	filter := make([]unix.SockFilter, len(raw))
	for i, r := range raw {
		filter[i] = unix.SockFilter{Code: r.Op, Jt: r.Jt, Jf: r.Jf, K: r.K}
	}
	return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]})
}
