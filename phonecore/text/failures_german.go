package text

// germanFailures are the German words of failures.go.
var germanFailures = words{
	CallForwarded:     "Anruf wird umgeleitet",
	CallQueued:        "In der Warteschlange",
	FailMoved:         "Umgezogen, Ziel unbekannt",
	FailService:       "Bitte anderen Dienst nutzen",
	FailRequest:       "Gegenstelle versteht uns nicht",
	FailPayment:       "Zahlung erforderlich",
	FailMethod:        "Ziel nimmt keine Anrufe an",
	FailNotAcceptable: "Für das Ziel nicht annehmbar",
	FailAgain:         "Konflikt: noch einmal versuchen",
	FailGone:          "Nummer nicht mehr vergeben",
	FailTooLong:       "Zu lang für den Server",
	FailOption:        "Option nicht angenommen",
	FailAnonymous:     "Nur mit Rufnummernanzeige",
	FailIdentity:      "Anrufer nicht anerkannt",
	FailLost:          "Anruf nicht mehr bekannt",
	FailLoop:          "Anruf dreht sich im Kreis",
	FailAmbiguous:     "Nummer ist mehrdeutig",
	FailSecurity:      "Verschlüsselung nicht vereinbart",
	FailGateway:       "Keine Antwort hinter dem Server",
	FailAbility:       "Der Server kann das nicht",
	FailUnwanted:      "Anrufe nicht erwünscht",
}
