package stream

// timeline gives packets whose timestamps count different clocks one time, in
// samples of the playout buffer: a peer may change between payload types that
// were agreed without telling (RFC 3264 section 8.3.2), and not every peer makes
// that another source (RFC 7160).
type timeline struct {
	rate  int
	clock int // of the last packet; 0 if there is none
	stamp uint32
	at    uint32 // of stamp, in samples
	step  uint32 // between the last two packets
}

// commonStep is assumed where no two packets have come: 20 ms.
const commonStep = 50

// restart forgets the last source.
func (t *timeline) restart() { t.clock = 0 }

// place converts a timestamp. Where the clock changes the packet is taken to
// follow the one before it.
func (t *timeline) place(stamp uint32, clock int) uint32 {
	// Every sample rate is a multiple of every clock that it can meet.
	times := uint32(max(1, t.rate/clock))
	switch {
	case t.clock == 0:
		t.at, t.step = stamp*times, uint32(t.rate/commonStep)
	case clock != t.clock:
		t.at += t.step
	default:
		step := (stamp - t.stamp) * times
		t.at += step
		if int32(step) <= 0 {
			break
		}
		if step <= uint32(t.rate)/10 {
			t.step = step
		}
	}
	t.clock, t.stamp = clock, stamp
	return t.at
}
