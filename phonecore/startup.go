package phonecore

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"deskset/audio"
	"deskset/phonecore/boot"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
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
	stage    runningStage
	values   boot.Values
	took     time.Duration
	// address is what DHCP gave last.
	address netip.Addr
	// station ends the care of the phone's own port; nil without one.
	station context.CancelFunc
	// release makes the end of that care give the address back.
	release *atomic.Bool
	// left is what waits for its end.
	left func()
	// retry is when dead servers are asked again, pause the time until then;
	// forget ends what is under way.
	retry *timer
	pause time.Duration
	// upgrades counts those since the phone was idle last.
	upgrades int
	forget   context.CancelFunc
}

// blobNetwork is what the network gave, for the next start-up.
const blobNetwork = "network"

type rememberedNetwork struct {
	Address netip.Addr `json:"address"`
}

// maxUpgrades is how many images are loaded one after the other before the
// phone stays with what it has: files that name another image to each image, or
// a disk that damages them, would keep it busy for ever.
const maxUpgrades = 4

// resetTime is how long the phone shows that it has a new image before it
// resets.
const resetTime = 2 * time.Second

// powerOn begins the start-up: flash, voice, lamps, then the stages.
func (p *Phone) powerOn() {
	p.mode = modeStarting
	p.startup = startup{began: time.Now()}
	p.loadFlash()
	var network rememberedNetwork
	p.readBlob(blobNetwork, &network)
	p.startup.address = network.Address
	p.mergeParams(nil)
	p.speak()
	p.timelineBegin(bootStages())
	p.timeline.restart = func() { p.wantRestart(restartReset, text.Get(text.ControlRestart)) }
	p.openVoice()
	p.showLamps()
}

// showLamps begins with the lamp show, unless everything is to go fast.
func (p *Phone) showLamps() {
	p.beginStatistics()
	if p.cfg.Pace == 0 {
		p.runStages(nil)
		return
	}
	p.flashLamp(0)
}

func (p *Phone) flashLamp(i int) {
	if p.mode != modeStarting {
		return
	}
	if i == len(lampShow) {
		p.startup.lamp = 0
		p.runStages(nil)
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
	p.useDevices()
	p.process()
}

// load is the name of the running image: Application Load ID.
func (p *Phone) load() string {
	if p.startup.values.Running != "" {
		return p.startup.values.Running
	}
	return Load
}

// runStages carries out the start-up, or after before only the stages that
// deal with files.
func (p *Phone) runStages(before *boot.Values) {
	if p.mode != modeStarting {
		return
	}
	env := boot.Env{
		Network: p.cfg.Network, Beyond: p.cfg.Beyond, Images: p.cfg.Images, BuiltIn: Load,
		Merge: p.merger(), LastAddress: p.startup.address, Pace: p.cfg.Pace, Gate: p.timeline.gate.wait, Log: p.log,
		Begins:    func(stop context.CancelFunc) { p.post(func() { p.stageBegins(stop) }) },
		NoUpgrade: p.startup.upgrades >= maxUpgrades,
	}
	p.work(func(ctx context.Context) {
		tell := func(pr boot.Progress) { p.post(func() { p.stageProgress(pr) }) }
		var values boot.Values
		if before == nil {
			values = boot.Run(ctx, env, tell)
		} else {
			values = boot.Restart(ctx, env, *before, tell)
		}
		if !p.handOver(values) && before == nil { // else its keeper closes it
			values.Station.Close()
		}
	})
}

// handOver gives the loop what the stages learned; it is false if the phone was
// switched off meanwhile. It is called beside the loop.
func (p *Phone) handOver(values boot.Values) bool {
	taken := make(chan struct{})
	p.post(func() {
		if p.finishStages(values) {
			close(taken)
		}
	})
	select {
	case <-taken:
		return true
	case <-p.running.Done():
	}
	select { // both may be true
	case <-taken:
		return true
	default:
		return false
	}
}

func (p *Phone) stageProgress(pr boot.Progress) {
	p.startup.progress = pr
	p.timelineProgress(pr)
	if pr.Report == nil {
		return
	}
	p.stageEnds()
	p.log.Info("start-up stage", "stage", pr.Report.Stage, "provenance", pr.Report.Provenance.Label(),
		"learned", strings.Join(pr.Report.Learned, "; "), "took", pr.Report.Took)
	for _, m := range pr.Report.Messages {
		p.report(m.Err, m.ID, m.Args...)
	}
}

// finishStages merges the files over the flash, stores what changed (guide
// 2-5), and lets the lines register; the idle screen does not wait for them.
// With a new image it resets instead (guide 2-9). It is false if the phone was
// switched off meanwhile.
func (p *Phone) finishStages(values boot.Values) bool {
	if p.mode != modeStarting {
		return false
	}
	p.startup.values = values
	p.keepStation()
	p.mergeParams(values.Layers)
	p.speak()
	p.storeParams()
	p.startup.took = time.Since(p.startup.began)
	p.takeRings(values.Rings)
	p.takeAuthorities(values.Authorities)
	p.timelineDone()
	p.limited(p.limits())
	if values.Programmed != nil {
		p.startup.upgrades++
		p.after(min(resetTime, p.cfg.Pace), func() { p.startAgain(nil) })
		return true
	}
	p.mode = modeRunning
	p.startup.upgrades = 0
	p.report(nil, text.StatusStarted, fmt.Sprintf("%.2f s", p.startup.took.Seconds()))
	p.readNetwork()
	p.watchServers()
	p.startSIP()
	p.timelineLines()
	p.offerFirstRun()
	p.takeLink()
	return true
}

// startAgain carries out the start-up again; the lines are closed already.
func (p *Phone) startAgain(before *boot.Values) {
	if p.mode == modeOff {
		return // switched off meanwhile
	}
	p.mode = modeStarting
	p.edits.session = nil // "until the next reboot" (guide 3-5)
	p.lock.unlocked = false
	p.stopWatch()
	p.closeWeb()
	p.startup.began = time.Now()
	p.startup.progress = boot.Progress{}
	p.timelineBegin(bootStages())
	p.loadStored()
	if before == nil {
		p.leaveStation(func() {
			p.startup.values = boot.Values{}
			p.mergeParams(nil)
			p.showLamps()
		})
		return
	}
	p.runStages(before)
}
