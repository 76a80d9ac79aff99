package phonecore

import (
	"strconv"

	"deskset/audio"
	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// processingRows are those of the page Voice Processing: the parameter, and the
// values that its key goes through.
var processingRows = []struct {
	param  string
	label  text.ID
	values []string
}{
	{"echo_cancel", text.ProcessEcho, whereValues},
	{"noise_suppression", text.ProcessNoise, whereValues},
	{"gain_control", text.ProcessGain, whereValues},
	{"sidetone_handset", text.ProcessSideHandset, sideToneValues},
	{"sidetone_headset", text.ProcessSideHeadset, sideToneValues},
}

var (
	whereValues    = []string{"auto", "on", "off"}
	sideToneValues = []string{"0", "12", "18", "24", "30"}
)

// processing is the value in use: as the person has chosen, else as the
// configuration has it.
func (p *Phone) processing(name string) string {
	if chosen, ok := p.processed[name]; ok {
		return chosen
	}
	return p.params.Text(name)
}

func (p *Phone) where(name string) audio.Where {
	switch p.processing(name) {
	case "auto":
		return audio.OnSpeaker
	case "on":
		return audio.Everywhere
	}
	return audio.Nowhere
}

func (p *Phone) sideTone(name string) int {
	db, err := strconv.Atoi(p.processing(name))
	if err != nil {
		return 0
	}
	return -db
}

// process tells the engine what is to be done to the voice, in a call as well.
func (p *Phone) process() {
	processor, ok := p.voice.(audio.VoiceProcessor)
	if !ok {
		return
	}
	wanted := audio.Processing{Echo: p.where("echo_cancel"), Noise: p.where("noise_suppression"), Gain: p.where("gain_control")}
	wanted.SideTone[audio.RoleHandset] = p.sideTone("sidetone_handset")
	wanted.SideTone[audio.RoleHeadset] = p.sideTone("sidetone_headset")
	processor.Process(wanted)
}

// openProcessing is the page Voice Processing. It is the person's own and never
// locked; a choice counts at once, so that one can hear it in a call.
func (p *Phone) openProcessing() {
	page := &menu.Page{Name: "menu.processing", Title: text.Get(text.MenuProcessing), Keys: call.ContextSubMenu}
	page.Items = func() []view.Item {
		items := make([]view.Item, len(processingRows))
		for i, r := range processingRows {
			items[i] = view.Item{Number: i + 1, Label: text.Get(r.label), Value: processingText(p.processing(r.param))}
		}
		return items
	}
	page.Open = p.nextProcessing
	if _, ok := p.voice.(audio.VoiceProcessor); !ok {
		page.Open, page.Keys, page.Prompt = nil, call.ContextSubText, text.Get(text.ShownOnly)
	}
	p.openPage(page)
}

// nextProcessing goes on to the next value of a row.
func (p *Phone) nextProcessing(i int) {
	r := processingRows[i]
	next := r.values[0]
	for j, v := range r.values[:len(r.values)-1] {
		if v == p.processing(r.param) {
			next = r.values[j+1]
		}
	}
	if p.processed == nil {
		p.processed = map[string]string{}
	}
	p.processed[r.param] = next
	p.savePreferences()
	p.process()
}

// processingText is a value for the display.
func processingText(value string) string {
	switch value {
	case "auto":
		return text.Get(text.ProcessAuto)
	case "on":
		return text.Get(text.ProcessOn)
	case "off", "0":
		return text.Get(text.ProcessOff)
	}
	db, err := strconv.Atoi(value)
	if err != nil {
		return value
	}
	return text.Get(text.ProcessLevel, db)
}
