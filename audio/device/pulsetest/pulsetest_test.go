//go:build unix

package pulsetest

import (
	"testing"
	"time"
)

func TestTonePlayedIntoTheFeedIsHeardByTheMicrophone(t *testing.T) {
	s := Start(t)
	stop := s.PlayTone(MicFeed, 1000)
	recording := s.StartRecording(Mic)
	heard := s.Record(Mic, time.Second)
	if share := ToneShare(heard[Rate/2:], 1000); share < 0.9 {
		t.Errorf("tone in %.0f %% of the recording", 100*share)
	}
	if share := ToneShare(heard, 1300); share > 0 {
		t.Errorf("another tone in %.0f %% of the recording", 100*share)
	}
	if other := s.Record(Speaker, 200*time.Millisecond); RMS(other) != 0 {
		t.Error("the loudspeaker is not silent")
	}
	stop()
	if got := recording.Stop(); len(got) < Rate/2 {
		t.Errorf("recording of %d samples", len(got))
	}
}

func TestServerComesBackAfterACrash(t *testing.T) {
	s := Start(t)
	s.Kill()
	s.Restart()
	s.PlayTone(Speaker, 700)
	if share := ToneShare(s.Record(Speaker, time.Second)[Rate/2:], 700); share < 0.9 {
		t.Errorf("tone in %.0f %% of the recording", 100*share)
	}
}
