package phonecore

import (
	"context"
	"fmt"
	"time"

	"deskset/audio"
	"deskset/phonecore/boot"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/param"
)

// lampShow is the order in which the lamps flash (guide, "Verifying Startup"
// step 1).
var lampShow = []view.Lamp{view.LampHeadset, view.LampMute, view.LampSpeaker}

// lampTime is how long each lamp of the show is lit.
const lampTime = 350 * time.Millisecond

// startup is the state of the start-up and, afterwards, what it learned.
type startup struct {
	began    time.Time
	lamp     int // 1 + index into lampShow while the show runs
	progress boot.Progress
	values   boot.Values
	took     time.Duration
}

// powerOn begins the start-up: flash, voice, lamps, then the stages.
func (p *Phone) powerOn() {
	p.mode = modeStarting
	p.startup = startup{began: time.Now()}
	p.loadFlash()
	p.mergeParams(nil)
	p.openVoice()
	if p.cfg.Pace == 0 {
		p.runStages()
		return
	}
	p.flashLamp(0)
}

func (p *Phone) flashLamp(i int) {
	if i == len(lampShow) {
		p.startup.lamp = 0
		p.runStages()
		return
	}
	p.startup.lamp = i + 1
	p.after(lampTime, func() { p.flashLamp(i + 1) })
}

func (p *Phone) openVoice() {
	engine, err := p.cfg.Audio(func(n audio.Notice) {
		p.post(func() { p.soundNotice(n) })
	})
	if err != nil {
		p.report(err, text.StatusTrouble, err)
		return
	}
	p.voice = engine
	for role, level := range p.volumes {
		engine.SetVolume(audio.Role(role), level)
	}
}

func (p *Phone) soundNotice(n audio.Notice) {
	silent := n.Err != nil && n.Device == ""
	if n.Role < audio.NumRoles {
		p.silent[n.Role] = silent
	}
	switch {
	case silent:
		p.report(n.Err, text.StatusAudioNone, n.Role)
	case n.Err != nil:
		p.report(n.Err, text.StatusAudioLost, n.Role, n.Device)
	default:
		p.report(nil, text.StatusAudioBack, n.Role, n.Device)
	}
}

func (p *Phone) runStages() {
	if p.mode != modeStarting {
		return
	}
	env := boot.Env{
		Network:    p.cfg.Network,
		MAC:        p.params.Text("mac"),
		TFTPServer: p.params.Text("tftp_server"),
		Load:       Load,
		Pace:       p.cfg.Pace,
		Log:        p.log,
	}
	p.work(func(ctx context.Context) {
		values := boot.Run(ctx, env, func(pr boot.Progress) {
			p.post(func() { p.stageProgress(pr) })
		})
		p.post(func() { p.finishStages(values) })
	})
}

func (p *Phone) stageProgress(pr boot.Progress) {
	p.startup.progress = pr
	if pr.Report == nil {
		return
	}
	p.log.Info("start-up stage", "stage", pr.Report.Stage, "provenance", pr.Report.Provenance.Label(),
		"learned", pr.Report.Learned, "took", pr.Report.Took)
	for _, m := range pr.Report.Messages {
		p.report(m.Err, m.ID, m.Args...)
	}
}

// finishStages merges the files over the flash, stores what changed (guide
// 2-5), and lets the lines register; the idle screen does not wait for them.
func (p *Phone) finishStages(values boot.Values) {
	if p.mode != modeStarting {
		return // switched off meanwhile
	}
	p.startup.values = values
	p.mergeParams(values.Layers)
	p.storeParams()
	p.checkImage()
	p.mode = modeRunning
	p.startup.took = time.Since(p.startup.began)
	p.report(nil, text.StatusStarted, fmt.Sprintf("%.2f s", p.startup.took.Seconds()))
	p.startSIP()
}

// checkImage compares image_version with the running load (guide 2-9).
func (p *Phone) checkImage() {
	v := p.params.Value("image_version")
	if v.Origin >= param.FromDefaultFile && v.Text != "" && v.Text != Load {
		p.report(nil, text.StatusLoadDiffers, v.Text, Load)
	}
}
