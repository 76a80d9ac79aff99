package port

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"deskset/provisioning/link"
)

// answerLimit is how long the helper may take for an answer; joining a VLAN is
// the slowest.
const answerLimit = 10 * time.Second

// errGone is for all that is asked of a helper that has ended.
var errGone = fmt.Errorf("%w: the helper of the port is gone", link.ErrClosed)

// Dial connects to the helper on a Unix socket. The port is free for others
// again after Close.
func Dial(path string) (link.Port, error) {
	conn, err := net.DialTimeout("unix", path, answerLimit)
	if err != nil {
		return nil, fmt.Errorf("helper of the port: %w: is \"deskset port\" running, and for this user?", err)
	}
	p := &client{channel: channel{conn: conn}, Carrier: link.NewCarrier(true), waiting: map[uint32]chan reply{}, wires: map[uint32]*clientWire{}, closed: make(chan struct{})}
	p.ended.Go(p.run)
	hello, err := p.ask(context.Background(), request{Do: doHello})
	if err != nil {
		p.Close()
		return nil, fmt.Errorf("helper of the port at %s: %w", path, err)
	}
	p.name, p.mac = hello.Name, hello.MAC
	// A helper of an older version cannot: then the carrier stands for ever.
	if _, err := p.ask(context.Background(), request{Do: doWatch}); errors.Is(err, link.ErrClosed) {
		p.Close()
		return nil, fmt.Errorf("helper of the port at %s: %w", path, err)
	}
	return p, nil
}

// client is a link.Port at the far end of a socket.
type client struct {
	channel
	*link.Carrier
	name string
	mac  net.HardwareAddr

	mu      sync.Mutex
	last    uint32 // request
	waiting map[uint32]chan reply
	wires   map[uint32]*clientWire
	closed  chan struct{} // by run, at its end
	ended   sync.WaitGroup
}

// run takes messages in until the connection ends.
func (p *client) run() {
	for {
		kind, body, err := p.receive()
		if err != nil || !p.take(kind, body) {
			break
		}
	}
	p.conn.Close()
	close(p.closed)
	p.Lose()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.wires {
		w.Queue.Close()
	}
}

// take handles a message; it is false if it makes no sense.
func (p *client) take(kind byte, body []byte) bool {
	if kind == carrierMessage && len(body) == 1 {
		p.Set(body[0] != 0)
		return true
	}
	if kind == frameMessage {
		id, frame, err := splitFrame(body)
		if err != nil {
			return false
		}
		p.mu.Lock()
		w := p.wires[id]
		p.mu.Unlock()
		if w != nil {
			w.Put(frame)
		}
		return true
	}
	var r reply
	if kind != controlMessage || json.Unmarshal(body, &r) != nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if answer := p.waiting[r.ID]; answer != nil {
		delete(p.waiting, r.ID)
		answer <- r
	}
	return true
}

// ask sends a request and waits for the reply. Its ID is given here, unless the
// request has one.
func (p *client) ask(ctx context.Context, r request) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	answer := make(chan reply, 1)
	p.mu.Lock()
	if r.ID == 0 {
		r.ID = p.next()
	}
	p.waiting[r.ID] = answer
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.waiting, r.ID)
		p.mu.Unlock()
	}()
	// When the connection fails, run ends, and may still read what the helper
	// said last.
	_ = p.control(r)
	select {
	case got := <-answer:
		return got, got.err()
	case <-p.closed:
		select {
		case got := <-answer: // the last thing that the helper said
			return got, got.err()
		default:
		}
		return reply{}, errGone
	case <-ctx.Done():
		return reply{}, fmt.Errorf("helper of the port does not answer: %w", ctx.Err())
	}
}

// next gives a number; the lock is held.
func (p *client) next() uint32 {
	p.last++
	return p.last
}

// Name implements link.Port.
func (p *client) Name() string { return p.name }

// MAC implements link.Port.
func (p *client) MAC() net.HardwareAddr { return bytes.Clone(p.mac) }

// Simulated implements link.Port.
func (p *client) Simulated() bool { return false }

// Open implements link.Port. The wire is there before the request goes out, so
// that no frame is lost.
func (p *client) Open(ctx context.Context, vlan int) (link.Wire, error) {
	w := &clientWire{Queue: link.NewQueue(), port: p}
	p.mu.Lock()
	w.id = p.next()
	p.wires[w.id] = w
	p.mu.Unlock()
	if _, err := p.ask(ctx, request{ID: w.id, Do: doOpen, VLAN: vlan, Wire: w.id}); err != nil {
		w.Close() // also if the answer only came too late
		return nil, err
	}
	return w, nil
}

// Configure implements link.Port.
func (p *client) Configure(vlan int, a link.Address) error {
	_, err := p.ask(context.Background(), request{Do: doConfigure, VLAN: vlan, Address: a})
	return err
}

// Watch implements link.Port.
func (p *client) Watch(ctx context.Context, tell func(up bool)) error {
	err := p.Carrier.Watch(ctx, tell)
	if errors.Is(err, link.ErrClosed) {
		return errGone
	}
	return err
}

// Close implements link.Port: the helper undoes everything when the connection
// ends.
func (p *client) Close() error {
	p.conn.Close()
	p.ended.Wait()
	return nil
}

// clientWire is a wire at the far end.
type clientWire struct {
	*link.Queue
	port *client
	id   uint32
	gone sync.Once
}

// MAC implements link.Wire.
func (w *clientWire) MAC() net.HardwareAddr { return w.port.MAC() }

// Send implements link.Wire. That the helper could not send the frame is not
// told: it is as lost as on any cable.
func (w *clientWire) Send(frame []byte) error {
	if len(frame) > link.MaxFrame {
		return fmt.Errorf("frame of %d bytes: want at most %d", len(frame), link.MaxFrame)
	}
	if !maySend(frame, w.port.mac) {
		return errNotControl
	}
	if w.Closed() {
		return link.ErrClosed
	}
	if w.port.frame(w.id, frame) != nil {
		return errGone
	}
	return nil
}

// Close implements link.Wire.
func (w *clientWire) Close() error {
	w.gone.Do(func() {
		w.Queue.Close()
		w.port.mu.Lock()
		delete(w.port.wires, w.id)
		w.port.mu.Unlock()
		// If the helper is gone, so is the wire.
		_, _ = w.port.ask(context.Background(), request{Do: doClose, Wire: w.id})
	})
	return nil
}
