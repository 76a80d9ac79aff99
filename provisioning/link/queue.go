package link

import (
	"context"
	"sync"
)

// backlog is how many frames wait in a Queue.
const backlog = 256

// Queue is the receiving half of a Wire: frames wait in it until they are
// received. When it is full, new ones are lost, as on a cable: what matters is
// asked for again. Its methods may be called from any goroutine.
type Queue struct {
	frames chan []byte
	closed chan struct{}
	once   sync.Once
}

// NewQueue gives an empty queue.
func NewQueue() *Queue {
	return &Queue{frames: make(chan []byte, backlog), closed: make(chan struct{})}
}

// Put adds a frame, which belongs to the queue then.
func (q *Queue) Put(frame []byte) {
	select {
	case q.frames <- frame:
	default:
	}
}

// Receive is as Wire's.
func (q *Queue) Receive(ctx context.Context) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if q.Closed() {
		return nil, ErrClosed
	}
	select {
	case frame := <-q.frames:
		return frame, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-q.closed:
		return nil, ErrClosed
	}
}

// Close ends Receive. It is true the first time.
func (q *Queue) Close() (first bool) {
	q.once.Do(func() {
		close(q.closed)
		first = true
	})
	return first
}

// Closed tells whether the queue is closed.
func (q *Queue) Closed() bool {
	select {
	case <-q.closed:
		return true
	default:
		return false
	}
}
