package engine

import (
	"deskset/audio"
	"deskset/audio/device"
)

// ListDevices implements audio.DeviceChooser.
func (e *Engine) ListDevices() ([]audio.Device, error) {
	infos, err := e.Devices()
	devices := make([]audio.Device, len(infos))
	for i, info := range infos {
		devices[i] = audio.Device{Name: info.Name, ID: info.ID, Capture: info.Kind == device.Capture}
	}
	return devices, err
}

// ChooseDevices implements audio.DeviceChooser.
func (e *Engine) ChooseDevices(r audio.Role, playback, capture string) {
	e.SetDevices(r, DeviceNames{Playback: playback, Capture: capture})
}
