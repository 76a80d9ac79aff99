package linktest

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"deskset/provisioning/link"
)

var (
	macA = net.HardwareAddr{2, 0, 0, 0, 0, 0xa}
	macB = net.HardwareAddr{2, 0, 0, 0, 0, 0xb}
	macC = net.HardwareAddr{2, 0, 0, 0, 0, 0xc}
	all  = net.HardwareAddr{255, 255, 255, 255, 255, 255}
)

// frame is an ARP frame with a mark in its payload.
func frame(to, from net.HardwareAddr, mark byte) []byte {
	return slices.Concat(to, from, []byte{8, 6, mark})
}

// marks takes what waits at a wire.
func marks(t *testing.T, w link.Wire) (got []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	for {
		f, err := w.Receive(ctx)
		if err != nil {
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Receive: %v", err)
			}
			return got
		}
		got = append(got, f[14])
	}
}

func send(t *testing.T, w link.Wire, f []byte) {
	t.Helper()
	if err := w.Send(f); err != nil {
		t.Errorf("Send: %v", err)
	}
}

func TestSegmentDeliversByAddressAndVLAN(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seg := NewSegment()
		a, a2, b, c := seg.Wire(macA, 0), seg.Wire(macA, 0), seg.Wire(macB, 0), seg.Wire(macC, 0)
		a110, b110 := seg.Wire(macA, 110), seg.Wire(macB, 110)
		send(t, a, frame(all, macA, 1))
		send(t, a, frame(macB, macA, 2))
		send(t, a110, frame(macB, macA, 3))
		for _, c := range []struct {
			name string
			wire link.Wire
			want []byte
		}{{"b", b, []byte{1, 2}}, {"c", c, []byte{1}}, {"b in 110", b110, []byte{3}}, {"a", a, nil}, {"a again", a2, nil}} {
			if got := marks(t, c.wire); !bytes.Equal(got, c.want) {
				t.Errorf("%s got %v, want %v", c.name, got, c.want)
			}
		}
	})
}

func TestSegmentLosesWhatTheHookSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seg := NewSegment()
		a, b := seg.Wire(macA, 7), seg.Wire(macB, 7)
		seg.Drop(func(f Frame) bool {
			if f.VLAN != 7 || !bytes.Equal(f.From, macA) {
				t.Errorf("hook saw VLAN %d from %s", f.VLAN, f.From)
			}
			return f.Data[14] == 2
		})
		for mark := range 4 {
			send(t, a, frame(all, macA, byte(mark)))
		}
		if got := marks(t, b); !bytes.Equal(got, []byte{0, 1, 3}) {
			t.Errorf("got %v, want 0 1 3", got)
		}
		seg.Drop(Loss(0.2, 1))
		for range 200 {
			send(t, a, frame(all, macA, 9))
		}
		if n := len(marks(t, b)); n < 140 || n > 180 {
			t.Errorf("%d of 200 came through a loss of a fifth", n)
		}
	})
}

func TestWireEndsByCloseAndContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := NewSegment().Wire(macA, 0)
		done := make(chan error)
		go func() { _, err := a.Receive(t.Context()); done <- err }()
		synctest.Wait()
		a.Close()
		if err := <-done; !errors.Is(err, link.ErrClosed) {
			t.Errorf("Receive = %v, want ErrClosed", err)
		}
		if err := a.Send(frame(all, macA, 0)); !errors.Is(err, link.ErrClosed) {
			t.Errorf("Send = %v, want ErrClosed", err)
		}
		if err := a.Close(); err != nil {
			t.Errorf("second Close = %v", err)
		}
	})
}

func TestPortPassesControlFramesAndRemembersAddresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		seg := NewSegment()
		var p link.Port = seg.Port("lab", macA)
		w, err := p.Open(t.Context(), 110)
		if err != nil {
			t.Fatal(err)
		}
		b := seg.Wire(macB, 110)
		send(t, b, slices.Concat(all, macB, []byte{0x86, 0xdd, 1}))
		send(t, b, frame(macA, macB, 2))
		if got := marks(t, w); !bytes.Equal(got, []byte{2}) {
			t.Errorf("got %v, want the ARP frame only", got)
		}
		if _, err := p.Open(t.Context(), 4095); !errors.Is(err, link.ErrVLAN) {
			t.Errorf("Open 4095 = %v, want ErrVLAN", err)
		}
		p.Close()
		if _, err := p.Open(t.Context(), 0); !errors.Is(err, link.ErrClosed) {
			t.Errorf("Open after Close = %v, want ErrClosed", err)
		}
		if _, err := w.Receive(t.Context()); !errors.Is(err, link.ErrClosed) {
			t.Errorf("Receive after Close = %v, want ErrClosed", err)
		}
	})
}
