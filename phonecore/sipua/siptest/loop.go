package siptest

import (
	"sync"
	"testing"
)

// Loop is an event loop for tests: functions run one after the other on its
// goroutine.
type Loop struct {
	mu    sync.Mutex
	queue []func()
	wake  chan struct{}
	stop  chan struct{}
	ended chan struct{}
}

// NewLoop starts a loop that ends with the test.
func NewLoop(t testing.TB) *Loop {
	l := &Loop{wake: make(chan struct{}, 1), stop: make(chan struct{}), ended: make(chan struct{})}
	go l.run()
	t.Cleanup(func() {
		close(l.stop)
		<-l.ended
	})
	return l
}

// Post puts a function on the loop.
func (l *Loop) Post(f func()) {
	l.mu.Lock()
	l.queue = append(l.queue, f)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Do runs a function on the loop and waits for it.
func (l *Loop) Do(f func()) {
	done := make(chan struct{})
	l.Post(func() {
		defer close(done)
		f()
	})
	<-done
}

func (l *Loop) run() {
	defer close(l.ended)
	for {
		select {
		case <-l.stop:
			return
		case <-l.wake:
		}
		for f := l.next(); f != nil; f = l.next() {
			f()
		}
	}
}

func (l *Loop) next() func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return nil
	}
	f := l.queue[0]
	l.queue = l.queue[1:]
	return f
}
