package text

// The texts of a call on its way, and of one that did not come about.
const (
	CallForwarded ID = numPages + iota
	CallQueued
	FailMoved
	FailService
	FailRequest
	FailPayment
	FailMethod
	FailNotAcceptable
	FailAgain
	FailGone
	FailTooLong
	FailOption
	FailAnonymous
	FailIdentity
	FailLost
	FailLoop
	FailAmbiguous
	FailSecurity
	FailGateway
	FailAbility
	FailUnwanted

	numFailures
)
