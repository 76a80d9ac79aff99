package link

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"slices"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// networkOrder is a protocol as packet(7) wants it.
func networkOrder(v uint16) uint16 {
	return binary.NativeEndian.Uint16(binary.BigEndian.AppendUint16(nil, v))
}

// packetSocket opens a socket for whole frames of an interface that pass the
// filter. It is bound last, so that nothing comes in before the filter stands.
func packetSocket(ifi net.Interface, filter ...program) (*os.File, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, needs("CAP_NET_RAW", "packet socket", err)
	}
	bind := func() error {
		if err := attach(fd, filter...); err != nil {
			return fmt.Errorf("filter: %w", err)
		}
		if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_AUXDATA, 1); err != nil {
			return fmt.Errorf("auxiliary data: %w", err)
		}
		return unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: networkOrder(unix.ETH_P_ALL), Ifindex: ifi.Index})
	}
	if err := bind(); err != nil {
		unix.Close(fd)
		return nil, needs("CAP_NET_RAW", "packet socket", err)
	}
	return os.NewFile(uintptr(fd), "packet socket on "+ifi.Name), nil
}

// member has the interface take frames in that are not for its own address.
func member(f *os.File, ifi net.Interface, kind uint16, group string) error {
	m := unix.PacketMreq{Ifindex: int32(ifi.Index), Type: kind, Alen: uint16(len(group))}
	copy(m.Address[:], group)
	return control(f, func(fd int) error {
		return unix.SetsockoptPacketMreq(fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, &m)
	})
}

func control(f *os.File, do func(fd int) error) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if err := raw.Control(func(fd uintptr) { inner = do(int(fd)) }); err != nil {
		return err
	}
	return inner
}

// received is a frame with what the kernel says of it.
type received struct {
	frame []byte // within the buffer
	// unsummed: the checksum of its payload is still to be worked out, by a
	// network card that there is none of between two namespaces.
	unsummed bool
}

// read waits for a frame. A link that goes down is no error: it may come back.
func read(raw syscall.RawConn, buffer []byte) (r received, err error) {
	var n, oob int
	var control [64]byte
	waiting := raw.Read(func(fd uintptr) bool {
		for {
			n, oob, _, _, err = unix.Recvmsg(int(fd), buffer, control[:], 0)
			if err != unix.EINTR && err != unix.ENETDOWN {
				return err != unix.EAGAIN
			}
		}
	})
	if waiting != nil {
		return received{}, waiting
	}
	if err != nil {
		return received{}, err
	}
	return received{frame: buffer[:n], unsummed: unsummed(control[:oob])}, nil
}

// unsummed reads the auxiliary data (packet(7), PACKET_AUXDATA).
func unsummed(control []byte) bool {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return false
	}
	for _, m := range messages {
		if m.Header.Level == unix.SOL_PACKET && m.Header.Type == unix.PACKET_AUXDATA && len(m.Data) >= 4 { // the status is first
			return binary.NativeEndian.Uint32(m.Data)&unix.TP_STATUS_CSUMNOTREADY != 0
		}
	}
	return false
}

// write sends a frame. It waits while the interface's queue is full.
func write(raw syscall.RawConn, frame []byte) (err error) {
	waiting := raw.Write(func(fd uintptr) bool {
		for {
			if _, err = unix.Write(int(fd), frame); err != unix.EINTR {
				return err != unix.EAGAIN
			}
		}
	})
	return errors.Join(waiting, err)
}

// socketWire is a Wire on an interface: the port or one of its VLANs.
type socketWire struct {
	*Queue
	mac   net.HardwareAddr
	file  *os.File
	raw   syscall.RawConn
	log   *slog.Logger
	ended sync.WaitGroup
}

func openWire(ifi net.Interface, mac net.HardwareAddr, log *slog.Logger) (*socketWire, error) {
	file, err := packetSocket(ifi, fromOthers(), ofVLAN(0), isControl())
	if err != nil {
		return nil, err
	}
	raw, err := file.SyscallConn()
	for _, group := range []string{CDPGroup, LLDPGroup} {
		if err == nil {
			err = member(file, ifi, unix.PACKET_MR_MULTICAST, group)
		}
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("packet socket: %w", err)
	}
	w := &socketWire{Queue: NewQueue(), mac: mac, file: file, raw: raw, log: log}
	w.ended.Go(w.run)
	return w, nil
}

// run takes frames in until the wire is closed.
func (w *socketWire) run() {
	buffer := make([]byte, 1<<16)
	for {
		r, err := read(w.raw, buffer)
		if err != nil {
			if w.Queue.Close() { // and not by the wire's Close
				w.log.Error("port is not heard any more", "error", err)
			}
			return
		}
		if len(r.frame) < offsetPayload || len(r.frame) > MaxFrame {
			continue
		}
		frame := slices.Clone(r.frame)
		if r.unsummed {
			clearChecksum(frame)
		}
		w.Put(frame)
	}
}

// clearChecksum makes a UDP checksum that is not worked out one that is not
// there (RFC 768).
func clearChecksum(frame []byte) {
	packet := frame[offsetPayload:]
	if binary.BigEndian.Uint16(frame[offsetType:]) != etherIPv4 || !toClient(packet) {
		return
	}
	const checksum = 6
	if at := int(packet[0]&15)*4 + checksum; len(packet) >= at+2 {
		packet[at], packet[at+1] = 0, 0
	}
}

// MAC implements Wire.
func (w *socketWire) MAC() net.HardwareAddr { return slices.Clone(w.mac) }

// Send implements Wire.
func (w *socketWire) Send(frame []byte) error {
	if len(frame) < offsetPayload || len(frame) > MaxFrame {
		return fmt.Errorf("frame of %d bytes: want %d to %d", len(frame), offsetPayload, MaxFrame)
	}
	if err := write(w.raw, frame); err != nil && w.Closed() {
		return ErrClosed
	} else if err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return nil
}

// Close implements Wire.
func (w *socketWire) Close() error {
	w.Queue.Close()
	err := w.file.Close()
	w.ended.Wait()
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
