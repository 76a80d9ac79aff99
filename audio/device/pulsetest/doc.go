// Package pulsetest gives a test a PulseAudio server of its own: null sinks for
// loudspeakers, a microphone that hears what the test plays, recording of
// whatever a sink was given, and the accidents that befall sound servers.
// Nothing touches the server of the person who runs the test.
//
//	s := pulsetest.Start(t)              // skips where PulseAudio is missing
//	s.Setenv()                           // this process and its children use it
//	stop := s.PlayTone(pulsetest.MicFeed, 1000)
//	heard := s.Record(pulsetest.Speaker, 5*time.Second)
//	stop()
//	if share := pulsetest.ToneShare(heard, 1000); share < 0.95 { ... }
//
// [Server.HearTone] does the last steps with patience for a busy machine.
//
// The server's sinks are [Speaker], [Headset], [Ringer] and [MicFeed]; what is
// played into MicFeed is heard by the source [Mic]. Speaker and Mic are the
// defaults. All samples are 48 kHz, mono, 16 bit.
//
// A feeder plays silence into every sink: a null sink that is idle suspends
// itself, and waking it would stall the program under test for two seconds.
//
// The feeders end with the test's process, however it ends, and the server ends
// soon after the feeders.
package pulsetest
