package samples

import "deskset/phonecore/view"

func pages() []Sample {
	editing := view.Screen{
		Layout: view.LayoutEditor, Title: "IP Address", Status: view.StatusRow{Icon: view.IconUnlocked},
		Edit: view.Editor{Text: "192.168.1", Cursor: 9}, Text: []string{"now: 192.0.2.44", "* enters a dot"},
		Soft: soft("Valid.", "<<", "", "Cancel"),
	}
	pending := editing
	pending.Title, pending.Text = "Line 1 Name", []string{"now: 5551212", "Press a key again for its next letter"}
	pending.Edit = view.Editor{Text: "ada.lovelacg", Cursor: 12, Pending: true}
	pending.Soft = soft("Valid.", "<<", "Number", "Cancel")
	middle := pending
	middle.Edit = view.Editor{Text: "ada.lovelace@engines.example.com", Cursor: 3}

	messages := view.Screen{
		Layout: view.LayoutText, Title: "Status Messages", Soft: soft("Clear", "", "", "Exit"), Prompt: "3 to 9 of 12",
		First: 2, Text: []string{
			"10:40:02a SIPDefault.cnf loaded",
			"10:40:03a SIP00503EFFD842.cnf loaded",
			"10:40:03a SIP00503EFFD842.cnf:12: preferred_codec \"g723\": want g711ulaw, g711alaw or g729a; keeping g711ulaw",
			"10:40:05a Registered line 1",
			"10:40:06a W350 unprovisioned proxy_backup",
			"10:41:17a No answer from 192.0.2.77",
			"10:44:50a DNS Unknown Host sip.example.net",
		},
	}
	help := view.Screen{
		Layout: view.LayoutText, Title: "Redial", Soft: soft("", "", "", "Exit"),
		Text: []string{"Calls the number that was dialled last.", "",
			"Lift the handset first to choose how you hear the call, or press Redial to use the speaker."},
	}
	picture := view.Screen{
		Layout: view.LayoutImage, Title: "Weather", Image: hills(), Prompt: "Tomorrow 8 to 14 \u00b0C",
		Soft: soft("Update", "", "", "Exit"),
	}
	beside := picture
	beside.Text = []string{"Z\u00fcrich", "", "Sunny, light wind from the north-east."}
	return []Sample{
		sample("editing", editing), off(sample("editing", editing)),
		sample("editing-pending", pending), sample("editing-middle", middle),
		sample("status-messages", messages), sample("help", help),
		sample("image", picture), sample("image-text", beside),
	}
}

// hills draws a landscape of the largest size, with all four greys.
func hills() *view.Image {
	const width, height = 133, 65
	img := &view.Image{Width: width, Height: height, X: -1, Y: -1, Pixels: make([]byte, width*height)}
	for y := range height {
		for x := range width {
			img.Pixels[y*width+x] = landscape(x, y)
		}
	}
	for x := range width {
		img.Pixels[x], img.Pixels[(height-1)*width+x] = 3, 3
	}
	for y := range height {
		img.Pixels[y*width], img.Pixels[y*width+width-1] = 3, 3
	}
	return img
}

func landscape(x, y int) byte {
	parabola := func(top, middle, flat int) int { return top + (x-middle)*(x-middle)/flat }
	sun := (x-100)*(x-100) + (y-15)*(y-15)
	switch {
	case y > parabola(42, 95, 160):
		return 3
	case y > parabola(34, 30, 90):
		return 2
	case y > parabola(28, 80, 70):
		return 1
	case sun < 81:
		return 2
	case sun < 100:
		return 3
	}
	return 0
}
