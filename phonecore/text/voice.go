package text

// The texts of how a call sounds, and of recording it.
const (
	MenuLastCall ID = numSound + iota
	CallStatsNone
	CallStatsScore
	CallStatsScoreIs
	CallStatsBurst
	CallStatsGap
	CallStatsPeriod
	CallStatsOneWay
	CallStatsFarScore
	CallStatsFarLost
	CallStatsFarLostIs
	CallStatsFarJitter
	SoftStopRecord
	Recording
	RecordingFailed
	RecordingFull
	RecordingKept
	RecordingGaps
	MenuRecordings
	RecordingFolder
	RecordingNone
	RecordingSize
	RecordingOff

	numVoice
)

var englishVoice = words{
	MenuLastCall:       "Last Call",
	CallStatsNone:      "There has been no call",
	CallStatsScore:     "MOS here",
	CallStatsScoreIs:   "%.1f / %.1f (R %.0f)",
	CallStatsBurst:     "Bursts",
	CallStatsGap:       "Between",
	CallStatsPeriod:    "%d ms, %.1f %%",
	CallStatsOneWay:    "Mouth to ear",
	CallStatsFarScore:  "MOS far end",
	CallStatsFarLost:   "Far lost",
	CallStatsFarLostIs: "%d (%.1f %%)",
	CallStatsFarJitter: "Far jitter",
	SoftStopRecord:     "StopRec",
	Recording:          "Recording",
	RecordingFailed:    "Not recording: %s",
	RecordingFull:      "Recording full",
	RecordingKept:      "Recorded: %s",
	RecordingGaps:      "Recording: %d ms lost",
	MenuRecordings:     "Recordings",
	RecordingFolder:    "In %s",
	RecordingNone:      "No recordings",
	RecordingSize:      "%d kB",
	RecordingOff:       "Off (record_calls)",
}

var germanVoice = words{
	MenuLastCall:       "Letzter Anruf",
	CallStatsNone:      "Es gab noch kein Gespräch",
	CallStatsScore:     "MOS hier",
	CallStatsScoreIs:   "%.1f / %.1f (R %.0f)",
	CallStatsBurst:     "Ausfälle",
	CallStatsGap:       "Dazwischen",
	CallStatsPeriod:    "%d ms, %.1f %%",
	CallStatsOneWay:    "Mund zu Ohr",
	CallStatsFarScore:  "MOS drüben",
	CallStatsFarLost:   "Drüben fehlt",
	CallStatsFarLostIs: "%d (%.1f %%)",
	CallStatsFarJitter: "Jitter drüben",
	SoftStopRecord:     "AufnEnde",
	Recording:          "Aufnahme",
	RecordingFailed:    "Keine Aufnahme: %s",
	RecordingFull:      "Aufnahme voll",
	RecordingKept:      "Aufgenommen: %s",
	RecordingGaps:      "Aufnahme: %d ms fehlen",
	MenuRecordings:     "Aufnahmen",
	RecordingFolder:    "In %s",
	RecordingNone:      "Keine Aufnahmen",
	RecordingSize:      "%d kB",
	RecordingOff:       "Aus (record_calls)",
}

var spanishVoice = words{
	MenuLastCall:       "Última llamada",
	CallStatsNone:      "Aún no hubo llamadas",
	CallStatsScore:     "MOS aquí",
	CallStatsScoreIs:   "%.1f / %.1f (R %.0f)",
	CallStatsBurst:     "Ráfagas",
	CallStatsGap:       "Entre ellas",
	CallStatsPeriod:    "%d ms, %.1f %%",
	CallStatsOneWay:    "De boca a oído",
	CallStatsFarScore:  "MOS allí",
	CallStatsFarLost:   "Allí faltan",
	CallStatsFarLostIs: "%d (%.1f %%)",
	CallStatsFarJitter: "Jitter allí",
	SoftStopRecord:     "FinGrab",
	Recording:          "Grabando",
	RecordingFailed:    "No se graba: %s",
	RecordingFull:      "Grabación llena",
	RecordingKept:      "Grabado: %s",
	RecordingGaps:      "Grabación: faltan %d ms",
	MenuRecordings:     "Grabaciones",
	RecordingFolder:    "En %s",
	RecordingNone:      "No hay grabaciones",
	RecordingSize:      "%d kB",
	RecordingOff:       "Apagado (record_calls)",
}
