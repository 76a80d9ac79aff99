// Package audio is the contract between the phone and its voice: what the
// event loop may ask (open a stream, play a tone, ring, route, mute) and what
// it is told. It holds values and interfaces only; package audio/engine keeps
// the contract with real devices. The phone imports this package and knows
// nothing of sound cards.
//
// Voice itself never passes through here: it runs on the sound card's clock
// between audio/device and audio/stream.
package audio
