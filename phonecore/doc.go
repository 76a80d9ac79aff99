// Package phonecore is the phone: one event loop that owns all state, takes
// keys, signalling and start-up events, and gives immutable views.
//
//	phone := phonecore.New(config)
//	views := phone.Subscribe()
//	go phone.Run(ctx)
//	phone.Press(view.KeySpeaker)
//
// # Where to look
//
//   - phone.go: the loop; timers.go; publish.go: from state to view.
//   - startup.go: the lamp show and package boot; settings.go: the merged
//     parameters.
//   - keys.go: what each key does; hook.go: handset, headset, speaker, mute;
//     entry.go: digits; soft.go: soft keys.
//   - calls.go, incoming.go, media.go, lines.go: calls and registrations,
//     package sipua below them.
//   - pages.go: the menus; screen*.go: what the LCD shows; plain.go: what
//     the network may write on it.
//
// Nothing here is locked: a field of Phone is touched on the loop only.
package phonecore
