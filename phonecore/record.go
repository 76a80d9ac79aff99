package phonecore

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"deskset/audio"
	"deskset/audio/record"
	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// Values of record_calls.
const (
	recordOff    = "off"
	recordDemand = "on_demand"
	recordAll    = "all"
)

// recording is a call that is being recorded.
type recording struct {
	recorder *record.Recorder
	stream   audio.Stream
	name     string
}

// recordings are those under way, and the calls that need none any more.
type recordings struct {
	running map[*call.Call]*recording
	ended   map[*call.Call]bool
}

// canRecord tells whether the soft key Record is of use for the selected call.
func (p *Phone) canRecord() bool {
	c := p.calls.Selected()
	return c != nil && c.State == call.Connected && p.params.Text("record_calls") == recordDemand && p.rec.running[c] == nil && p.taper() != nil
}

// canStopRecord tells it of StopRec: where all calls are recorded nobody stops it.
func (p *Phone) canStopRecord() bool {
	c := p.calls.Selected()
	return c != nil && p.rec.running[c] != nil && p.params.Text("record_calls") != recordAll
}

func (p *Phone) taper() audio.Taper {
	t, _ := p.voice.(audio.Taper)
	return t
}

// recordIfAll begins to record a call that has just become one, where all are.
func (p *Phone) recordIfAll(c *call.Call) {
	if p.params.Text("record_calls") == recordAll && c.State == call.Connected && p.rec.running[c] == nil && !p.rec.ended[c] && p.taper() != nil {
		p.record(c)
	}
}

// record begins to record a call.
func (p *Phone) record(c *call.Call) {
	l := p.legs[c]
	if l == nil || l.stream == nil || p.taper() == nil {
		return
	}
	r := &recording{stream: l.stream, name: record.Name(p.cfg.Now(), p.partyName(c), c.Outgoing)}
	r.recorder = record.New(record.Options{
		Folder: p.recordFolder(), Name: r.name, Format: p.params.Text("record_format"),
		Limit:  int64(p.params.Int("record_limit")) * 1e6,
		Failed: func(err error) { p.post(func() { p.recordingFailed(r, err) }) },
	})
	p.workers.Go(r.recorder.Run)
	p.taper().Tape(l.stream, r.recorder, p.params.Bool("record_tone"))
	if p.rec.running == nil {
		p.rec = recordings{map[*call.Call]*recording{}, map[*call.Call]bool{}}
	}
	p.rec.running[c] = r
	p.log.Info("recording begins", "file", r.name)
}

func (p *Phone) recordFolder() string {
	if folder := p.params.Text("record_folder"); folder != "" {
		return folder
	}
	return p.cfg.Recordings
}

// stopRecording ends the recording of a call, if there is one.
func (p *Phone) stopRecording(c *call.Call) {
	r := p.rec.running[c]
	if r == nil {
		return
	}
	p.untape(r)
	delete(p.rec.running, c)
	p.rec.ended[c] = true
	if lost := r.recorder.Missing(); lost > 0 {
		p.report(nil, text.RecordingGaps, lost.Milliseconds())
	}
	p.remark(text.Get(text.RecordingKept, filepath.Base(r.recorder.Path())))
}

func (p *Phone) untape(r *recording) {
	p.taper().Tape(r.stream, nil, false)
	r.recorder.Stop()
}

// recordingFailed tells why a recording has ended before its call, which goes on.
func (p *Phone) recordingFailed(r *recording, err error) {
	for c, running := range p.rec.running {
		if running != r {
			continue
		}
		p.untape(r)
		delete(p.rec.running, c)
		p.rec.ended[c] = true
	}
	if errors.Is(err, record.ErrFull) {
		p.report(err, text.RecordingFull)
		p.remark(text.Get(text.RecordingFull))
		return
	}
	p.report(err, text.RecordingFailed, diskTrouble(err))
	p.remark(text.Get(text.RecordingFailed, diskTrouble(err)))
}

// diskTrouble is what the system says, without the path that a small screen has no
// room for.
func diskTrouble(err error) string {
	var number syscall.Errno
	if errors.As(err, &number) {
		return number.Error()
	}
	return err.Error()
}

// moveRecording goes on recording when a call takes the place of another, as in a
// transfer.
func (p *Phone) moveRecording(from, to *call.Call) {
	r, l := p.rec.running[from], p.legs[to]
	if r == nil || l == nil || l.stream == nil || p.rec.running[to] != nil {
		return
	}
	p.taper().Tape(r.stream, nil, false)
	r.stream = l.stream
	p.taper().Tape(r.stream, r.recorder, p.params.Bool("record_tone"))
	delete(p.rec.running, from)
	p.rec.ended[from] = true
	p.rec.running[to] = r
}

// forgetRecording is the end of a call.
func (p *Phone) forgetRecording(c *call.Call) {
	p.stopRecording(c)
	delete(p.rec.ended, c)
}

// maxRecordings bounds the page of recordings: the newest.
const maxRecordings = 50

// openRecordings lists what has been recorded, and where.
func (p *Phone) openRecordings() {
	var items []view.Item
	folder := p.recordFolder()
	where := text.Get(text.RecordingFolder, folder)
	if p.params.Text("record_calls") == recordOff {
		where = text.Get(text.RecordingOff)
	}
	p.openPage(&menu.Page{
		Name: "menu.status.recordings", Title: text.Get(text.MenuRecordings), Keys: call.ContextSubMenu,
		Items:  func() []view.Item { return items },
		Status: func() string { return where },
	})
	page := p.pages.Top()
	p.workers.Go(func() {
		found := listRecordings(folder)
		p.post(func() {
			if items = found; p.pages.Top() == page && len(items) == 0 {
				items = []view.Item{{Label: text.Get(text.RecordingNone)}}
			}
		})
	})
}

// listRecordings reads the folder, which may lie on a slow disk.
func listRecordings(folder string) (items []view.Item) {
	entries, err := os.ReadDir(folder)
	if folder == "" || err != nil {
		return nil
	}
	slices.Reverse(entries) // names begin with the time
	for _, e := range entries {
		info, err := e.Info()
		ending := filepath.Ext(e.Name())
		if err != nil || !info.Mode().IsRegular() || ending != "."+record.WAV && ending != "."+record.Opus || len(items) == maxRecordings {
			continue
		}
		items = append(items, view.Item{Number: len(items) + 1, Label: plain(e.Name(), maxWords), Value: text.Get(text.RecordingSize, info.Size()/1000)})
	}
	return items
}
