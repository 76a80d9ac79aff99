package terminal

import "deskset/phonecore/view"

// labels are the line labels of the samples.
func labels(labels ...view.LineLabel) (all [view.NumLines]view.LineLabel) {
	copy(all[:], labels)
	return all
}

// samples are screens of design/screens.md.
var samples = map[string]view.View{
	"off": {},
	"startup": {BlinkOn: true, Lamps: [view.NumLamps]view.LampState{view.LampMute: view.LampBlinking}, Screen: view.Screen{
		Layout: view.LayoutStartUp, Title: "Deskset 7960", Text: []string{"Copyright the Deskset authors", "Apache License 2.0"},
		Message: "Configuring IP", Progress: view.Progress{Shown: true, Done: 350},
		Prompt: "Paused before Configuration",
	}},
	"idle": {BlinkOn: true, Lamps: [view.NumLamps]view.LampState{view.LampMessage: view.LampOn}, Screen: view.Screen{
		Layout: view.LayoutPhone, Name: "idle",
		Status: view.StatusRow{Left: "10:45a 11/21/26", Right: "5551212"},
		Rows:   []view.Row{{}, {Text: "Deskset", Style: view.StyleBold}, {Text: "2 missed calls"}},
		Lines: labels(view.LineLabel{Text: "5551212", Icon: view.IconOnHook}, view.LineLabel{Text: "5551213", Icon: view.IconNotRegistered},
			view.LineLabel{Text: "Front desk with a long name", Icon: view.IconSpeedDial}),
		Prompt: "Your current options", Soft: [4]string{"Redial", "NewCall", "CFwdAll", "more"}, Selected: -1,
	}},
	"dialling": {BlinkOn: true, HandsetLifted: true, Screen: view.Screen{
		Layout: view.LayoutPhone, Name: "dialling",
		Status: view.StatusRow{Left: "10:45a 11/21/26", Right: "5551212"},
		Rows:   []view.Row{{Text: "00498912345678901234567890123456789012345678", Style: view.StyleLarge, Cursor: true}, {Text: "1 match: Ada 5550199", Style: view.StyleFaint}},
		Lines:  labels(view.LineLabel{Text: "5551212", Icon: view.IconOffHook, Selected: true}),
		Prompt: "Enter number", Soft: [4]string{"Dial", "EndCall", "<<", ""}, Selected: -1,
	}},
	"incoming": {BlinkOn: false, Lamps: [view.NumLamps]view.LampState{view.LampMessage: view.LampBlinking, view.LampSpeaker: view.LampOn}, Screen: view.Screen{
		Layout: view.LayoutPhone, Name: "incoming",
		Status: view.StatusRow{Left: "10:45a 11/21/26", Right: "5551212", Icon: view.IconEncrypted},
		Rows: []view.Row{
			{Icon: view.IconConnected, Text: "From Ada", Right: "0:41", Style: view.StyleBold}, {Text: "  5550199"},
			{Icon: view.IconRinging, Text: "From Bob\x1b[31m\u202e evil", Style: view.StyleBold, Highlight: true}, {Text: "  5550123"},
		},
		Lines:  labels(view.LineLabel{Text: "5551212", Icon: view.IconRinging, Blink: true}),
		Prompt: "Call waiting", Soft: [4]string{"Answer", "Reject", "Hold", "more"}, Selected: 2,
	}},
	"menu": {BlinkOn: true, Screen: view.Screen{
		Layout: view.LayoutMenu, Name: "menu.network", Title: "Network Configuration", Status: view.StatusRow{Icon: view.IconLocked},
		Items: []view.Item{
			{Number: 1, Label: "DHCP Server", Value: "192.0.2.1"}, {Number: 2, Label: "MAC Address", Value: "00503EFFD842"},
			{Number: 3, Label: "Host Name", Value: "SIP00503EFFD842"}, {Number: 4, Label: "Domain Name", Value: "a-very-long-domain.name.example.com"},
			{Number: 5, Label: "IP Address", Value: "192.0.2.44"}, {Number: 6, Label: "Subnet Mask", Value: "255.255.255.0"},
			{Number: 7, Label: "TFTP Server", Value: "192.0.2.1"}, {Number: 10, Label: "Default Router", Value: "192.0.2.254"},
		},
		Selected: 6, Prompt: "Settings are locked: press **#", Soft: [4]string{"Select", "", "", "Exit"},
	}},
	"editor": {BlinkOn: true, Screen: view.Screen{
		Layout: view.LayoutEditor, Name: "editor", Title: "IP Address", Status: view.StatusRow{Icon: view.IconUnlocked},
		Edit: view.Editor{Text: "192.168.1", Cursor: 9}, Text: []string{"now: 192.0.2.44", "* enters a dot"}, Selected: -1,
		Soft: [4]string{"Valid.", "<<", "", "Cancel"},
	}},
	"text": {BlinkOn: true, Screen: view.Screen{
		Layout: view.LayoutText, Name: "status", Title: "Status Messages", First: 1, Selected: -1,
		Text: []string{"not seen", "10:44 TFTP server 192.0.2.1 did not answer: using the values stored in flash", "10:45 日本語の長い長い表示 Grüße"},
		Soft: [4]string{"", "", "", "Exit"},
	}},
	"image": {BlinkOn: true, Screen: view.Screen{
		Layout: view.LayoutImage, Name: "service", Title: "Picture", Selected: -1,
		Image: &view.Image{Width: 16, Height: 8, X: -1, Y: -1, Pixels: frame(16, 8)}, Soft: [4]string{"", "", "", "Exit"},
	}},
}

// frame is a picture of a dark frame round a light middle.
func frame(w, h int) []byte {
	pixels := make([]byte, w*h)
	for y := range h {
		for x := range w {
			if x == 0 || y == 0 || x == w-1 || y == h-1 {
				pixels[y*w+x] = 3
			}
		}
	}
	return pixels
}
