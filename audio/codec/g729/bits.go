package g729

// speech holds the indices of a frame of speech, table 8.
type speech struct {
	predictor, first, low, high uint16 // L0 to L3
	parity                      uint16 // P0
	sub                         [2]excitation
}

// excitation holds the indices of one subframe of speech.
type excitation struct {
	delay            uint16 // P1 with 8 bits, P2 with 5
	pulses, signs    uint16 // C, S
	gainOne, gainTwo uint16 // GA, GB
}

// silence holds the indices of a silence insertion descriptor, table B.2.
type silence struct{ predictor, first, second, gain uint16 }

// field is one index on the line, most significant bit first.
type field struct {
	value *uint16
	bits  int
}

func (s *speech) fields() [15]field {
	a, b := &s.sub[0], &s.sub[1]
	return [...]field{
		{&s.predictor, 1}, {&s.first, 7}, {&s.low, 5}, {&s.high, 5},
		{&a.delay, 8}, {&s.parity, 1}, {&a.pulses, 13}, {&a.signs, 4}, {&a.gainOne, 3}, {&a.gainTwo, 4},
		{&b.delay, 5}, {&b.pulses, 13}, {&b.signs, 4}, {&b.gainOne, 3}, {&b.gainTwo, 4},
	}
}

func (s *silence) fields() [4]field {
	return [...]field{{&s.predictor, 1}, {&s.first, 5}, {&s.second, 4}, {&s.gain, 5}}
}

// unpack reads the fields of a frame; there are at least as many bits as the
// fields need.
func unpack(frame []byte, fields []field) {
	at := 0
	for _, f := range fields {
		value := uint16(0)
		for range f.bits {
			value = value<<1 | uint16(frame[at>>3]>>(7-at&7)&1)
			at++
		}
		*f.value = value
	}
}

// pack appends the fields as whole bytes; what is left of the last one is 0.
func pack(dst []byte, fields []field) []byte {
	pending, held := uint32(0), 0
	for _, f := range fields {
		pending, held = pending<<f.bits|uint32(*f.value), held+f.bits
		for held >= 8 {
			held -= 8
			dst = append(dst, byte(pending>>held))
		}
	}
	if held > 0 {
		dst = append(dst, byte(pending<<(8-held)))
	}
	return dst
}

func unpackSpeech(frame []byte) (s speech) {
	fields := s.fields()
	unpack(frame, fields[:])
	return s
}

func unpackSilence(frame []byte) (s silence) {
	fields := s.fields()
	unpack(frame, fields[:])
	return s
}

func packSpeech(dst []byte, s speech) []byte {
	fields := s.fields()
	return pack(dst, fields[:])
}

func packSilence(dst []byte, s silence) []byte {
	fields := s.fields()
	return pack(dst, fields[:])
}

// delayParity is the bit P0 for the delay P1: it makes the number of ones among
// itself and the six most significant bits odd (section 3.7.2).
func delayParity(delay uint16) uint16 {
	parity := uint16(1)
	for bit := 2; bit < 8; bit++ {
		parity ^= delay >> bit & 1
	}
	return parity
}
