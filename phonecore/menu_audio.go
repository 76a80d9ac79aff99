package phonecore

import (
	"context"
	"slices"
	"strings"

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

// device is the name of a row's device: as the person has chosen, else as
// audio_* has it; empty is the system's.
func (p *Phone) device(s soundRow) string {
	if name, chosen := p.devices[s.key()]; chosen {
		return name
	}
	playback, capture, both := strings.Cut(p.params.Text("audio_"+s.role.String()), " / ")
	if s.capture && both {
		return strings.TrimSpace(capture)
	}
	return strings.TrimSpace(playback)
}

// useDevices tells a new engine what was chosen before. What this computer's
// settings say counts more: they may be about other devices than last time.
func (p *Phone) useDevices() {
	for _, s := range soundRows {
		if p.params.IsSet("audio_" + s.role.String()) {
			delete(p.devices, s.key())
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

// openAudio lists which device serves what. It is never locked: what hangs on
// the computer is the person's own.
func (p *Phone) openAudio() {
	page := &menu.Page{
		Name: "menu.audio", Title: text.Get(text.MenuAudio), Keys: call.ContextSubMenu,
		Items: func() []view.Item {
			items := make([]view.Item, len(soundRows))
			for i, s := range soundRows {
				items[i] = view.Item{Number: i + 1, Label: s.label(), Value: deviceText(p.device(s))}
			}
			return items
		},
	}
	if chooser, ok := p.voice.(audio.DeviceChooser); ok {
		page.Open = func(i int) { p.openDevices(chooser, soundRows[i]) }
	} else {
		page.Keys, page.Prompt = call.ContextSubText, text.Get(text.ShownOnly)
	}
	p.openPage(page)
}

// deviceText is a device's name for the display.
func deviceText(name string) string {
	if name == "" {
		return text.Get(text.AudioDefault)
	}
	return plain(name, maxWords)
}

// openDevices lists the devices for a row; the one selected counts at once. The
// first entry is the system's own choice. Finding the others takes a while.
func (p *Phone) openDevices(chooser audio.DeviceChooser, s soundRow) {
	names := []string{""}
	page := &menu.Page{
		Name: "menu.audio.devices", Title: s.label(), Keys: call.ContextSubMenu, Prompt: text.Get(text.AudioLooking),
		Items: func() []view.Item {
			items := make([]view.Item, len(names))
			for i, name := range names {
				items[i] = view.Item{Number: i + 1, Label: deviceText(name)}
				if name == p.device(s) {
					items[i].Icon = view.IconConnected
				}
			}
			return items
		},
		Open: func(i int) { p.chooseDevice(s, names[i]) },
	}
	p.openPage(page)
	p.work(func(context.Context) {
		devices, err := chooser.ListDevices()
		p.post(func() {
			page.Prompt = ""
			if err != nil {
				p.report(err, text.StatusTrouble, err)
			}
			for _, d := range devices {
				if d.Capture == s.capture && !slices.Contains(names, d.Name) {
					names = append(names, d.Name)
				}
			}
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

func (p *Phone) chooseDevice(s soundRow, name string) {
	if p.devices == nil {
		p.devices = map[string]string{}
	}
	p.devices[s.key()] = name
	p.savePreferences()
	p.useDevice(s.role)
}
