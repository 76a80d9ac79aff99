package boot

import (
	"context"
	"time"

	"deskset/phonecore/text"
	"deskset/provisioning/dialplan"
	"deskset/provisioning/param"
	"deskset/provisioning/ringlist"
)

// ringsTime is how long the rings may take: a slow server does not keep the
// phone from its idle screen.
const ringsTime = 5 * time.Second

// maxProblems is how many complaints the status list gets at a time.
const maxProblems = 12

var (
	dialPlanFile = wanted{names: dialPlanNames, take: takeDialPlan}
	ringFile     = wanted{names: named("RINGLIST.DAT", "ringlist.xml", "Ringlist.xml", "RINGLIST.XML", "RingList.xml"), take: takeRings, quiet: true}
)

func dialPlanNames(r *run) []string {
	if name := r.Set.Text("dial_template"); name != "" {
		return []string{name + ".xml"}
	}
	return nil
}

// requestExtras asks for the dial plan and the rings.
func requestExtras(ctx context.Context, r *run, rep *Report) {
	rep.Provenance = Real
	if r.files == nil || !r.Answered {
		rep.Provenance = Skipped
		return
	}
	if !r.request(ctx, rep, dialPlanFile) || !r.request(ctx, rep, ringFile) || r.ringList == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, ringsTime)
	defer cancel()
	sounds, problems := ringlist.Load(ctx, r.files, r.ringSource, r.ringList)
	rep.complain(problems)
	r.Rings = sounds
	rep.Learned = append(rep.Learned, text.Count(text.LearnedRing, text.LearnedRings, len(r.Rings)))
}

func takeDialPlan(r *run, rep *Report, name string, data []byte) {
	plan, problems := dialplan.Parse(name, data)
	rep.complain(problems)
	r.DialPlan = &plan
}

func takeRings(r *run, rep *Report, name string, data []byte) {
	rings, problems := ringlist.Parse(name, data)
	rep.complain(problems)
	r.ringList, r.ringSource = rings, name
}

func (rep *Report) complain(problems []param.Problem) {
	for _, p := range problems[:min(len(problems), maxProblems)] {
		rep.add(text.StatusConfigProblem, p, p.Error())
	}
}
