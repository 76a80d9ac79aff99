package view

import (
	"fmt"
	"time"
)

// StageState tells how far a stage of the start-up is.
type StageState uint8

// The states of a stage. A stage is Skipped if the start-up came past it
// without carrying it out.
const (
	StagePending StageState = iota
	StageRunning
	StageDone
	StageFailed
	StageSkipped
)

var stageStates = [...]string{"pending", "running", "done", "failed", "skipped"}

// String gives the state's name for logs and tests; it is not for the eye.
func (s StageState) String() string {
	if int(s) < len(stageStates) {
		return stageStates[s]
	}
	return fmt.Sprintf("state(%d)", uint8(s))
}

// Timeline is the start-up as the panel beside the face shows it.
type Timeline struct {
	// Title heads the panel; Status is a line that says how it stands, e.g.
	// "Paused before IP".
	Title, Status string
	// Stages has one entry for each stage of the table, in order, also for
	// those to come.
	Stages []TimelineStage
	// Running is true from power-up until the last stage has ended.
	Running bool
	// Paused is true while the start-up waits, or is told to wait, before
	// stage Next.
	Paused bool
	// Next is the index of the first stage that has not begun; len(Stages)
	// if there is none.
	Next int
	// Took is the time from power-up to the end of the last stage, without
	// the time that the start-up was paused; while Running it is the time to
	// the last change.
	Took time.Duration
	// Replaying is true while a recorded start-up is shown again: nothing is
	// done then.
	Replaying bool
	// Controls are the panel's buttons in their order.
	Controls []ControlButton
}

// TimelineStage is one stage of a [Timeline].
type TimelineStage struct {
	Name  string
	State StageState
	// Began is when the stage began, since power-up and without pauses; Took
	// is how long it lasted, 0 until it has ended.
	Began, Took time.Duration
	// Time says in words how long it lasted or how it stands: "0.61 s",
	// "Failed", "Not yet".
	Time string
	// Badge is the word for how real the stage was; empty until known. Real
	// tells which colour it has.
	Badge string
	Real  Realness
	// Detail is what the stage does now, e.g. the file being fetched.
	Detail string
	// Learned is what the stage found out and from whom, line by line.
	Learned []string
	// Explanation is a sentence for the trainer.
	Explanation string
	// Messages are the stage's status messages; Packets what went over the
	// wire.
	Messages, Packets []string
}

// Realness says how far a stage is what an instrument would do on the wire.
type Realness uint8

// The kinds of realness, in the order of the start-up's provenance.
const (
	RealnessUnknown Realness = iota
	RealnessReal
	RealnessHost
	RealnessSimulated
)

// Control is a wish about the start-up's course, of which the instrument has
// no key: it comes from the panel beside the face.
type Control uint8

// The controls of the panel. Pause stops before the next stage, Step carries
// out one stage and stops again, Continue runs on, Replay shows the recorded
// start-up once more at its own pace without doing anything, Restart restarts
// the phone.
const (
	ControlPause Control = iota
	ControlStep
	ControlContinue
	ControlReplay
	ControlRestart
	numControls
)

var controlNames = [numControls]string{"pause", "step", "continue", "replay", "restart"}

// Controls lists every control, in the order of the constants.
func Controls() []Control {
	all := make([]Control, numControls)
	for i := range all {
		all[i] = Control(i)
	}
	return all
}

// String gives the control's name as commands of the terminal use it.
func (c Control) String() string {
	if c < numControls {
		return controlNames[c]
	}
	return fmt.Sprintf("control(%d)", uint8(c))
}

// ControlButton is a control as a face offers it.
type ControlButton struct {
	Control Control
	Label   string
	// Enabled is false while the control would do nothing.
	Enabled bool
}
