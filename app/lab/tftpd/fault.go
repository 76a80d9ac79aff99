package tftpd

import "time"

// Fault makes the server ill. The zero value is health.
type Fault struct {
	// Silent: requests are taken and never answered, transfers stall.
	Silent bool
	// Error is the text of the ERROR (code 0) that answers every request.
	Error string
	// Delay is waited before each block.
	Delay time.Duration
	// Loss is the share of packets that are lost, 0 to 1, each way; the same
	// Seed loses the same ones as long as they come in the same order.
	Loss float64
	Seed uint64
	// Extra is what the size that is told (tsize) is beyond the true one.
	Extra int64
	// Endless: files never end, and their size is not told.
	Endless bool
}

// SetFault changes the fault while the server runs; transfers under way feel
// it, too.
func (s *Server) SetFault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
	s.dice = dice(f.Seed)
}

func (s *Server) ill() Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault
}

// loses tells whether the next packet is lost.
func (s *Server) loses() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fault.Loss > 0 && s.dice.Float64() < s.fault.Loss
}
