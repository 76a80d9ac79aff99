package device

import (
	"errors"
	"fmt"
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
		for i := range maxStuck {
			if _, err := bounded(&c, fmt.Sprint("opening ", i), time.Second, hang, func(int) { undone.Add(1) }); !errors.Is(err, ErrStuck) {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != maxStuck*time.Second {
			t.Errorf("took %v", took)
		}
		// Enough threads hang: no further call is made, but for closing.
		called := false
		_, err := bounded(&c, "opening", time.Second, func() (int, error) { called = true; return 0, nil }, func(int) {})
		if !errors.Is(err, ErrStuck) || called {
			t.Errorf("%v, called %v", err, called)
		}
		if _, err := urgent(&c, "closing", time.Second, func() (int, error) { called = true; return 0, nil }, func(int) {}); err != nil || !called {
			t.Errorf("closing: %v, called %v", err, called)
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

func TestDeviceThatHangsLeavesTheOthersTheirCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c calls
		hang := func() (int, error) { time.Sleep(30 * time.Second); return 7, nil }
		for i := range 20 {
			start := time.Now()
			if _, err := bounded(&c, "opening A", time.Second, hang, func(int) {}); !errors.Is(err, ErrStuck) {
				t.Fatal(err)
			}
			if took := time.Since(start); i > 0 && took != 0 {
				t.Errorf("call %d waited %v for what is known to hang", i+1, took)
			}
		}
		if v, err := bounded(&c, "opening B", time.Second, func() (int, error) { return 3, nil }, func(int) {}); v != 3 || err != nil {
			t.Errorf("another device: %d, %v", v, err)
		}
		time.Sleep(30 * time.Second)
		if v, err := bounded(&c, "opening A", time.Second, func() (int, error) { return 4, nil }, func(int) {}); v != 4 || err != nil {
			t.Errorf("the device that answers again: %d, %v", v, err)
		}
	})
}
