package port

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"deskset/provisioning/link"
)

// Bounds of what one phone has.
const (
	maxWires = 16
	maxVLANs = 8 // joined in the time of a connection
)

// errBusy is what a second phone is told.
var errBusy = fmt.Errorf("%w: another phone has it; end that one first", link.ErrBusy)

// server serves a port to one phone at a time. It takes the port when a phone
// comes, so that all that this one set is undone when it goes.
type server struct {
	take    func() (link.Port, error)
	allowed func(net.Conn) error
	log     *slog.Logger

	busy     atomic.Bool
	sessions sync.WaitGroup
}

// serve answers phones until ctx ends; then its result is nil.
func (s *server) serve(ctx context.Context, l net.Listener) error {
	defer s.sessions.Wait()
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	for {
		conn, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("socket: %w", err)
		}
		if err := s.allowed(conn); err != nil {
			s.log.Warn("connection refused", "error", err)
			conn.Close()
			continue
		}
		free := s.busy.CompareAndSwap(false, true)
		s.sessions.Go(func() {
			stop := context.AfterFunc(ctx, func() { conn.Close() })
			defer stop()
			defer conn.Close()
			if !free {
				s.log.Warn("connection refused", "error", errBusy)
				s.explain(conn, errBusy)
				return
			}
			defer s.busy.Store(false)
			s.session(ctx, conn)
		})
	}
}

// session serves one phone until its connection ends.
func (s *server) session(ctx context.Context, conn net.Conn) {
	port, err := s.take()
	if err != nil {
		s.log.Error("port is not to be had", "error", err)
		s.explain(conn, err)
		return
	}
	s.log.Info("phone has the port", "port", port.Name())
	p := &phone{channel: channel{conn: conn}, port: port, wires: map[uint32]link.Wire{}, vlans: map[int]bool{}}
	err = p.run(ctx)
	s.log.Info("phone gives the port back", "port", port.Name(), "reason", err)
	if err := port.Close(); err != nil {
		s.log.Error("port is not as it was", "error", err)
	}
	p.pumps.Wait()
}

// explain answers the first request with an error.
func (s *server) explain(conn net.Conn, err error) {
	c := channel{conn: conn}
	if conn.SetReadDeadline(time.Now().Add(writeLimit)) != nil {
		return // it is gone
	}
	kind, body, failed := c.receive()
	var r request
	if failed != nil || kind != controlMessage || json.Unmarshal(body, &r) != nil {
		return
	}
	answer := reply{ID: r.ID}
	answer.fail(err)
	if err := c.control(answer); err != nil {
		s.log.Warn("phone not told", "error", err)
	}
}

// phone is a session.
type phone struct {
	channel
	port  link.Port
	wires map[uint32]link.Wire
	vlans map[int]bool
	watch bool
	pumps sync.WaitGroup
}

// run serves until the connection ends or makes no sense.
func (p *phone) run(ctx context.Context) error {
	for {
		kind, body, err := p.receive()
		if err != nil {
			return err
		}
		switch kind {
		case frameMessage:
			err = p.transmit(body)
		case controlMessage:
			var r request
			if err = json.Unmarshal(body, &r); err == nil {
				err = p.control(p.answer(ctx, r))
			}
		default:
			err = fmt.Errorf("message of kind %d", kind)
		}
		if err != nil {
			return err
		}
	}
}

// transmit sends a frame of the phone's. One that is not allowed ends the
// connection; our own side of it does not let them through.
func (p *phone) transmit(body []byte) error {
	id, frame, err := splitFrame(body)
	if err != nil {
		return err
	}
	w := p.wires[id]
	if w == nil { // it was closed meanwhile
		return nil
	}
	if !maySend(frame, p.port.MAC()) {
		return errNotControl
	}
	_ = w.Send(frame) // lost as on any cable
	return nil
}

// answer does what a request asks for.
func (p *phone) answer(ctx context.Context, r request) reply {
	answer := reply{ID: r.ID}
	var err error
	switch r.Do {
	case doHello:
		answer.Name, answer.MAC = p.port.Name(), p.port.MAC()
	case doOpen:
		err = p.open(ctx, r)
	case doClose:
		if w := p.wires[r.Wire]; w != nil {
			delete(p.wires, r.Wire)
			err = w.Close()
		}
	case doConfigure:
		if err = p.join(r.VLAN); err == nil {
			err = p.port.Configure(r.VLAN, r.Address)
		}
	case doWatch:
		p.watchCarrier(ctx)
	default:
		err = errors.New("helper of the port does not know this request; is it of another version?")
	}
	if err != nil {
		answer.fail(err)
	}
	return answer
}

// join counts the VLANs.
func (p *phone) join(vlan int) error {
	if err := link.CheckVLAN(vlan); err != nil {
		return err
	}
	if !p.vlans[vlan] && len(p.vlans) == maxVLANs {
		return fmt.Errorf("VLAN %d is one too many: there are %d", vlan, maxVLANs)
	}
	p.vlans[vlan] = true
	return nil
}

// watchCarrier hands the news of the cable on. When the port is gone for good,
// so is the session.
func (p *phone) watchCarrier(ctx context.Context) {
	if p.watch {
		return
	}
	p.watch = true
	p.pumps.Go(func() {
		err := p.port.Watch(ctx, func(up bool) {
			// A connection that fails ends the session.
			_ = p.send(carrierMessage, []byte{map[bool]byte{true: 1}[up]})
		})
		if errors.Is(err, link.ErrClosed) {
			p.conn.Close()
		}
	})
}

// open opens a wire and hands its frames on.
func (p *phone) open(ctx context.Context, r request) error {
	if len(p.wires) >= maxWires || p.wires[r.Wire] != nil {
		return fmt.Errorf("wire %d: there are %d of %d, or it is there", r.Wire, len(p.wires), maxWires)
	}
	if err := p.join(r.VLAN); err != nil {
		return err
	}
	w, err := p.port.Open(ctx, r.VLAN)
	if err != nil {
		return err
	}
	p.wires[r.Wire] = w
	p.pumps.Go(func() {
		for {
			frame, err := w.Receive(ctx)
			if err != nil || p.frame(r.Wire, frame) != nil {
				return
			}
		}
	})
	return nil
}
