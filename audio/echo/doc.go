// Package echo cleans what a microphone hears: it takes out what the loudspeaker
// says, and turns down what hums in the room.
//
//	c := echo.New()
//	c.Set(echo.Settings{Echo: true, Noise: true}) // at any time, by anyone
//	c.Far(block)                                  // the playback callback: as it goes to the card
//	c.Near(block)                                 // the capture callback: cleaned in place
//
// The way of a block, at 48 kHz in both callbacks and at 16 kHz between:
//
//	Far ─> 16 kHz ─> bridge ─> reference ─> filter ─┐
//	                                  estimate │
//	Near ─┬─> 16 kHz ───────────────────────── − ─> suppressor ─> 48 kHz ─ + ─>
//	      └─> what lies above 8 kHz ─────────────> turned down ────────────┘
//
// bridge carries the reference from one card's clock to the other's. scout finds
// the bulk delay, drift how the clocks differ, by the echo itself. filter is the
// room: a partitioned Kalman filter of 280 ms behind the bulk delay, with a second
// one beside it, quicker and less steady, that notices when the room has changed.
// suppressor turns down frequency by frequency what is left, by what the filter
// doubts and by what has been leaking lately, and fills holes with noise.
//
// Near adds [Delay], 4 ms, and nothing at all while nothing is to be done. No
// method allocates, blocks or locks.
//
// DESKSET_ECHO_TABLE=1 go test -run Table prints how it fares beside speexdsp.
package echo
