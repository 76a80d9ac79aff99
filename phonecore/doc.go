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
//   - timeline.go: the start-up as a person sees it; gate.go holds it before
//     a stage, replay.go shows it again, startpage.go is its page.
//   - keys.go: what each key does; hook.go: handset, headset, speaker, mute;
//     entry.go: digits; soft.go: soft keys.
//   - calls.go, incoming.go, media.go, lines.go, registrations.go: calls and
//     registrations, package sipua below them.
//   - notify*.go, restart.go: what a server may ask for; hostchange.go: another
//     network, or sleep.
//   - mwi.go: messages that wait; netstatistics.go, callstatistics.go,
//     audiopath.go with its decision table audiofaults.go: what the phone
//     counts, on pages that live.go keeps up to date.
//   - pages.go, menu_*.go: the menus; form.go: those in which settings can be
//     changed; edits.go: what becomes of the changes; panel.go: the editing
//     panel; lock.go: **#.
//   - screen*.go: what the LCD shows; plain.go: what
//     the network may write on it.
//
// Nothing here is locked: a field of Phone is touched on the loop only.
package phonecore
