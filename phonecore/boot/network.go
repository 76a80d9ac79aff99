package boot

import (
	"context"
	"strings"

	"deskset/phonecore/text"
)

// voiceVLAN reports the host's interface: without the right to speak CDP the
// VLAN is whatever the host's network gives.
func voiceVLAN(_ context.Context, r *run, rep *Report) {
	rep.Provenance = FromHost
	host, err := r.Network.Host()
	if err != nil {
		rep.add(text.StatusNoNetwork, err, err.Error())
		return
	}
	r.Host = host
	rep.Learned = host.Interface
	rep.add(text.StatusVLANHost, nil, host.Interface)
}

// ipAddress takes the host's address, and its MAC address where none was set.
func ipAddress(_ context.Context, r *run, rep *Report) {
	rep.Provenance = FromHost
	if !r.Host.Prefix.IsValid() {
		return // said by the stage before
	}
	if r.Values.MAC == "" {
		r.Values.MAC = strings.ToUpper(strings.ReplaceAll(r.Host.MAC.String(), ":", ""))
	}
	rep.Learned = r.Host.Prefix.String()
	rep.add(text.StatusIPHost, nil, r.Host.Prefix.Addr().String(), r.Host.Interface)
}

func (rep *Report) add(id text.ID, err error, args ...any) {
	rep.Messages = append(rep.Messages, Message{ID: id, Args: args, Err: err})
}
