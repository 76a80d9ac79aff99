// Package tone makes every sound that the phone makes itself: call-progress
// tones ([Player]), the dial pad in the local ear ([KeyPad]) and rings
// ([Ringer]). Which tone has which frequencies, levels and cadence is one table
// per country (reference section 8; ITU-T E.180, Telcordia GR-506); rings are
// two warbles of our own and the PCM files of RINGLIST.DAT (guide, "Customizing
// the Cisco SIP IP Phone Ring Types").
//
// Each player has a control side and an audio side. The control side (Play,
// Down, Stop) may be called from any one goroutine at any time; the audio side
// is Read, called from a sound card callback: it allocates nothing, takes no
// lock and overwrites its block.
//
//	p := tone.NewPlayer(48000)
//	p.Play(tone.Dial)        // event loop
//	sounding := p.Read(buf)  // callback
package tone
