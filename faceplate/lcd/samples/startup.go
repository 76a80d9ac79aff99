package samples

import "deskset/phonecore/view"

var copyright = []string{
	"Copyright 2026 The Deskset authors",
	"Apache License 2.0, without warranty",
}

func startUp() []Sample {
	return []Sample{
		sample("off", view.Screen{Layout: view.LayoutOff}),
		sample("startup", view.Screen{
			Layout: view.LayoutStartUp, Title: "Deskset 7960", Text: copyright,
			Message: "Configuring IP", Progress: view.Progress{Shown: true, Done: 400},
		}),
		sample("upgrade", view.Screen{
			Layout: view.LayoutStartUp, Title: "Upgrading Software",
			Text:     []string{"P0S3-08-12-00", "Do not remove power."},
			Message:  "Programming, 512 of 738 KB",
			Progress: view.Progress{Shown: true, Done: 693},
		}),
		sample("error", view.Screen{
			Layout: view.LayoutStartUp, Title: "Deskset 7960", Text: copyright,
			Message: "TFTP Timeout: 192.0.2.10 did not answer",
			Prompt:  "Trying again in 12 seconds",
			Soft:    soft("Retry", "", "", "Settings"),
		}),
	}
}
