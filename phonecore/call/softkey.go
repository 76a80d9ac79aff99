package call

import (
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// SoftKey is one function that a soft key can have: the word above the key
// names it, so that neither is without the other. None leaves a cell empty.
type SoftKey = text.ID

// Context is the state of the phone that decides its soft keys.
type Context uint8

// The rows of the soft-key table.
const (
	ContextNone Context = iota
	ContextIdle
	ContextOffHook
	ContextDialling
	ContextOffHookAlpha
	ContextDiallingAlpha
	ContextRingOut
	ContextRingIn
	ContextConnected
	ContextHeld
	ContextTransfer
	// ContextTransferTo is the entry of who shall have a call, before its first
	// digit.
	ContextTransferTo
	ContextJoining
	ContextConference
	ContextFailed
	ContextMenu
	ContextSubMenu
	ContextText
	ContextSubText
	ContextRingTypes
	ContextContrast
	// Settings that can be changed: a row for each sort of item, with Save and
	// Cancel, and the same in a sub-menu, which is saved with the menu above it.
	ContextShown
	ContextOpen
	ContextEdit
	ContextChange
	ContextYesNo
	ContextSubEdit
	ContextSubChange
	ContextSubYesNo
	// The editing panel: in the mode Number, in Alpha, without letters.
	ContextPanelNumber
	ContextPanelAlpha
	ContextPanelDigits
	// The pages of the directories key: lists of calls, the personal directory
	// and an entry of it, speed dials, and a question.
	ContextCallLog
	ContextPersonal
	ContextPersonalEmpty
	ContextPerson
	ContextSpeedDials
	ContextQuestion
	// Pages of a server.
	ContextWebMenu
	ContextWebText
	ContextWebInput
	ContextWebDirectory
	// ContextWebWaiting is a page of a server while the next one is on its way.
	ContextWebWaiting
	// ContextTrouble is what can be done when a try has failed.
	ContextTrouble
	// Audio Devices: the list, and the page on which a role's are tried, at first,
	// with something to be heard again, and for the ringer.
	ContextAudio
	ContextAudioTest
	ContextAudioAgain
	ContextAudioRing
	// ContextWaiting is a page that waits for what was begun on it.
	ContextWaiting
	NumContexts
)

// softKeys is the one table of soft keys (design/screens.md). text.None keeps
// a cell empty so that the next key has its accustomed place.
var softKeys = [NumContexts][]SoftKey{
	ContextIdle:     {text.SoftRedial, text.SoftNewCall, text.SoftCFwdAll, text.SoftDND, text.SoftPickUp},
	ContextOffHook:  {text.SoftRedial, text.SoftEndCall, text.SoftCFwdAll, text.SoftAlpha},
	ContextDialling: {text.SoftDial, text.SoftEndCall, text.SoftBackspace, text.SoftAlpha},
	// The same while the dial pad writes letters.
	ContextOffHookAlpha:  {text.SoftRedial, text.SoftEndCall, text.SoftCFwdAll, text.SoftNumber},
	ContextDiallingAlpha: {text.SoftDial, text.SoftEndCall, text.SoftBackspace, text.SoftNumber},
	ContextRingOut:       {text.None, text.SoftEndCall},
	ContextRingIn:        {text.SoftAnswer, text.SoftReject, text.SoftDivert},
	ContextConnected:     {text.SoftHold, text.SoftEndCall, text.SoftTransfer, text.SoftConference, text.SoftBlindTransfer, text.SoftPark, text.SoftRecord, text.SoftStopRecord, text.SoftJoin},
	ContextHeld:          {text.SoftResume, text.SoftNewCall, text.SoftEndCall, text.SoftTransfer, text.SoftJoin, text.SoftStopRecord},
	ContextTransfer:      {text.SoftTransfer, text.SoftEndCall, text.SoftCancel},
	ContextTransferTo:    {text.SoftRedial, text.SoftCancel, text.SoftTransfer, text.SoftAlpha},
	ContextJoining:       {text.SoftConference, text.SoftEndCall, text.SoftCancel},
	ContextConference:    {text.SoftHold, text.SoftEndCall, text.SoftJoin, text.SoftRemoveLast, text.SoftRecord, text.SoftStopRecord},
	ContextFailed:        {text.SoftRedial, text.SoftEndCall, text.SoftNewCall, text.SoftEditDial},
	ContextMenu:          {text.SoftSelect, text.None, text.None, text.SoftExit},
	ContextSubMenu:       {text.SoftSelect, text.None, text.None, text.SoftBack},
	ContextText:          {text.None, text.None, text.None, text.SoftExit},
	ContextSubText:       {text.None, text.None, text.None, text.SoftBack},
	ContextRingTypes:     {text.SoftSelect, text.SoftPlay, text.SoftSave, text.SoftCancel},
	ContextContrast:      {text.None, text.None, text.SoftSave, text.SoftCancel},

	ContextShown:     {text.None, text.None, text.SoftSave, text.SoftCancel},
	ContextOpen:      {text.SoftSelect, text.None, text.SoftSave, text.SoftCancel},
	ContextEdit:      {text.SoftEdit, text.None, text.SoftSave, text.SoftCancel},
	ContextChange:    {text.SoftChange, text.None, text.SoftSave, text.SoftCancel},
	ContextYesNo:     {text.Yes, text.No, text.SoftSave, text.SoftCancel},
	ContextSubEdit:   {text.SoftEdit, text.None, text.None, text.SoftBack},
	ContextSubChange: {text.SoftChange, text.None, text.None, text.SoftBack},
	ContextSubYesNo:  {text.Yes, text.No, text.None, text.SoftBack},

	ContextPanelNumber: {text.SoftValidate, text.SoftBackspace, text.SoftAlpha, text.SoftCancel},
	ContextPanelAlpha:  {text.SoftValidate, text.SoftBackspace, text.SoftNumber, text.SoftCancel},
	ContextPanelDigits: {text.SoftValidate, text.SoftBackspace, text.None, text.SoftCancel},

	ContextCallLog:       {text.SoftDial, text.SoftEditDial, text.SoftDelete, text.SoftClear, text.SoftExit},
	ContextPersonal:      {text.SoftDial, text.SoftEdit, text.SoftAdd, text.SoftDelete, text.SoftExit},
	ContextPersonalEmpty: {text.None, text.None, text.SoftAdd, text.SoftExit},
	ContextPerson:        {text.SoftDial, text.SoftEdit, text.SoftSave, text.SoftCancel},
	ContextSpeedDials:    {text.SoftDial, text.SoftEdit, text.SoftDelete, text.SoftBack},
	ContextQuestion:      {text.Yes, text.No},

	ContextWebMenu:      {text.SoftSelect, text.SoftUpdate, text.SoftBack, text.SoftExit},
	ContextWebText:      {text.None, text.SoftUpdate, text.SoftBack, text.SoftExit},
	ContextWebInput:     {text.SoftSubmit, text.SoftEdit, text.SoftBack, text.SoftExit},
	ContextWebDirectory: {text.SoftDial, text.SoftEditDial, text.SoftNext, text.SoftBack, text.SoftExit},

	// Cancel stays on the page, Exit leaves it.
	ContextWebWaiting: {text.None, text.None, text.SoftCancel, text.SoftExit},

	ContextTrouble: {text.SoftRetry, text.SoftAlter, text.None, text.SoftKeep},

	ContextAudio:      {text.SoftSelect, text.SoftTest, text.None, text.SoftBack},
	ContextAudioTest:  {text.SoftRecord, text.None, text.None, text.SoftBack},
	ContextAudioAgain: {text.SoftRecord, text.SoftPlay, text.None, text.SoftBack},
	ContextAudioRing:  {text.None, text.SoftPlay, text.None, text.SoftBack},

	ContextWaiting: {text.None, text.None, text.None, text.SoftCancel},
}

// Keys gives the soft keys of a state without those that the phone does not
// have: a key that does nothing is never shown.
func Keys(ctx Context, has func(SoftKey) bool) []SoftKey {
	var keys []SoftKey
	for _, k := range softKeys[ctx] {
		if k == text.None || has(k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// Page lays keys out under the LCD. More than four become pages of three with
// "more" as the fourth; pages go round.
func Page[T any](keys []T, page int, more T) [view.NumSoftKeys]T {
	var cells [view.NumSoftKeys]T
	if len(keys) <= view.NumSoftKeys {
		copy(cells[:], keys)
		return cells
	}
	const perPage = view.NumSoftKeys - 1
	pages := (len(keys) + perPage - 1) / perPage
	first := page % pages * perPage
	copy(cells[:perPage], keys[first:min(first+perPage, len(keys))])
	cells[perPage] = more
	return cells
}
