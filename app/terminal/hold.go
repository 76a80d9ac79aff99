package terminal

import (
	"sync"
	"time"

	"deskset/phonecore/view"
)

// holdTime is how long a key stays down: a terminal tells no release, and a
// DTMF digit of 100 ms is sure to be heard (ITU-T Q.24 asks for 40 ms or more).
const holdTime = 120 * time.Millisecond

// holder presses keys and releases them a little later, each press exactly
// once. Time is package time's, which testing/synctest makes virtual.
type holder struct {
	phone Phone
	mu    sync.Mutex
	down  map[view.Key]*time.Timer
}

func newHolder(phone Phone) *holder {
	return &holder{phone: phone, down: map[view.Key]*time.Timer{}}
}

// stroke presses a key for a time. A key that is still down is released first.
func (h *holder) stroke(k view.Key, hold time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.releaseLocked(k)
	h.phone.Press(k)
	var t *time.Timer
	t = time.AfterFunc(hold, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.down[k] == t { // not a later stroke of the same key
			h.releaseLocked(k)
		}
	})
	h.down[k] = t
}

func (h *holder) releaseLocked(k view.Key) {
	if t, ok := h.down[k]; ok {
		t.Stop()
		delete(h.down, k)
		h.phone.Release(k)
	}
}

// releaseAll lets go of everything.
func (h *holder) releaseAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for k := range h.down {
		h.releaseLocked(k)
	}
}
