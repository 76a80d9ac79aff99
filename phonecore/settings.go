package phonecore

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"deskset/audio"
	"deskset/phonecore/flash"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
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
	// LineRings are the rings of lines that have their own.
	LineRings [view.NumLines]string `json:"line_rings"`
	// Features are the choices of the menu Call Preferences by parameter.
	Features map[string]bool `json:"features,omitempty"`
	// Forwards is where calls go, by parameter, and by line for all calls.
	Forwards map[string]string `json:"forwards,omitempty"`
	// Language is the code of the one that the person has chosen.
	Language string `json:"language,omitempty"`
	// Devices are the choices of the menu Audio Devices.
	Devices map[string]string `json:"devices,omitempty"`
	// Processing are the choices of the menu Voice Processing, by parameter.
	Processing map[string]string `json:"processing,omitempty"`
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
	p.loadStored()
	prefs := preferences{Contrast: defaultContrast, Ring: builtInRings[0]}
	for i := range prefs.Volumes {
		prefs.Volumes[i] = defaultVolume
	}
	p.readBlob(blobPreferences, &prefs)
	p.readBlob(blobRedial, &p.redial)
	p.loadDirectories()
	p.loadTrust()
	for i, v := range prefs.Volumes {
		p.volumes[i] = min(max(v, 0), audio.MaxVolume)
	}
	p.contrast = min(max(prefs.Contrast, 0), maxContrast)
	p.rings = ringChoice{all: prefs.Ring, lines: prefs.LineRings}
	p.features, p.devices, p.forwards = prefs.Features, prefs.Devices, prefs.Forwards
	p.language, p.processed = prefs.Language, prefs.Processing
}

// loadStored reads the parameters that are kept in flash.
func (p *Phone) loadStored() {
	stored, err := p.cfg.Flash.Load()
	if err != nil {
		p.report(err, text.StatusFlash, err)
	}
	p.stored = stored
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
	// pending writes by what they are of: a newer one takes an older one's place.
	pending map[string]func(*flash.Flash) error
	writing bool
}

func (p *Phone) writeBlob(name string, from any) {
	data, err := json.Marshal(from)
	if err != nil {
		p.report(err, text.StatusFlash, err)
		return
	}
	p.write(name, func(f *flash.Flash) error { return f.Put(name, data) })
}

// write has something written to flash; of several writes of one thing the
// last one counts.
func (p *Phone) write(what string, do func(*flash.Flash) error) {
	if p.saver.pending == nil {
		p.saver.pending = map[string]func(*flash.Flash) error{}
	}
	p.saver.pending[what] = do
	p.startSaving()
}

func (p *Phone) startSaving() {
	if p.saver.writing || len(p.saver.pending) == 0 {
		return
	}
	p.saver.writing = true
	batch, into := p.saver.pending, p.cfg.Flash
	p.saver.pending = nil
	p.work(func(context.Context) {
		err := save(into, batch)
		p.post(func() {
			p.saver.writing = false
			if err != nil {
				p.report(err, text.StatusFlash, err)
			}
			p.startSaving()
		})
	})
}

func save(into *flash.Flash, batch map[string]func(*flash.Flash) error) error {
	var all error
	for _, write := range batch {
		all = errors.Join(all, write(into))
	}
	return all
}

func (p *Phone) savePreferences() {
	p.writeBlob(blobPreferences, preferences{
		Volumes: p.volumes, Contrast: p.contrast, Ring: p.rings.all, LineRings: p.rings.lines, Features: p.features, Devices: p.devices, Processing: p.processed, Forwards: p.forwards, Language: p.language,
	})
}

// mergeParams lays the layers over each other: flash, the files, the local
// ones. The start-up tells the problems of the files.
func (p *Phone) mergeParams(files []param.Layer) (problems []param.Problem) {
	files = append(slices.Clone(files), p.edits.layer())
	p.params, problems = merge(p.stored, p.edits.local(p.cfg.Local), p.startup.values.Started.Image.Generation, files)
	return problems
}

// merger is mergeParams for the start-up, which runs beside the loop.
func (p *Phone) merger() func(string, []param.Layer) (*param.Set, []param.Problem) {
	stored, local := maps.Clone(p.stored), p.edits.local(p.cfg.Local)
	return func(generation string, files []param.Layer) (*param.Set, []param.Problem) {
		return merge(stored, local, generation, files)
	}
}

func merge(stored map[string]string, local []param.Layer, generation string, files []param.Layer) (*param.Set, []param.Problem) {
	layers := append([]param.Layer{param.FlashLayer(stored)}, files...)
	return param.Merge(profile(local, generation), append(layers, local...)...)
}

// profile is the firmware generation whose defaults apply: what a person has
// set, which is known before any file, else that of the running image.
func profile(local []param.Layer, generation string) param.Profile {
	set, _ := param.Merge(param.ProfileGuide, local...)
	if !set.IsSet("firmware_profile") && generation != "" {
		return param.ParseProfile(generation)
	}
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
