package text

// The texts of Status, of statistics, message waiting and rings. They follow
// those of catalogue.go.
const (
	// Network Statistics (guide 3-18).
	MenuNetStatistics ID = iota + numIDs
	StatReceived
	StatSent
	StatErrors
	StatBroadcast
	StatMulticast
	StatState
	StatElapsed
	StatElapsedIs
	StatPort
	StatInterface
	StatSIPMalformed
	StatSIPRefused
	StatSIPDropped
	StatNotAvailable
	StatSimulated
	StatNotApplicable
	StatDown
	StatUp
	StatUpSpeed
	StatFull
	StatHalf
	StateInitialized
	StateTCPTimeout
	StateNoAnswer
	StateErrorCode

	// Call statistics.
	MenuCallStatistics
	CallStatsEnded
	CallStatsParty
	CallStatsSent
	CallStatsReceived
	CallStatsPackets
	CallStatsSendCodec
	CallStatsReceiveCodec
	CallStatsCodec
	CallStatsLost
	CallStatsLate
	CallStatsShare
	CallStatsConcealed
	CallStatsJitter
	CallStatsBuffer
	CallStatsDelay
	CallStatsMilliseconds
	CallStatsLevelOut
	CallStatsLevelIn
	CallStatsLevel
	CallStatsSilence
	CallStatsRemote
	CallStatsLast
	CallStatsDigitsSent
	CallStatsDigitsHeard
	DigitsEvents
	DigitsTones
	DigitsInfo
	DigitsNone
	DigitsByEvents
	DigitsByTones
	DigitsByInfo
	StatusInfoRefused
	CallStatsAgo
	CallStatsUnknown

	// Where is the audio?
	MenuAudioPath
	HopMicrophone
	HopMuted
	HopGaps
	HopDevice
	HopNoDevice
	HopEncoder
	HopSent
	HopNetwork
	HopReceived
	HopBuffer
	HopEar
	HopWrong
	AudioNoCall
	AudioNotAnswered
	AudioNoEngine
	AudioHeldByUs
	AudioHeldByPeer
	AudioNothingAgreed
	AudioNotWanted
	AudioNotOffered
	AudioNoEar
	AudioNoMicrophone
	AudioPlugIn
	AudioMicStands
	AudioEarStands
	AudioNotSent
	AudioNothingCame
	AudioStopped
	AudioLost
	AudioMuted
	AudioVolume
	AudioMicSilent
	AudioFarSilent
	AudioWorks

	// Message waiting.
	MessagesWaiting
	MessageWaiting
	MessagesWaitingCount
	StatusMessagesBad

	// No server answers.
	Survival

	// Rings.
	RingDefault
	RingLine

	numStatus
)
