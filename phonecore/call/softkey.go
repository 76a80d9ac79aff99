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
	SoftStopRecord
	SoftJoin
	SoftRemoveLast
	SoftCancel
	SoftSelect
	SoftExit
	SoftBack
	SoftSave
	SoftPlay
	SoftClear
	SoftEdit
	SoftChange
	SoftYes
	SoftNo
	SoftValidate
	SoftNumber
	SoftAlpha
	SoftEditDial
	SoftDelete
	SoftAdd
	SoftUpdate
	SoftSubmit
	SoftNext
	SoftRetry
	SoftAlter
	SoftKeep
	SoftTest
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
	SoftStopRecord:    text.SoftStopRecord,
	SoftJoin:          text.SoftJoin,
	SoftRemoveLast:    text.SoftRemoveLast,
	SoftCancel:        text.SoftCancel,
	SoftSelect:        text.SoftSelect,
	SoftExit:          text.SoftExit,
	SoftBack:          text.SoftBack,
	SoftSave:          text.SoftSave,
	SoftPlay:          text.SoftPlay,
	SoftClear:         text.SoftClear,
	SoftEdit:          text.SoftEdit,
	SoftChange:        text.SoftChange,
	SoftYes:           text.Yes,
	SoftNo:            text.No,
	SoftValidate:      text.SoftValidate,
	SoftNumber:        text.SoftNumber,
	SoftAlpha:         text.SoftAlpha,
	SoftEditDial:      text.SoftEditDial,
	SoftDelete:        text.SoftDelete,
	SoftAdd:           text.SoftAdd,
	SoftUpdate:        text.SoftUpdate,
	SoftSubmit:        text.SoftSubmit,
	SoftNext:          text.SoftNext,
	SoftRetry:         text.SoftRetry,
	SoftAlter:         text.SoftAlter,
	SoftKeep:          text.SoftKeep,
	SoftTest:          text.SoftTest,
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
	// ContextTrouble is what can be done when a try has failed.
	ContextTrouble
	// Audio Devices: the list, and the page on which a role's are tried, at first,
	// with something to be heard again, for the ringer, and while it is at it.
	ContextAudio
	ContextAudioTest
	ContextAudioAgain
	ContextAudioRing
	ContextAudioBusy
	numContexts
)

// softKeys is the one table of soft keys (design/screens.md). SoftNone keeps
// a cell empty so that the next key has its accustomed place.
var softKeys = [numContexts][]SoftKey{
	ContextIdle:     {SoftRedial, SoftNewCall, SoftCFwdAll, SoftDND, SoftPickUp},
	ContextOffHook:  {SoftRedial, SoftEndCall, SoftCFwdAll, SoftAlpha},
	ContextDialling: {SoftDial, SoftEndCall, SoftBackspace, SoftAlpha},
	// The same while the dial pad writes letters.
	ContextOffHookAlpha:  {SoftRedial, SoftEndCall, SoftCFwdAll, SoftNumber},
	ContextDiallingAlpha: {SoftDial, SoftEndCall, SoftBackspace, SoftNumber},
	ContextRingOut:       {SoftNone, SoftEndCall},
	ContextRingIn:        {SoftAnswer, SoftReject, SoftDivert},
	ContextConnected:     {SoftHold, SoftEndCall, SoftTransfer, SoftConference, SoftBlindTransfer, SoftPark, SoftRecord, SoftStopRecord, SoftJoin},
	ContextHeld:          {SoftResume, SoftNewCall, SoftEndCall, SoftTransfer, SoftJoin, SoftStopRecord},
	ContextTransfer:      {SoftTransfer, SoftEndCall, SoftCancel},
	ContextTransferTo:    {SoftRedial, SoftCancel, SoftTransfer, SoftAlpha},
	ContextJoining:       {SoftConference, SoftEndCall, SoftCancel},
	ContextConference:    {SoftHold, SoftEndCall, SoftJoin, SoftRemoveLast, SoftRecord, SoftStopRecord},
	ContextFailed:        {SoftRedial, SoftEndCall, SoftNewCall, SoftEditDial},
	ContextMenu:          {SoftSelect, SoftNone, SoftNone, SoftExit},
	ContextSubMenu:       {SoftSelect, SoftNone, SoftNone, SoftBack},
	ContextText:          {SoftNone, SoftNone, SoftNone, SoftExit},
	ContextSubText:       {SoftNone, SoftNone, SoftNone, SoftBack},
	ContextRingTypes:     {SoftSelect, SoftPlay, SoftSave, SoftCancel},
	ContextContrast:      {SoftNone, SoftNone, SoftSave, SoftCancel},

	ContextShown:     {SoftNone, SoftNone, SoftSave, SoftCancel},
	ContextOpen:      {SoftSelect, SoftNone, SoftSave, SoftCancel},
	ContextEdit:      {SoftEdit, SoftNone, SoftSave, SoftCancel},
	ContextChange:    {SoftChange, SoftNone, SoftSave, SoftCancel},
	ContextYesNo:     {SoftYes, SoftNo, SoftSave, SoftCancel},
	ContextSubEdit:   {SoftEdit, SoftNone, SoftNone, SoftBack},
	ContextSubChange: {SoftChange, SoftNone, SoftNone, SoftBack},
	ContextSubYesNo:  {SoftYes, SoftNo, SoftNone, SoftBack},

	ContextPanelNumber: {SoftValidate, SoftBackspace, SoftAlpha, SoftCancel},
	ContextPanelAlpha:  {SoftValidate, SoftBackspace, SoftNumber, SoftCancel},
	ContextPanelDigits: {SoftValidate, SoftBackspace, SoftNone, SoftCancel},

	ContextCallLog:       {SoftDial, SoftEditDial, SoftDelete, SoftClear, SoftExit},
	ContextPersonal:      {SoftDial, SoftEdit, SoftAdd, SoftDelete, SoftExit},
	ContextPersonalEmpty: {SoftNone, SoftNone, SoftAdd, SoftExit},
	ContextPerson:        {SoftDial, SoftEdit, SoftSave, SoftCancel},
	ContextSpeedDials:    {SoftDial, SoftEdit, SoftDelete, SoftBack},
	ContextQuestion:      {SoftYes, SoftNo},

	ContextWebMenu:      {SoftSelect, SoftUpdate, SoftBack, SoftExit},
	ContextWebText:      {SoftNone, SoftUpdate, SoftBack, SoftExit},
	ContextWebInput:     {SoftSubmit, SoftEdit, SoftBack, SoftExit},
	ContextWebDirectory: {SoftDial, SoftEditDial, SoftNext, SoftBack, SoftExit},

	ContextTrouble: {SoftRetry, SoftAlter, SoftNone, SoftKeep},

	ContextAudio:      {SoftSelect, SoftTest, SoftNone, SoftBack},
	ContextAudioTest:  {SoftRecord, SoftNone, SoftNone, SoftBack},
	ContextAudioAgain: {SoftRecord, SoftPlay, SoftNone, SoftBack},
	ContextAudioRing:  {SoftNone, SoftPlay, SoftNone, SoftBack},
	ContextAudioBusy:  {SoftNone, SoftNone, SoftNone, SoftCancel},
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
