package phonecore

import (
	"context"
	"encoding/json"
	"errors"

	"deskset/audio"
	"deskset/phonecore/text"
	"deskset/provisioning/param"
)

// Names of the blobs in flash that are not parameters.
const (
	blobPreferences = "preferences"
	blobRedial      = "redial"
)

// preferences are the "user-defined preferences" that the guide keeps in
// flash: what the person sets on the phone itself.
type preferences struct {
	Volumes  [audio.NumRoles]int `json:"volumes"`
	Contrast int                 `json:"contrast"`
	Ring     string              `json:"ring"`
}

// Defaults of the preferences.
const (
	defaultVolume   = 10
	defaultContrast = 10
	maxContrast     = 20
)

func (p *Phone) loadFlash() {
	if kept := p.cfg.Flash.Damaged(); kept != "" {
		p.report(nil, text.StatusFlashDamaged, kept)
	}
	stored, err := p.cfg.Flash.Load()
	if err != nil {
		p.report(err, text.StatusFlash, err)
	}
	p.stored = stored
	prefs := preferences{Contrast: defaultContrast, Ring: ringNames[0]}
	for i := range prefs.Volumes {
		prefs.Volumes[i] = defaultVolume
	}
	p.readBlob(blobPreferences, &prefs)
	p.readBlob(blobRedial, &p.redial)
	for i, v := range prefs.Volumes {
		p.volumes[i] = min(max(v, 0), audio.MaxVolume)
	}
	p.contrast = min(max(prefs.Contrast, 0), maxContrast)
	p.ring = prefs.Ring
}

func (p *Phone) readBlob(name string, into any) {
	data, err := p.cfg.Flash.Get(name)
	if err == nil && len(data) > 0 {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		p.report(err, text.StatusFlash, err)
	}
}

// saver keeps what has to be written to flash. Writing waits for the disk, so
// it happens off the loop, one write at a time.
type saver struct {
	pending map[string][]byte
	writing bool
}

func (p *Phone) writeBlob(name string, from any) {
	data, err := json.Marshal(from)
	if err != nil {
		p.report(err, text.StatusFlash, err)
		return
	}
	if p.saver.pending == nil {
		p.saver.pending = map[string][]byte{}
	}
	p.saver.pending[name] = data
	p.startSaving()
}

func (p *Phone) startSaving() {
	if p.saver.writing || len(p.saver.pending) == 0 {
		return
	}
	p.saver.writing = true
	batch := p.saver.pending
	p.saver.pending = nil
	p.work(func(context.Context) {
		err := p.save(batch)
		p.post(func() {
			p.saver.writing = false
			if err != nil {
				p.report(err, text.StatusFlash, err)
			}
			p.startSaving()
		})
	})
}

func (p *Phone) save(batch map[string][]byte) error {
	var all error
	for name, data := range batch {
		all = errors.Join(all, p.cfg.Flash.Put(name, data))
	}
	return all
}

func (p *Phone) savePreferences() {
	p.writeBlob(blobPreferences, preferences{Volumes: p.volumes, Contrast: p.contrast, Ring: p.ring})
}

// mergeParams lays the layers over each other: flash, the files, the local
// ones. Problems go to the status list once the files are in.
func (p *Phone) mergeParams(files []param.Layer) {
	layers := append([]param.Layer{param.FlashLayer(p.stored)}, files...)
	layers = append(layers, p.cfg.Local...)
	set, problems := param.Merge(p.profile(), layers...)
	p.params = set
	if p.startup.values.Reports == nil {
		return
	}
	for _, problem := range problems {
		p.report(problem, text.StatusConfigProblem, problem.Error())
	}
}

// profile is the firmware generation whose defaults apply; it is a local
// setting, so it is known before any file.
func (p *Phone) profile() param.Profile {
	set, _ := param.Merge(param.ProfileGuide, p.cfg.Local...)
	return param.ParseProfile(set.Text("firmware_profile"))
}

// storeParams writes to flash what the files changed (guide 2-5, "stores
// those parameters that differ in Flash memory").
func (p *Phone) storeParams() {
	save, reset := p.params.FlashChanges(p.stored)
	if len(save) == 0 && len(reset) == 0 {
		return
	}
	if err := p.cfg.Flash.Save(save, reset); err != nil {
		p.report(err, text.StatusFlash, err)
	}
}
