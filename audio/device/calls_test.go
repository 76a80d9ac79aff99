package device

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestCallThatHangsIsLeftBehindAndCleanedUpWhenItReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c calls
		var undone atomic.Int32
		hang := func() (int, error) { time.Sleep(30 * time.Second); return 7, nil }
		start := time.Now()
		for range maxStuck {
			if _, err := bounded(&c, "opening", time.Second, hang, func(int) { undone.Add(1) }); !errors.Is(err, ErrStuck) {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != maxStuck*time.Second {
			t.Errorf("took %v", took)
		}
		// Enough threads hang: no further call is made.
		called := false
		_, err := bounded(&c, "opening", time.Second, func() (int, error) { called = true; return 0, nil }, func(int) {})
		if !errors.Is(err, ErrStuck) || called {
			t.Errorf("%v, called %v", err, called)
		}
		if err := c.wait(time.Second); !errors.Is(err, ErrStuck) {
			t.Errorf("wait: %v", err)
		}
		time.Sleep(time.Minute)
		if n := undone.Load(); n != maxStuck {
			t.Errorf("%d results cleaned up, want %d", n, maxStuck)
		}
		if v, err := bounded(&c, "opening", time.Second, func() (int, error) { return 3, nil }, func(int) {}); v != 3 || err != nil {
			t.Errorf("afterwards: %d, %v", v, err)
		}
		if err := c.wait(time.Second); err != nil {
			t.Errorf("wait: %v", err)
		}
	})
}
