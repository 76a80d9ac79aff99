package jitter

// Lost tells that the card did without so many samples, which nobody pulled:
// time went on, so what waits is later by as much. Less than 0, the card took
// more at once than time went by.
//
// Without it the packets that follow would seem to come early, and the delay
// would stay as long as older ones are remembered.
func (b *Buffer) Lost(samples int) { b.now += int64(samples) }
