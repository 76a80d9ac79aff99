package text

// The texts of sound devices: what is told when one is lost or comes back, and
// the pages on which they are tried.
const (
	SoundLost ID = numSecure + iota
	SoundNone
	SoundBack
	MicrophoneLost
	MicrophoneNone
	MicrophoneBack
	SoftTest
	SoundTest
	SoundSpeaker
	SoundMicrophone
	SoundLevel
	SoundVolume
	SoundHint
	SoundRingHint
	SoundStarting
	SoundSpeak
	SoundListen
	SoundRings
	SoundOver
	SoundSilence
	SoundStopped
	SoundNoSpeaker
	SoundNoMicrophone

	numSound
)

var englishSound = words{
	SoundLost:         "%s lost, using %s",
	SoundNone:         "No device for the %s",
	SoundBack:         "%s uses %s",
	MicrophoneLost:    "%s microphone lost, using %s",
	MicrophoneNone:    "No microphone for the %s",
	MicrophoneBack:    "%s microphone is %s",
	SoftTest:          "Test",
	SoundTest:         "Test: %s",
	SoundSpeaker:      "Loudspeaker",
	SoundMicrophone:   "Microphone",
	SoundLevel:        "Level",
	SoundVolume:       "Volume",
	SoundHint:         "Record some words and hear them",
	SoundRingHint:     "Play lets it ring",
	SoundStarting:     "Opening the device",
	SoundSpeak:        "Speak now: %d s",
	SoundListen:       "Listen: this was you",
	SoundRings:        "Ringing",
	SoundOver:         "Did you hear yourself?",
	SoundSilence:      "The microphone heard silence",
	SoundStopped:      "Stopped",
	SoundNoSpeaker:    "No loudspeaker works",
	SoundNoMicrophone: "No microphone works",
}

var germanSound = words{
	SoundLost:         "%s weg, jetzt %s",
	SoundNone:         "Kein Gerät für %s",
	SoundBack:         "%s benutzt %s",
	MicrophoneLost:    "%s-Mikrofon weg, jetzt %s",
	MicrophoneNone:    "Kein Mikrofon für %s",
	MicrophoneBack:    "%s-Mikrofon ist %s",
	SoftTest:          "Test",
	SoundTest:         "Test: %s",
	SoundSpeaker:      "Ausgabe",
	SoundMicrophone:   "Mikrofon",
	SoundLevel:        "Pegel",
	SoundVolume:       "Lautstärke",
	SoundHint:         "Aufnehmen, dann anhören",
	SoundRingHint:     "Anhören lässt es klingeln",
	SoundStarting:     "Gerät wird geöffnet",
	SoundSpeak:        "Bitte sprechen: %d s",
	SoundListen:       "So klingen Sie",
	SoundRings:        "Es klingelt",
	SoundOver:         "Haben Sie sich gehört?",
	SoundSilence:      "Das Mikrofon hörte nur Stille",
	SoundStopped:      "Abgebrochen",
	SoundNoSpeaker:    "Keine Ausgabe funktioniert",
	SoundNoMicrophone: "Kein Mikrofon funktioniert",
}

var spanishSound = words{
	SoundLost:         "%s perdido, ahora %s",
	SoundNone:         "Sin dispositivo para %s",
	SoundBack:         "%s usa %s",
	MicrophoneLost:    "%s: micrófono perdido, ahora %s",
	MicrophoneNone:    "Sin micrófono para %s",
	MicrophoneBack:    "%s: el micrófono es %s",
	SoftTest:          "Probar",
	SoundTest:         "Prueba: %s",
	SoundSpeaker:      "Altavoz",
	SoundMicrophone:   "Micrófono",
	SoundLevel:        "Nivel",
	SoundVolume:       "Volumen",
	SoundHint:         "Grabe y luego escuche",
	SoundRingHint:     "Oír lo hace sonar",
	SoundStarting:     "Abriendo el dispositivo",
	SoundSpeak:        "Hable ahora: %d s",
	SoundListen:       "Así suena usted",
	SoundRings:        "Sonando",
	SoundOver:         "¿Se ha oído?",
	SoundSilence:      "El micrófono oyó silencio",
	SoundStopped:      "Parado",
	SoundNoSpeaker:    "Ningún altavoz funciona",
	SoundNoMicrophone: "Ningún micrófono funciona",
}
