// Package dtmf carries digits within a call, by both ways that the guide knows
// (Table 3-1, dtmf_outofband and dtmf_inband): as telephone-events of RFC 4733
// ("AVT") and as tones of ITU-T Q.23 in the voice.
//
//   - [Keys] hands key presses from the event loop to the audio side,
//   - [Keyer] turns presses into digits of proper length, in samples,
//   - [Sender] turns digits into event payloads, [Receiver] the reverse,
//   - [Generator] turns digits into tones, [Detector] the reverse
//     (ITU-T Q.24).
//
// Nothing here knows RTP headers, sockets or clocks: time is counted in samples
// and in RTP timestamp units. The audio sides allocate nothing.
package dtmf
