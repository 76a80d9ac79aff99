package text

// The texts of several calls at once: conference, and what is still on hold.
const (
	Conference ID = numForwarding + iota
	ConferenceHeld
	ConferenceAsk
	StillOnHold
	PrefHoldRingback

	numConference
)

var englishConference = words{
	Conference:       "Conference",
	ConferenceHeld:   "Conference on hold",
	ConferenceAsk:    "Confrn joins both calls",
	StillOnHold:      "Still on hold: %s",
	PrefHoldRingback: "Call Hold Ringback",
}

var germanConference = words{
	Conference:       "Konferenz",
	ConferenceHeld:   "Konferenz gehalten",
	ConferenceAsk:    "Konf. verbindet alle",
	StillOnHold:      "Noch gehalten: %s",
	PrefHoldRingback: "Klingeln, wenn gehalten",
}

var spanishConference = words{
	Conference:       "Conferencia",
	ConferenceHeld:   "Conferencia retenida",
	ConferenceAsk:    "Conf. une las llamadas",
	StillOnHold:      "Sigue retenida: %s",
	PrefHoldRingback: "Aviso de retenida",
}
