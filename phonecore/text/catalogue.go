package text

import "fmt"

// ID names one text.
type ID uint16

// The texts. Those with verbs take arguments: see english.
const (
	None ID = iota

	// Start-up.
	Product
	Copyright
	LicenceLine
	LoadLine
	ConfiguringVLAN
	ConfiguringIP
	RequestingConfiguration
	UpgradingSoftware
	RequestingFile

	// Prompts.
	CurrentOptions
	EnterNumber
	CallingNumber
	RingOut
	CallFrom
	CallWaitingFrom
	ConnectedTo
	ConnectedSilent
	OnHold
	HeldByPeer
	KeyNotActive
	HelpNextKey
	NoLine
	DoNotDisturb
	MissedCalls
	MissedCall
	From
	To
	UnknownParty
	VolumeIs
	ShownOnly
	NoVoice
	RedialNothing
	PlugHint

	// Registration.
	LineRegistering
	LineRegistered
	LineNotRegistered
	LineRejected
	LinePassword
	LineNoServer
	LineNoAnswerYet

	// Status messages.
	StatusVLANHost
	StatusIPHost
	StatusNoNetwork
	StatusNoTFTP
	StatusNoMAC
	StatusFileNotFound
	StatusTFTPTimeout
	StatusTFTPRefused
	StatusTFTPAccess
	StatusTFTPSize
	StatusTFTPError
	StatusFlashValues
	StatusLoadDiffers
	StatusProtocolFile
	StatusConfigProblem
	StatusAudioLost
	StatusAudioNone
	StatusAudioBack
	StatusTrouble
	StatusFlash
	StatusFlashDamaged
	StatusCallFailed
	StatusStarted

	// Menus.
	MenuSettings
	MenuContrast
	MenuRingType
	MenuNetwork
	MenuSIP
	MenuStatus
	MenuStatusMessages
	MenuFirmware
	MenuStartUp
	MenuLine
	MenuSaved
	NoMessages
	LabelApplicationLoad
	LabelBootLoad
	LabelDHCPServer
	LabelMAC
	LabelHostName
	LabelDomain
	LabelIPAddress
	LabelMask
	LabelTFTP
	LabelRouter
	LabelDNS
	LabelVLAN
	ValueFromHost
	ProvenanceReal
	ProvenanceHost
	ProvenanceSimulated

	// Failures of a call.
	FailBusy
	FailNotFound
	FailForbidden
	FailPassword
	FailTemporarily
	FailNoAnswer
	FailDeclined
	FailServer
	FailUnreachable
	FailMedia
	FailAddress
	FailIncomplete
	FailNoServer
	FailRejectedCode
	FailRetry

	// Soft keys.
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

	// Help for the i key.
	HelpTitle
	HelpDigits
	HelpLine
	HelpSoft
	HelpScroll
	HelpMessages
	HelpDirectories
	HelpServices
	HelpSettings
	HelpInfo
	HelpVolume
	HelpHeadset
	HelpMute
	HelpSpeaker
	HelpHandset

	numIDs
)

// Get gives a text with its arguments filled in.
func Get(id ID, args ...any) string {
	if id >= numIDs {
		return fmt.Sprintf("text(%d)", uint16(id))
	}
	if len(args) == 0 {
		return english[id]
	}
	return fmt.Sprintf(english[id], args...)
}
