package flash

import (
	"maps"
	"slices"
	"sync"
)

// Memory gives a flash that forgets when the program ends: for tests, demos,
// and machines on which nothing can be written.
func Memory() *Flash {
	m := &memory{buckets: map[bucket]map[string][]byte{}}
	for _, b := range buckets {
		m.buckets[b] = map[string][]byte{}
	}
	return &Flash{store: m}
}

type memory struct {
	mu      sync.Mutex
	buckets map[bucket]map[string][]byte
	closed  bool
}

func (m *memory) all(in bucket) (map[string][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, ErrClosed
	}
	return maps.Clone(m.buckets[in]), nil
}

func (m *memory) get(in bucket, name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, ErrClosed
	}
	return slices.Clone(m.buckets[in][name]), nil
}

func (m *memory) apply(changes []change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return ErrClosed
	}
	for _, c := range changes {
		if c.value == nil {
			delete(m.buckets[c.in], c.name)
		} else {
			m.buckets[c.in][c.name] = c.value
		}
	}
	return nil
}

func (m *memory) close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}
