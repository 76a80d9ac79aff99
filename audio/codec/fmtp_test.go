package codec

import (
	"strings"
	"testing"
	"time"
)

func TestFmtpAsPeersWriteIt(t *testing.T) {
	f := Fmtp(`maxplaybackrate=16000;sprop-maxcapturerate=16000 ; MaxAverageBitrate = 20000;stereo=0; useinbandfec=1;usedtx;cbr=x;annexb="NO";big=99999999999999999999;high=900000;low=-5`)
	for _, row := range []struct{ got, want int }{
		{f.Int("maxplaybackrate", 8000, 48000, 48000), 16000},
		{f.Int("maxaveragebitrate", 6000, 510000, 0), 20000},
		{f.Int("cbr", 0, 1, 7), 7},
		{f.Int("big", 0, 1, 7), 7},
		{f.Int("high", 6000, 510000, 0), 510000},
		{f.Int("low", 6000, 510000, 0), 6000},
		{f.Int("absent", 0, 1, 7), 7},
	} {
		if row.got != row.want {
			t.Errorf("%d, want %d", row.got, row.want)
		}
	}
	if f.Bool("stereo", true) || !f.Bool("useinbandfec", false) || f.Bool("annexb", true) || !f.Bool("usedtx", true) || f.Bool("usedtx", false) {
		t.Error("switches are read wrongly")
	}
	if _, ok := Fmtp(strings.Repeat("x", maxFmtp) + ";a=1").Get("a"); ok {
		t.Error("what is too long is looked at")
	}
}

func TestPacketTimesThatACodecTakes(t *testing.T) {
	const ms = time.Millisecond
	frames := Info{SampleRate: 8000, FrameSamples: 80}
	listed := Info{SampleRate: 48000, FrameSamples: 480, PacketTimes: []time.Duration{10 * ms, 20 * ms, 40 * ms, 60 * ms}}
	for _, row := range []struct {
		info         Info
		wanted, want time.Duration
	}{
		{frames, 20 * ms, 20 * ms}, {frames, 35 * ms, 30 * ms}, {frames, 5 * ms, 10 * ms},
		{listed, 30 * ms, 20 * ms}, {listed, 60 * ms, 60 * ms}, {listed, 5 * ms, 10 * ms}, {listed, 200 * ms, 60 * ms},
	} {
		if got := row.info.PacketTime(row.wanted); got != row.want {
			t.Errorf("%v: %v, want %v", row.wanted, got, row.want)
		}
	}
}

func FuzzFmtp(f *testing.F) {
	f.Add("annexb=no; useinbandfec=1", "annexb")
	f.Fuzz(func(t *testing.T, s, name string) {
		if n := Fmtp(s).Int(name, 1, 9, 5); n < 1 || n > 9 {
			t.Errorf("%d is beyond the limits", n)
		}
		Fmtp(s).Bool(name, true)
	})
}
