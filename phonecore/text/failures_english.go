package text

// englishFailures are the English words of failures.go.
var englishFailures = words{
	CallForwarded:     "Call is being forwarded",
	CallQueued:        "Waiting in a queue",
	FailMoved:         "Moved, and nobody says where",
	FailService:       "Use another service",
	FailRequest:       "The far end did not understand",
	FailPayment:       "Payment is required",
	FailMethod:        "The far end takes no calls",
	FailNotAcceptable: "Not acceptable to the far end",
	FailAgain:         "Conflict: try once more",
	FailGone:          "Number no longer in use",
	FailTooLong:       "Too long for the server",
	FailOption:        "An option was not accepted",
	FailAnonymous:     "Show your number to call here",
	FailIdentity:      "Caller identity not accepted",
	FailLost:          "The call is not known any more",
	FailLoop:          "The call goes in circles",
	FailAmbiguous:     "Number is ambiguous",
	FailSecurity:      "Encryption was not agreed",
	FailGateway:       "No answer behind the server",
	FailAbility:       "The server cannot do this",
	FailUnwanted:      "Your calls are not wanted",
}
