//go:build linux

package interop_test

import (
	"testing"
	"time"

	"deskset/app/interop"
)

// TestLabExtensions dials what "make run" offers to somebody without a server.
func TestLabExtensions(t *testing.T) {
	phone := interop.StartDeskset(t, interop.DesksetConfig{Args: []string{"-lab"}, Tone: ourTone})
	phone.Do("timeout 30s", "screen idle")
	phone.Do("press speaker 0 pound", "screen connected", "wait 1s", "press speaker", "screen idle")
	phone.Do("press speaker 3 pound", "screen connected", "wait 2s", "press speaker", "screen idle")
	phone.Do("press speaker 4 pound", "screen failed", "expect Busy", "press speaker", "screen idle")
	phone.Do("press speaker 5 pound", "screen ringout", "wait 1s", "press speaker", "screen idle")
	phone.Do("press speaker 6 pound", "screen connected", "wait 1s", "press speaker", "screen idle")
	phone.Do("press speaker 2 pound", "screen connected", "wait 500ms", "press 123", "wait 4s", "press speaker", "screen idle")
	phone.Do("press speaker 7 pound", "wait 1s", "press speaker", "screen incoming", "press handset", "screen connected", "press handset", "screen idle")
	phone.Quit()
	if d := phone.Heard().ToneTime(1004); d < 1500*time.Millisecond {
		t.Errorf("extension 3 played 1004 Hz for %v", d)
	}
}

// TestSecondLineCallsTheFirst: in the lab a phone can call itself.
func TestSecondLineCallsTheFirst(t *testing.T) {
	phone := interop.StartDeskset(t, interop.DesksetConfig{Args: []string{"-lab"}})
	phone.Do("timeout 30s", "screen idle", "press line2", "screen offhook", "press 5551212 pound", "lamp message blinking", "expect From")
	phone.Do("press line1", "lamp message off", "screen connected", "wait 1s", "press speaker", "screen idle")
	phone.Quit()
}
