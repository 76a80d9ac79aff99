package text

// The texts of forwarding, of who calls, and of calls that answer themselves.
const (
	ForwardTitle ID = numOurs + iota
	ForwardLineTitle
	ForwardHint
	ForwardOff
	ForwardedTo
	ForwardedLine
	ForwardedFrom
	ForwardLoop
	ForwardNotNow
	DivertTitle
	PrefForwardAll
	PrefForwardBusy
	PrefForwardNoAnswer
	PrefForwardTime
	PrefHideNumber
	PrefValue
	AnonymousParty
	AnsweredItself
	NumberHidden
	StatusForwarded
	StatusForwardLoop
	StatusBlocked
	StatusNobody

	numForwarding
)

var englishForwarding = words{
	ForwardTitle:        "Forward All Calls",
	ForwardLineTitle:    "Forward Line %d",
	ForwardHint:         "Number or address that takes the calls",
	ForwardOff:          "Forwarding is off",
	ForwardedTo:         "Forwarded to %s",
	ForwardedLine:       "Line %d forwarded to %s",
	ForwardedFrom:       "Forwarded by %s",
	ForwardLoop:         "That would come back to this phone",
	ForwardNotNow:       "The call rings no more",
	DivertTitle:         "Divert this call to",
	PrefForwardAll:      "Forward All",
	PrefForwardBusy:     "Forward if Busy",
	PrefForwardNoAnswer: "Forward, No Answer",
	PrefForwardTime:     "No Answer after",
	PrefHideNumber:      "Hide My Number",
	PrefValue:           "off",
	AnonymousParty:      "Anonymous",
	AnsweredItself:      "Answered by itself",
	NumberHidden:        "Your number is hidden",
	StatusForwarded:     "Call from %s forwarded to %s",
	StatusForwardLoop:   "Call from %s not forwarded: %v",
	StatusBlocked:       "Anonymous call refused",
	StatusNobody:        "Call from %s: nobody answered in %s",
}

var germanForwarding = words{
	ForwardTitle:        "Alle umleiten",
	ForwardLineTitle:    "Leitung %d umleiten",
	ForwardHint:         "Nummer oder Adresse, die die Anrufe annimmt",
	ForwardOff:          "Keine Umleitung mehr",
	ForwardedTo:         "Umgeleitet zu %s",
	ForwardedLine:       "Leitung %d umgeleitet zu %s",
	ForwardedFrom:       "Umgeleitet von %s",
	ForwardLoop:         "Das käme zu diesem Telefon zurück",
	ForwardNotNow:       "Der Anruf klingelt nicht mehr",
	DivertTitle:         "Diesen Anruf umleiten zu",
	PrefForwardAll:      "Alle umleiten",
	PrefForwardBusy:     "Umleiten, besetzt",
	PrefForwardNoAnswer: "Umleiten, niemand da",
	PrefForwardTime:     "Niemand da nach",
	PrefHideNumber:      "Nummer verbergen",
	PrefValue:           "aus",
	AnonymousParty:      "Anonym",
	AnsweredItself:      "Von selbst angenommen",
	NumberHidden:        "Ihre Nummer ist verborgen",
	StatusForwarded:     "Anruf von %s umgeleitet zu %s",
	StatusForwardLoop:   "Anruf von %s nicht umgeleitet: %v",
	StatusBlocked:       "Anonymer Anruf abgewiesen",
	StatusNobody:        "Anruf von %s: niemand hat in %s abgehoben",
}

var spanishForwarding = words{
	ForwardTitle:        "Desviar todo",
	ForwardLineTitle:    "Desviar la línea %d",
	ForwardHint:         "Número o dirección que toma las llamadas",
	ForwardOff:          "Desvío desactivado",
	ForwardedTo:         "Desviado a %s",
	ForwardedLine:       "Línea %d desviada a %s",
	ForwardedFrom:       "Desviada por %s",
	ForwardLoop:         "Volvería a este teléfono",
	ForwardNotNow:       "La llamada ya no suena",
	DivertTitle:         "Desviar esta llamada a",
	PrefForwardAll:      "Desviar todo",
	PrefForwardBusy:     "Desviar, ocupado",
	PrefForwardNoAnswer: "Desviar, sin respuesta",
	PrefForwardTime:     "Sin respuesta tras",
	PrefHideNumber:      "Ocultar mi número",
	PrefValue:           "no",
	AnonymousParty:      "Anónimo",
	AnsweredItself:      "Contestada por sí sola",
	NumberHidden:        "Su número está oculto",
	StatusForwarded:     "Llamada de %s desviada a %s",
	StatusForwardLoop:   "Llamada de %s no desviada: %v",
	StatusBlocked:       "Llamada anónima rechazada",
	StatusNobody:        "Llamada de %s: nadie contestó en %s",
}
