package sipua

import (
	"slices"

	"deskset/audio/codec"
	"deskset/phonecore/sipua/sdp"
	"deskset/phonecore/sipua/wire"
)

// adapted calls once more with less, where a response says what was too much
// (RFC 3261 section 8.1.3.5): without the option that the far side does not
// know, with a longer session time, or with the codecs only that every peer has
// had a number for since RFC 3551. Who must have encryption is refused for that.
func (o *outgoing) adapted(res *wire.Message) bool {
	d := o.c.a.o.Dialogs
	switch {
	case res.Status == 420 && d.Reliable == ReliableRequired && !o.plain:
		o.plain = true
	case res.Status == 422 && o.c.session.raise(res):
	case (res.Status == 488 || res.Status == 606) && !o.simple && o.offered && o.c.local.Encryption != sdp.EncryptionRequired && len(numbered(o.local.Codecs)) < len(o.local.Codecs):
		o.simple = true
	default:
		return false
	}
	return len(o.ways) > 0 && o.inviteAt(o.ways[0]) == nil
}

// numbered are the codecs with a payload type of their own; all, if there is
// none among them.
func numbered(names []codec.Name) []codec.Name {
	list := slices.DeleteFunc(slices.Clone(names), func(n codec.Name) bool {
		info, ok := codec.Lookup(n)
		return !ok || !info.Static
	})
	if len(list) == 0 {
		return names
	}
	return list
}
