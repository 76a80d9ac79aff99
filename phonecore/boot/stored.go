package boot

import (
	"context"

	"deskset/phonecore/text"
)

// storedImage is the boot loader: it checks both slots and starts an image.
func storedImage(_ context.Context, r *run, rep *Report) {
	if r.Images == nil {
		rep.Provenance = Simulated
		rep.learn(text.LoadLine, r.Running)
		return
	}
	rep.Provenance = Real
	started, err := r.Images.Boot()
	if err != nil {
		rep.fail(text.StatusFlash, err, err)
		rep.learn(text.LoadLine, r.Running)
		return
	}
	r.Started = started
	if started.Image.Name != "" {
		r.Running = started.Image.Name
	}
	for slot, damage := range started.Damaged {
		if damage != nil {
			rep.add(text.StatusSlotDamaged, damage, slot+1, damage)
		}
	}
	switch {
	case started.Recovery:
		rep.fail(text.StatusRecovery, nil)
	case started.FellBack:
		rep.add(text.StatusFellBack, nil, started.Slot+1, r.Running)
	}
	r.merge()
	rep.learn(text.LearnedImage, r.Running, started.Slot+1)
	r.tell(text.LoadLine, "")
}
