package call

import (
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// SoftKey is one function that a soft key can have.
type SoftKey uint8

// The functions. SoftNone leaves a cell empty.
const (
	SoftNone SoftKey = iota
	SoftRedial
	SoftNewCall
	SoftCFwdAll
	SoftDND
	SoftPickUp
	SoftEndCall
	SoftNumAlpha
	SoftDial
	SoftBackspace
	SoftAnswer
	SoftReject
	SoftDivert
	SoftHold
	SoftResume
	SoftTransfer
	SoftConference
	SoftBlindTransfer
	SoftPark
	SoftRecord
	SoftJoin
	SoftRemoveLast
	SoftCancel
	SoftSelect
	SoftExit
	SoftBack
	SoftSave
	SoftPlay
	SoftClear
	SoftMore
	NumSoftKeys
)

var softLabels = [NumSoftKeys]text.ID{
	SoftNone:          text.None,
	SoftRedial:        text.SoftRedial,
	SoftNewCall:       text.SoftNewCall,
	SoftCFwdAll:       text.SoftCFwdAll,
	SoftDND:           text.SoftDND,
	SoftPickUp:        text.SoftPickUp,
	SoftEndCall:       text.SoftEndCall,
	SoftNumAlpha:      text.SoftNumAlpha,
	SoftDial:          text.SoftDial,
	SoftBackspace:     text.SoftBackspace,
	SoftAnswer:        text.SoftAnswer,
	SoftReject:        text.SoftReject,
	SoftDivert:        text.SoftDivert,
	SoftHold:          text.SoftHold,
	SoftResume:        text.SoftResume,
	SoftTransfer:      text.SoftTransfer,
	SoftConference:    text.SoftConference,
	SoftBlindTransfer: text.SoftBlindTransfer,
	SoftPark:          text.SoftPark,
	SoftRecord:        text.SoftRecord,
	SoftJoin:          text.SoftJoin,
	SoftRemoveLast:    text.SoftRemoveLast,
	SoftCancel:        text.SoftCancel,
	SoftSelect:        text.SoftSelect,
	SoftExit:          text.SoftExit,
	SoftBack:          text.SoftBack,
	SoftSave:          text.SoftSave,
	SoftPlay:          text.SoftPlay,
	SoftClear:         text.SoftClear,
	SoftMore:          text.SoftMore,
}

// Label is the word above the key.
func (k SoftKey) Label() string {
	if k < NumSoftKeys {
		return text.Get(softLabels[k])
	}
	return ""
}

// Context is the state of the phone that decides its soft keys.
type Context uint8

// The rows of the soft-key table.
const (
	ContextNone Context = iota
	ContextIdle
	ContextOffHook
	ContextDialling
	ContextRingOut
	ContextRingIn
	ContextConnected
	ContextHeld
	ContextTransfer
	ContextJoining
	ContextConference
	ContextFailed
	ContextMenu
	ContextSubMenu
	ContextText
	ContextRingTypes
	ContextContrast
	numContexts
)

// softKeys is the one table of soft keys (design/screens.md). SoftNone keeps
// a cell empty so that the next key has its accustomed place.
var softKeys = [numContexts][]SoftKey{
	ContextIdle:       {SoftRedial, SoftNewCall, SoftCFwdAll, SoftDND, SoftPickUp},
	ContextOffHook:    {SoftRedial, SoftEndCall, SoftCFwdAll, SoftNumAlpha},
	ContextDialling:   {SoftDial, SoftEndCall, SoftBackspace, SoftNumAlpha},
	ContextRingOut:    {SoftNone, SoftEndCall},
	ContextRingIn:     {SoftAnswer, SoftReject, SoftDivert},
	ContextConnected:  {SoftHold, SoftEndCall, SoftTransfer, SoftConference, SoftBlindTransfer, SoftPark, SoftRecord},
	ContextHeld:       {SoftResume, SoftNewCall, SoftEndCall, SoftTransfer},
	ContextTransfer:   {SoftTransfer, SoftEndCall, SoftCancel},
	ContextJoining:    {SoftConference, SoftEndCall, SoftCancel},
	ContextConference: {SoftHold, SoftEndCall, SoftJoin, SoftRemoveLast},
	ContextFailed:     {SoftRedial, SoftEndCall, SoftNewCall},
	ContextMenu:       {SoftSelect, SoftNone, SoftNone, SoftExit},
	ContextSubMenu:    {SoftSelect, SoftNone, SoftNone, SoftBack},
	ContextText:       {SoftNone, SoftNone, SoftNone, SoftExit},
	ContextRingTypes:  {SoftSelect, SoftPlay, SoftSave, SoftCancel},
	ContextContrast:   {SoftNone, SoftNone, SoftSave, SoftCancel},
}

// Keys gives the soft keys of a state without those that the phone does not
// have: a key that does nothing is never shown.
func Keys(ctx Context, has func(SoftKey) bool) []SoftKey {
	var keys []SoftKey
	for _, k := range softKeys[ctx] {
		if k == SoftNone || has(k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// Page lays keys out under the LCD. More than four become pages of three with
// "more" as the fourth; pages go round.
func Page(keys []SoftKey, page int) [view.NumSoftKeys]SoftKey {
	var cells [view.NumSoftKeys]SoftKey
	if len(keys) <= view.NumSoftKeys {
		copy(cells[:], keys)
		return cells
	}
	const perPage = view.NumSoftKeys - 1
	pages := (len(keys) + perPage - 1) / perPage
	first := page % pages * perPage
	copy(cells[:perPage], keys[first:min(first+perPage, len(keys))])
	cells[perPage] = SoftMore
	return cells
}
