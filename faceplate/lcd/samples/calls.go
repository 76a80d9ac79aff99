package samples

import "deskset/phonecore/view"

var status = view.StatusRow{Left: "10:45a 11/21/26", Right: "5551212"}

// lines is six line keys, the first with the icon that the state asks for.
func lines(first view.LineLabel) [view.NumLines]view.LineLabel {
	first.Text = "5551212"
	return [view.NumLines]view.LineLabel{
		first,
		{Text: "5551213", Icon: view.IconOnHook},
		{Text: "Front desk", Icon: view.IconSpeedDial},
		{Text: "Voicemail", Icon: view.IconMessage},
		{Text: "Lab echo", Icon: view.IconSpeedDial},
		{},
	}
}

func phone(name string, first view.LineLabel, prompt string, keys [view.NumSoftKeys]string, rows ...view.Row) Sample {
	return sample(name, view.Screen{
		Layout: view.LayoutPhone, Status: status, Lines: lines(first), Selected: -1,
		Rows: rows, Prompt: prompt, Soft: keys,
	})
}

func calls() []Sample {
	resting := view.LineLabel{Icon: view.IconOnHook}
	inUse := view.LineLabel{Icon: view.IconOffHook, Selected: true}
	ringing := view.LineLabel{Icon: view.IconRinging, Blink: true}
	connected := view.LineLabel{Icon: view.IconConnected, Selected: true}
	held := view.LineLabel{Icon: view.IconHold, Blink: true}

	idle := phone("idle", resting, "Your current options", soft("Redial", "NewCall", "CFwdAll", "more"),
		view.Row{}, view.Row{Text: "Deskset", Style: view.StyleLarge}, view.Row{Text: "2 missed calls"})
	incoming := phone("incoming", ringing, "Incoming call", soft("Answer", "Reject", "iDivert", ""),
		view.Row{Icon: view.IconRinging, Text: "From Ada Lovelace", Style: view.StyleBold}, view.Row{Text: "5550199"})
	dialling := phone("dialling", inUse, "Enter number", soft("Dial", "EndCall", "<<", "Num"),
		view.Row{}, view.Row{Text: "5550199", Style: view.StyleLarge, Cursor: true},
		view.Row{Text: "1 match: Ada 5550199", Style: view.StyleFaint})
	return []Sample{
		idle, dialling, off(dialling), incoming, off(incoming),
		idleLocked(), notRegistered(), idleForwarded(),
		phone("offhook", inUse, "Enter number", soft("Redial", "EndCall", "CFwdAll", "Num"),
			view.Row{}, view.Row{Style: view.StyleLarge, Cursor: true}),
		phone("dialling-long", inUse, "Enter number", soft("Dial", "EndCall", "<<", "Alpha"),
			view.Row{}, view.Row{Text: "00441632960123456789", Style: view.StyleLarge, Cursor: true}),
		phone("dialling-uri", inUse, "Enter number", soft("Dial", "EndCall", "<<", "Num"),
			view.Row{}, view.Row{Text: "sip:ada.lovelace@engines.example.com", Style: view.StyleLarge, Cursor: true}),
		phone("ringout", view.LineLabel{Icon: view.IconRingOut, Selected: true}, "Ring Out", soft("", "EndCall"),
			view.Row{Icon: view.IconRingOut, Text: "To 5550199", Style: view.StyleBold}),
		phone("connected", connected, "Connected", soft("Hold", "EndCall", "Trnsfer", "more"),
			view.Row{Icon: view.IconConnected, Text: "Ada Lovelace", Right: "0:41", Style: view.StyleBold, Highlight: true},
			view.Row{Text: "5550199", Highlight: true},
			view.Row{},
			view.Row{Icon: view.IconEncrypted, Text: "Encrypted", Style: view.StyleFaint}),
		phone("connected-two-calls", connected, "Connected", soft("Hold", "EndCall", "Trnsfer", "more"),
			view.Row{Icon: view.IconConnected, Text: "Ada Lovelace", Right: "12:41", Style: view.StyleBold, Highlight: true},
			view.Row{Text: "5550199", Highlight: true},
			view.Row{Icon: view.IconHold, Text: "Bob Young", Right: "3:07", Style: view.StyleBold},
			view.Row{Text: "5550123"}),
		phone("call-waiting", connected, "Call waiting", soft("Answer", "Reject", "Hold", "more"),
			view.Row{Icon: view.IconConnected, Text: "From Ada", Right: "0:41", Style: view.StyleBold},
			view.Row{Text: "5550199"},
			view.Row{Icon: view.IconRinging, Text: "Bob is calling", Style: view.StyleBold, Highlight: true},
			view.Row{Text: "5550123", Highlight: true}),
		phone("held", held, "On hold", soft("Resume", "NewCall", "EndCall", "Trnsfer"),
			view.Row{Icon: view.IconHold, Text: "Ada Lovelace", Right: "1:02", Style: view.StyleBold, Highlight: true},
			view.Row{Text: "5550199", Highlight: true}),
		phone("muted", connected, "Muted", soft("Hold", "EndCall", "Trnsfer", "more"),
			view.Row{Icon: view.IconMuted, Text: "Conference", Right: "1:12:41", Style: view.StyleBold, Highlight: true},
			view.Row{Text: "Ada Lovelace", Right: "5550199"},
			view.Row{Text: "Bob Young", Right: "5550123"},
			view.Row{Text: "You", Right: "5551212"}),
	}
}

func idleLocked() Sample {
	s := phone("idle-locked", view.LineLabel{Icon: view.IconOnHook}, "Settings are locked: press **#",
		soft("Redial", "NewCall", "CFwdAll", "more"), view.Row{}, view.Row{Text: "Deskset", Style: view.StyleLarge})
	s.View.Screen.Status.Icon = view.IconLocked
	return s
}

func notRegistered() Sample {
	s := phone("not-registered", view.LineLabel{Icon: view.IconNotRegistered}, "Registration timed out",
		soft("Redial", "NewCall", "CFwdAll", "more"), view.Row{}, view.Row{Text: "Deskset", Style: view.StyleLarge})
	s.View.Screen.Lines[1].Icon = view.IconNotRegistered
	return s
}

func idleForwarded() Sample {
	s := phone("forwarded", view.LineLabel{Icon: view.IconForwarded}, "Forwarded to 5550170",
		soft("Redial", "NewCall", "CFwdAll", "more"), view.Row{}, view.Row{Text: "Deskset", Style: view.StyleLarge},
		view.Row{Icon: view.IconMessage, Text: "You have voice mail"})
	s.View.Lamps[view.LampMessage] = view.LampOn
	return s
}
