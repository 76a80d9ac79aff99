//go:build linux

package interop

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"deskset/provisioning/link"
	"deskset/provisioning/link/netnstest"
)

// NewHubSite makes a Site with many phones, each in a namespace of its own and
// with an address of its own, on a hub that loses a share of the frames each
// way. The kernel's netem would do that, where there is one; the hub does it
// everywhere and by a seed. Phone of the Site is the first one.
func NewHubSite(t testing.TB, phones int, loss float64, seed uint64) (*Site, []*netnstest.Space) {
	t.Helper()
	sweepOnce()
	s := &Site{t: t, Switch: netnstest.New(t)}
	h := &hub{t: t, loss: loss, random: rand.New(rand.NewPCG(seed, 0))}
	t.Cleanup(h.close)
	h.plug(s.Switch, switchPort)
	var desks []*netnstest.Space
	for i := range phones {
		desk := netnstest.New(t)
		h.plug(desk, phonePort)
		desk.IP("link", "set", phonePort, "address", fmt.Sprintf("00:50:3e:ff:d8:%02x", i))
		desks = append(desks, desk)
	}
	s.Phone = desks[0]
	s.configure()
	h.run()
	return s, desks
}

// hub carries frames between TAP interfaces, as they are, tags and all.
type hub struct {
	t     testing.TB
	ports []*os.File // the first is the switch's
	ended sync.WaitGroup

	mu     sync.Mutex
	loss   float64
	random *rand.Rand
	where  map[string]*os.File // phones by address
}

// plug makes an interface in a namespace.
func (h *hub) plug(s *netnstest.Space, name string) {
	h.t.Helper()
	var fd int
	var err error
	s.Do(func() {
		if fd, err = unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0); err != nil {
			return
		}
		var request *unix.Ifreq
		if request, err = unix.NewIfreq(name); err == nil {
			request.SetUint16(unix.IFF_TAP | unix.IFF_NO_PI)
			err = unix.IoctlIfreq(fd, unix.TUNSETIFF, request)
		}
	})
	if errors.Is(err, os.ErrNotExist) {
		h.t.Skip("this kernel has no /dev/net/tun for a hub")
	}
	if err != nil {
		h.t.Fatalf("%s of the hub: %v", name, err)
	}
	h.ports = append(h.ports, os.NewFile(uintptr(fd), name))
	s.IP("link", "set", name, "up")
}

func (h *hub) run() {
	h.where = map[string]*os.File{}
	for i, port := range h.ports {
		h.ended.Go(func() { h.carry(i, port) })
	}
}

func (h *hub) carry(i int, from *os.File) {
	frame := make([]byte, link.MaxFrame+4)
	for {
		n, err := from.Read(frame)
		if err != nil {
			return // closed
		}
		for _, to := range h.way(i, from, frame[:n]) {
			_, _ = to.Write(frame[:n]) // an interface that is down loses it
		}
	}
}

// way decides who gets a frame: of the switch's, the phone that it is for, or
// all; of a phone's, the switch. Each copy is lost on its own.
func (h *hub) way(i int, from *os.File, frame []byte) (to []*os.File) {
	if len(frame) < 14 {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case i > 0:
		h.where[string(frame[6:12])] = from
		to = h.ports[:1]
	case h.where[string(frame[:6])] != nil:
		to = []*os.File{h.where[string(frame[:6])]}
	default:
		to = h.ports[1:]
	}
	var arrives []*os.File
	for _, port := range to {
		if h.random.Float64() >= h.loss {
			arrives = append(arrives, port)
		}
	}
	return arrives
}

func (h *hub) close() {
	for _, port := range h.ports {
		_ = port.Close()
	}
	h.ended.Wait()
}
