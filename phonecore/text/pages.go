package text

// The texts of the directories key, the services key and of dialling.
const (
	MenuDirectories ID = numTransfer + iota
	MenuMissed
	MenuReceived
	MenuPlaced
	MenuPersonal
	MenuSpeedDials
	MenuExternal
	MenuPerson
	MenuNewPerson
	DirEmpty
	DirWithheld
	DirToday
	DirYesterday
	DirDate
	DirLine
	DirCalls
	DirClear
	DirDelete
	DirName
	DirNumber
	DirLabel
	DirKey
	DirNeedsNumber
	DirFull
	DirChooseNumber
	DirUnreadable
	DirSetByFile
	MatchOne
	MatchMany
	MatchChosen
	MenuServices
	WebRequesting
	WebNone
	WebTimeout
	WebUnreachable
	WebNotFound
	WebAccess
	WebHost
	WebRedirect
	WebNoObject
	WebUnsupported
	WebMalformed
	WebTooLarge
	WebServer
	WebAddress
	WebFailed
	WebError
	WebBusy
	WebDeep
	WebLoop
	WebNotHere
	WebUser
	WebPassword
	WebDone
	StatusService
	SoftEditDial
	SoftDelete
	SoftAdd
	SoftUpdate
	SoftSubmit
	SoftNext

	numPages
)
