package main

import (
	"fmt"
	"log/slog"
	"os"

	"deskset/audio"
	"deskset/audio/device"
	"deskset/audio/engine"
	"deskset/audio/stream"
	"deskset/audio/wav"
	"deskset/provisioning/param"
)

// newEngine chooses the sound: the machine's cards, files, or none. tap, which
// may be nil, is shown the packets.
func newEngine(o *options, set *param.Set, tap func(audio.Packet), notify func(audio.Notice), log *slog.Logger) (audio.Engine, error) {
	config := engine.Config{Notify: notify, Log: log, Devices: map[audio.Role]engine.DeviceNames{}}
	if tap != nil {
		config.NewMedia = func(sc audio.StreamConfig) (engine.Media, error) {
			sc.Tap = tap
			return stream.New(sc)
		}
	}
	files := o.audioIn != "" || o.audioOut != ""
	switch {
	case o.audioNull:
		config.Backend = device.Null{}
	case files:
		config.Backend = device.NewFile()
	default:
		config.Backend = device.NewMalgo(device.MalgoConfig{})
	}
	for role := range audio.NumRoles {
		switch {
		case !files:
			name := set.Text("audio_" + role.String())
			config.Devices[role] = engine.DeviceNames{Playback: name, Capture: name}
		case role != audio.RoleRinger:
			config.Devices[role] = engine.DeviceNames{Playback: o.audioOut, Capture: o.audioIn}
		}
	}
	return engine.New(config), nil
}

// checkSoundFiles looks at the files of -audio-in and -audio-out before the
// phone starts: at the first call it would be late.
func checkSoundFiles(o *options) error {
	if o.audioIn != "" {
		if _, _, err := wav.Read(o.audioIn); err != nil {
			return fmt.Errorf("-audio-in: %w", err)
		}
	}
	if o.audioOut == "" {
		return nil
	}
	f, err := os.OpenFile(o.audioOut, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("-audio-out: %w", err)
	}
	return f.Close()
}
