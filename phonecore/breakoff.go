package phonecore

import (
	"context"
	"time"

	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// patience is how long a stage of the start-up may take before the phone offers
// to go on without it: servers that are not there take minutes. The instrument
// lets nobody cancel.
const patience = 5 * time.Second

// breakOffKey is the soft key that does it, where Cancel has its place elsewhere.
const breakOffKey = view.KeySoft4

// runningStage is the stage of the start-up that is under way.
type runningStage struct {
	stop context.CancelFunc // nil between stages
	slow *timer
	// offered: it has taken so long that the person may break it off.
	offered bool
}

func (p *Phone) stageBegins(stop context.CancelFunc) {
	if p.mode != modeStarting {
		return
	}
	s := &p.startup.stage
	s.slow.stop()
	*s = runningStage{stop: stop, slow: p.after(patience, func() { s.offered = true })}
}

func (p *Phone) stageEnds() {
	p.startup.stage.slow.stop()
	p.startup.stage = runningStage{}
}

// breakOff lets the start-up go on as if nobody had answered.
func (p *Phone) breakOff() {
	if s := &p.startup.stage; p.mode == modeStarting && s.offered {
		s.offered = false
		s.stop()
	}
}

// offerBreak puts the offer on the start-up's screen.
func (s *runningStage) offerBreak(screen *view.Screen) {
	if s.offered && screen.Prompt == "" {
		screen.Prompt = text.Get(text.BreakOffHint)
		screen.Soft[breakOffKey.Soft()-1] = text.Get(text.SoftCancel)
	}
}
