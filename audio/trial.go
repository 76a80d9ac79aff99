package audio

import "time"

// Trial is what can be tried of a role's devices while there is no call.
type Trial uint8

// The trials. Each runs the microphone, so that its level is known.
const (
	TrialNone Trial = iota
	TrialListen
	// TrialRecord keeps what the microphone hears, up to TrialLength.
	TrialRecord
	// TrialPlay plays it on the loudspeaker, at the role's volume.
	TrialPlay
)

// TrialLength is how long a recording for a trial is.
const TrialLength = 4 * time.Second

// TrialState tells how a trial goes.
type TrialState struct {
	// Role and Trial are those that were asked for; TrialNone if a call has
	// ended it.
	Role  Role
	Trial Trial
	// Done of Length has been recorded, or played.
	Done, Length time.Duration
	// Microphone and Loudspeaker of the role. A device that is not needed at
	// the moment has no name and no error.
	Microphone, Loudspeaker Hop
}

// DeviceTester is what an Engine may be besides: one whose devices can be tried
// without a call.
type DeviceTester interface {
	// TryDevices begins a trial of a role, or ends it; the ringer has no
	// microphone. Nothing happens while a path is selected, and selecting one
	// ends the trial.
	TryDevices(Role, Trial)
	TrialState() TrialState
}

// BesideRinger is what an Engine may be besides: one that can ring while a path
// is in use.
type BesideRinger interface {
	// RingBeside is Ring, but silent for as long as the ringer has no other
	// device than the path in use: a ring is not for the ear.
	RingBeside(name string)
}
