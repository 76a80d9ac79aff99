package phonecore

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"deskset/audio"
	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// soundRow is a loudspeaker or microphone of the phone.
type soundRow struct {
	role    audio.Role
	capture bool
}

// soundRows are those of Audio Devices; the ringer has no microphone.
var soundRows = []soundRow{
	{audio.RoleHandset, false}, {audio.RoleHandset, true},
	{audio.RoleHeadset, false}, {audio.RoleHeadset, true},
	{audio.RoleSpeaker, false}, {audio.RoleSpeaker, true},
	{audio.RoleRinger, false},
}

// key names the row in flash.
func (s soundRow) key() string {
	if s.capture {
		return s.role.String() + ".microphone"
	}
	return s.role.String() + ".loudspeaker"
}

func (s soundRow) label() string {
	id := text.AudioLoudspeaker
	if s.capture {
		id = text.AudioMicrophone
	}
	return text.Get(id, roleName(s.role))
}

// nameKey names in flash what a person reads of a device that is kept by its ID.
func (s soundRow) nameKey() string { return s.key() + ".name" }

// device is the name or ID of a row's device: as the person has chosen, else as
// audio_* has it; empty is the system's.
func (p *Phone) device(s soundRow) string {
	if name, chosen := p.devices[s.key()]; chosen {
		return name
	}
	return p.params.Text("audio_" + s.role.String())
}

// wanted is what device gives, but for this row alone: a setting may name a
// loudspeaker and a microphone.
func (p *Phone) wanted(s soundRow) string {
	if name, chosen := p.devices[s.key()]; chosen {
		return name
	}
	return audio.DeviceHalf(p.device(s), s.capture)
}

// deviceName is what a person reads of it.
func (p *Phone) deviceName(s soundRow) string {
	if name := p.devices[s.nameKey()]; name != "" {
		return deviceText(name)
	}
	return deviceText(p.wanted(s))
}

// useDevices tells a new engine what was chosen before. What this computer's
// settings say counts more: they may be about other devices than last time.
func (p *Phone) useDevices() {
	for _, s := range soundRows {
		if p.params.IsSet("audio_" + s.role.String()) {
			delete(p.devices, s.key())
			delete(p.devices, s.nameKey())
		}
	}
	for _, s := range soundRows {
		if _, chosen := p.devices[s.key()]; chosen {
			p.useDevice(s.role)
		}
	}
}

func (p *Phone) useDevice(role audio.Role) {
	if chooser, ok := p.voice.(audio.DeviceChooser); ok {
		chooser.ChooseDevices(role, p.device(soundRow{role, false}), p.device(soundRow{role, true}))
	}
}

// openAudio lists which device serves what, with the level of what is selected.
// It is never locked: what hangs on the computer is the person's own.
func (p *Phone) openAudio() {
	page := &menu.Page{
		Name: "menu.audio", Title: text.Get(text.MenuAudio), Keys: call.ContextSubMenu,
		Items: func() []view.Item {
			items := make([]view.Item, len(soundRows))
			for i, s := range soundRows {
				items[i] = view.Item{Number: i + 1, Label: s.label(), Value: p.deviceName(s), Icon: p.soundIcon(s)}
			}
			return items
		},
	}
	chooser, chooses := p.voice.(audio.DeviceChooser)
	if !chooses {
		page.Keys, page.Prompt = call.ContextSubText, text.Get(text.ShownOnly)
		p.openPage(page)
		return
	}
	page.Open = func(i int) { p.openDevices(chooser, soundRows[i]) }
	tester, tries := p.voice.(audio.DeviceTester)
	if !tries {
		p.openPage(page)
		return
	}
	m := &meters{phone: p, tester: tester, selected: func() soundRow { return soundRows[page.Selected] }}
	page.Keys = call.ContextAudio
	page.Do = map[call.SoftKey]func(int){text.SoftTest: func(i int) { p.openSoundTest(tester, soundRows[i].role) }}
	page.Status, page.Bar = m.label, m.bar
	p.openLively(livePage{page: page, refresh: m.look, every: meterEvery, leave: m.leave})
}

// soundIcon marks a row whose device was not to be had when it was needed last.
func (p *Phone) soundIcon(s soundRow) view.Icon {
	n := p.sounds[s.role].ear
	if s.capture {
		n = p.sounds[s.role].microphone
	}
	if n.Err != nil {
		return view.IconFailed
	}
	return view.IconNone
}

// deviceText is a device's name for the display.
func deviceText(name string) string {
	if name == "" {
		return text.Get(text.AudioDefault)
	}
	return plain(name, maxWords)
}

// soundDevice is an entry of the list of devices: what opens it, its name and
// ID, and a number where several share the name.
type soundDevice struct {
	opens, name, id string
	number          int
	gone            bool
}

// is tells that a setting means the device.
func (d soundDevice) is(wanted string) bool {
	return d.opens == wanted || wanted != "" && (d.id == wanted || d.number == 1 && d.name == wanted)
}

// distinct are the devices of a kind, each with what opens it and no other one.
// The first entry is the system's own choice.
func distinct(devices []audio.Device, capture bool) []soundDevice {
	sharing := map[string]int{}
	for _, d := range devices {
		if d.Capture == capture && d.ID != "" {
			sharing[d.Name]++
		}
	}
	list := []soundDevice{{}}
	numbers := map[string]int{}
	for _, d := range devices {
		entry := soundDevice{opens: d.Name, name: d.Name, id: d.ID}
		if sharing[d.Name] > 1 {
			numbers[d.Name]++
			entry.opens, entry.number = d.ID, numbers[d.Name]
		}
		known := slices.ContainsFunc(list, func(e soundDevice) bool { return e.opens == entry.opens })
		if d.Capture == capture && !known {
			list = append(list, entry)
		}
	}
	return list
}

// label is a device's name as the display and flash have it once it is chosen.
func (d soundDevice) label() string {
	if d.number == 0 {
		return d.name
	}
	return fmt.Sprintf("%d: %s", d.number, d.name) // a long name loses its end
}

// means tells that a row is set to a device. A name may hold the mark that parts
// two, so the whole text counts too.
func (p *Phone) means(s soundRow, d soundDevice) bool { return d.is(p.wanted(s)) || d.is(p.device(s)) }

// withChosen adds the device that a person has chosen if it is gone: it is still
// waited for, and what is waited for must be seen.
func (p *Phone) withChosen(list []soundDevice, s soundRow) []soundDevice {
	if slices.ContainsFunc(list, func(d soundDevice) bool { return p.means(s, d) }) {
		return list
	}
	wanted := p.wanted(s)
	return append(list, soundDevice{opens: wanted, name: cmp.Or(p.devices[s.nameKey()], wanted), gone: true})
}

// openDevices lists the devices for a row; the one selected counts at once.
// Finding them takes a while.
func (p *Phone) openDevices(chooser audio.DeviceChooser, s soundRow) {
	list := distinct(nil, s.capture)
	page := &menu.Page{
		Name: "menu.audio.devices", Title: s.label(), Keys: call.ContextSubMenu, Prompt: text.Get(text.AudioLooking),
		Items: func() []view.Item {
			items := make([]view.Item, len(list))
			for i, d := range list {
				items[i] = view.Item{Number: i + 1, Label: deviceText(d.label())}
				switch {
				case d.gone:
					items[i].Icon = view.IconFailed
				case p.means(s, d):
					items[i].Icon = view.IconConnected
				}
			}
			return items
		},
		Open: func(i int) { p.chooseDevice(s, list[i]) },
	}
	p.openPage(page)
	p.work(func(context.Context) {
		devices, err := chooser.ListDevices()
		p.post(func() {
			page.Prompt = ""
			if err != nil {
				p.report(err, text.StatusTrouble, err)
			}
			list = p.withChosen(distinct(devices, s.capture), s)
		})
	})
}

// roleName is what a person calls a role.
func roleName(role audio.Role) string {
	if role >= audio.NumRoles {
		return role.String()
	}
	return text.Get([...]text.ID{text.RoleHandset, text.RoleHeadset, text.RoleSpeaker, text.RoleRinger}[role])
}

func (p *Phone) chooseDevice(s soundRow, d soundDevice) {
	if p.devices == nil {
		p.devices = map[string]string{}
	}
	p.devices[s.key()] = d.opens
	delete(p.devices, s.nameKey())
	if d.opens != d.label() {
		p.devices[s.nameKey()] = d.label()
	}
	p.savePreferences()
	p.useDevice(s.role)
}
