package text

// The texts of Voice Processing.
const (
	MenuProcessing ID = numConference + iota
	ProcessEcho
	ProcessNoise
	ProcessGain
	ProcessSideHandset
	ProcessSideHeadset
	ProcessAuto
	ProcessOn
	ProcessOff
	ProcessLevel

	numProcessing
)

var englishProcessing = words{
	MenuProcessing:     "Voice Processing",
	ProcessEcho:        "Echo Cancel",
	ProcessNoise:       "Less Noise",
	ProcessGain:        "Level Control",
	ProcessSideHandset: "Side Tone, handset",
	ProcessSideHeadset: "Side Tone, headset",
	ProcessAuto:        "on speaker",
	ProcessOn:          "always",
	ProcessOff:         "off",
	ProcessLevel:       "-%d dB",
}

var germanProcessing = words{
	MenuProcessing:     "Sprachverarbeitung",
	ProcessEcho:        "Ohne Echo",
	ProcessNoise:       "Weniger Rauschen",
	ProcessGain:        "Pegelausgleich",
	ProcessSideHandset: "Mithören, Hörer",
	ProcessSideHeadset: "Mithören, Headset",
	ProcessAuto:        "Freisprechen",
	ProcessOn:          "immer",
	ProcessOff:         "aus",
	ProcessLevel:       "-%d dB",
}

var spanishProcessing = words{
	MenuProcessing:     "Proceso de la voz",
	ProcessEcho:        "Sin eco",
	ProcessNoise:       "Menos ruido",
	ProcessGain:        "Nivel automático",
	ProcessSideHandset: "Voz propia, auricular",
	ProcessSideHeadset: "Voz propia, cascos",
	ProcessAuto:        "altavoz",
	ProcessOn:          "siempre",
	ProcessOff:         "no",
	ProcessLevel:       "-%d dB",
}
