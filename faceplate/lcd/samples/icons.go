package samples

import "deskset/phonecore/view"

// icons shows every icon of the LCD, on both backgrounds.
func icons() []Sample {
	names := [view.NumIcons]string{
		"none", "on-hook", "off-hook", "ringing", "hold", "not registered", "speed dial", "forwarded",
		"muted", "locked", "unlocked", "encrypted", "message", "connected", "ring-out",
		"pending", "running", "done", "failed", "skipped",
	}
	page := func(name string, first view.Icon) Sample {
		s := view.Screen{Layout: view.LayoutPhone, Selected: -1, Status: view.StatusRow{Left: "Icons"}}
		for i := range min(view.NumRows, view.NumIcons-first) {
			icon := first + i
			s.Rows = append(s.Rows, view.Row{Icon: icon, Text: names[icon], Highlight: icon%2 == 0})
			s.Lines[i] = view.LineLabel{Icon: icon, Text: names[icon]}
		}
		return sample(name, s)
	}
	first := page("icons-1", view.IconOnHook)
	return []Sample{first, off(first), page("icons-2", view.IconForwarded), page("icons-3", view.IconConnected), page("icons-4", view.IconSkipped)}
}
