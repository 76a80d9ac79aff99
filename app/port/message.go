package port

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"deskset/provisioning/link"
)

// Kinds of messages.
const (
	controlMessage = 'c' // a request, or the reply to one
	frameMessage   = 'f'
	carrierMessage = 'l' // to the phone that watches: a byte, 0 or 1
)

const (
	headLength = 5 // length and kind
	wireLength = 4
	// maxMessage bounds what follows the head.
	maxMessage = 8 << 10
	// writeLimit is how long the other side may take to read.
	writeLimit = 5 * time.Second
)

// request is what a phone asks of the helper.
type request struct {
	ID      uint32       `json:"id"`
	Do      string       `json:"do"` // doHello and so on
	VLAN    int          `json:"vlan,omitempty"`
	Wire    uint32       `json:"wire,omitempty"`
	Address link.Address `json:"address,omitzero"`
}

// What can be asked for.
const (
	doHello     = "hello"     // always first: name and hardware address
	doOpen      = "open"      // a wire in VLAN, which the phone gives the number Wire
	doClose     = "close"     // Wire
	doConfigure = "configure" // Address in VLAN
	doWatch     = "watch"     // the carrier: from now on there is a message for each change
)

// reply answers the request of the same ID.
type reply struct {
	ID    uint32           `json:"id"`
	Name  string           `json:"name,omitempty"`
	MAC   net.HardwareAddr `json:"mac,omitempty"`
	Error string           `json:"error,omitempty"`
	Kind  string           `json:"kind,omitempty"` // of the error, see kinds
}

// kinds are the errors that keep their identity on the way.
var kinds = map[string]error{
	"no right": link.ErrNoRight,
	"not here": link.ErrNotHere,
	"vlan":     link.ErrVLAN,
	"closed":   link.ErrClosed,
	"busy":     link.ErrBusy,
}

// fail puts an error into a reply.
func (r *reply) fail(err error) {
	r.Error = err.Error()
	for kind, is := range kinds {
		if errors.Is(err, is) {
			r.Kind = kind
		}
	}
}

// err is the error in a reply, or nil.
func (r reply) err() error {
	if r.Error == "" {
		return nil
	}
	return remote{r.Error, kinds[r.Kind]}
}

// remote is an error of the helper.
type remote struct {
	text string
	is   error
}

func (r remote) Error() string { return r.text }
func (r remote) Unwrap() error { return r.is }

// channel sends and receives messages. Any goroutine may send; one receives.
type channel struct {
	conn net.Conn
	mu   sync.Mutex
}

func (c *channel) send(kind byte, parts ...[]byte) error {
	length := 0
	for _, p := range parts {
		length += len(p)
	}
	b := binary.BigEndian.AppendUint32(make([]byte, 0, headLength+length), uint32(length))
	b = append(b, kind)
	for _, p := range parts {
		b = append(b, p...)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.conn.SetWriteDeadline(time.Now().Add(writeLimit))
	if err == nil {
		_, err = c.conn.Write(b)
	}
	if err != nil {
		c.conn.Close() // half a message may be under way
	}
	return err
}

func (c *channel) control(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return c.send(controlMessage, b)
}

func (c *channel) frame(wire uint32, frame []byte) error {
	return c.send(frameMessage, binary.BigEndian.AppendUint32(nil, wire), frame)
}

// receive waits for a message.
func (c *channel) receive() (kind byte, body []byte, err error) {
	var head [headLength]byte
	if _, err := io.ReadFull(c.conn, head[:]); err != nil {
		return 0, nil, err
	}
	length := binary.BigEndian.Uint32(head[:])
	if length > maxMessage {
		return 0, nil, fmt.Errorf("message of %d bytes: want at most %d", length, maxMessage)
	}
	body = make([]byte, length)
	_, err = io.ReadFull(c.conn, body)
	return head[headLength-1], body, err
}

// splitFrame takes the number of the wire off a frame's message.
func splitFrame(body []byte) (wire uint32, frame []byte, err error) {
	if len(body) < wireLength {
		return 0, nil, fmt.Errorf("message of a frame of %d bytes", len(body))
	}
	return binary.BigEndian.Uint32(body), body[wireLength:], nil
}
