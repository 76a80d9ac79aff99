package text

// The texts of encryption and certificates.
const (
	SecureCall ID = numFailures + iota
	SecureMediaOnly
	SecureNeedsTLS
	SecureRefused
	MenuSecurity
	SecurityMode
	SecurityMedia
	SecurityLine
	ModeNonSecure
	ModeAuthenticated
	ModeEncrypted
	MediaOff
	MediaOptional
	MediaRequired
	LinkOpen
	LinkVerified
	LinkPinned
	LinkRefused
	LinkNone
	CertTitle
	CertQuestion
	CertOf
	CertBy
	CertMisnamed
	CertFrom
	CertUntil
	CertPrint
	CertChanged
	CertChangedDo
	CertForget
	CertLater
	CertTrusted
	CertRefused
	LineCertificate
	// What the idle screen has room for.
	LineUntrusted
	LineMisnamed
	LineExpired
	LineChanged
	StatusAuthorities
	StatusNoAuthorities
	GroupSecurity

	numSecure
)

var englishSecure = words{
	SecureCall:          "Encrypted",
	SecureMediaOnly:     "Encrypted, unproven",
	SecureNeedsTLS:      "No call without encryption",
	SecureRefused:       "No agreed encryption",
	MenuSecurity:        "Security",
	SecurityMode:        "Security Mode",
	SecurityMedia:       "Media Encryption",
	SecurityLine:        "Line %d",
	ModeNonSecure:       "Non-secure",
	ModeAuthenticated:   "Authenticated",
	ModeEncrypted:       "Encrypted",
	MediaOff:            "Off",
	MediaOptional:       "Optional",
	MediaRequired:       "Required",
	LinkOpen:            "%s, open",
	LinkVerified:        "TLS, verified",
	LinkPinned:          "TLS, trusted by you",
	LinkRefused:         "TLS, refused",
	LinkNone:            "TLS, no connection",
	CertTitle:           "Unknown Certificate",
	CertQuestion:        "Nobody whom this phone trusts has signed the certificate of %s. Compare the fingerprint with your administrator's. Trust it from now on?",
	CertOf:              "For: %s",
	CertBy:              "Signed by: %s",
	CertMisnamed:        "It does not name %s.",
	CertFrom:            "Valid from: %s",
	CertUntil:           "Valid until: %s",
	CertPrint:           "SHA-256:",
	CertChanged:         "The certificate of %s is not the one that you trusted. Somebody may be listening: the phone does not connect.",
	CertChangedDo:       "If your administrator has changed it: Settings, Status, Security, then the line.",
	CertForget:          "Forget the certificate of %s that you trusted? You are asked about the new one.",
	CertLater:           "Should a trusted authority vouch for this host one day, the phone takes its certificate without asking.",
	CertTrusted:         "Certificate trusted",
	CertRefused:         "Certificate of %s refused",
	LineCertificate:     "Line %d: %s",
	LineUntrusted:       "Line %d: certificate not trusted",
	LineMisnamed:        "Line %d: certificate: wrong name",
	LineExpired:         "Line %d: certificate not valid today",
	LineChanged:         "Line %d: certificate has changed",
	StatusAuthorities:   "%s: %d trusted authorities",
	StatusNoAuthorities: "%s is no file of certificates: %s",
	GroupSecurity:       "Security",
}

var germanSecure = words{
	SecureCall:          "Verschlüsselt",
	SecureMediaOnly:     "Verschl., ungeprüft",
	SecureNeedsTLS:      "Ohne Verschlüsselung kein Ruf",
	SecureRefused:       "Verschlüsselung uneins",
	MenuSecurity:        "Sicherheit",
	SecurityMode:        "Sicherheitsmodus",
	SecurityMedia:       "Sprache verschlüsseln",
	SecurityLine:        "Leitung %d",
	ModeNonSecure:       "Ungesichert",
	ModeAuthenticated:   "Geprüft",
	ModeEncrypted:       "Verschlüsselt",
	MediaOff:            "Aus",
	MediaOptional:       "Wenn möglich",
	MediaRequired:       "Immer",
	LinkOpen:            "%s, offen",
	LinkVerified:        "TLS, geprüft",
	LinkPinned:          "TLS, von Ihnen",
	LinkRefused:         "TLS, abgelehnt",
	LinkNone:            "TLS, ohne Verbindung",
	CertTitle:           "Unbekanntes Zertifikat",
	CertQuestion:        "Das Zertifikat von %s hat niemand unterschrieben, dem dieses Telefon traut. Vergleichen Sie den Fingerabdruck mit dem Ihres Administrators. Künftig vertrauen?",
	CertOf:              "Für: %s",
	CertBy:              "Aussteller: %s",
	CertMisnamed:        "Es nennt %s nicht.",
	CertFrom:            "Gültig ab: %s",
	CertUntil:           "Gültig bis: %s",
	CertPrint:           "SHA-256:",
	CertChanged:         "Das Zertifikat von %s ist nicht das, dem Sie vertraut haben. Vielleicht hört jemand mit: Das Telefon verbindet nicht.",
	CertChangedDo:       "Hat Ihr Administrator es gewechselt: Einstellungen, Status, Sicherheit, dann die Leitung.",
	CertForget:          "Das Zertifikat von %s vergessen, dem Sie vertraut haben? Nach dem neuen werden Sie gefragt.",
	CertLater:           "Bürgt später ein vertrauter Aussteller für diesen Server, gilt dessen Zertifikat ohne Frage.",
	CertTrusted:         "Zertifikat vertraut",
	CertRefused:         "Zertifikat von %s abgelehnt",
	LineCertificate:     "Leitung %d: %s",
	LineUntrusted:       "Leitung %d: Zertifikat unbekannt",
	LineMisnamed:        "Leitung %d: Zertifikat: Name falsch",
	LineExpired:         "Leitung %d: Zertifikat gilt nicht",
	LineChanged:         "Leitung %d: Zertifikat ist neu",
	StatusAuthorities:   "%s: %d vertraute Aussteller",
	StatusNoAuthorities: "%s ist keine Datei mit Zertifikaten: %s",
	GroupSecurity:       "Sicherheit",
}

var spanishSecure = words{
	SecureCall:          "Cifrada",
	SecureMediaOnly:     "Cifrada, sin prueba",
	SecureNeedsTLS:      "Sin cifrado no hay llamada",
	SecureRefused:       "Sin acuerdo de cifrado",
	MenuSecurity:        "Seguridad",
	SecurityMode:        "Modo de seguridad",
	SecurityMedia:       "Cifrar la voz",
	SecurityLine:        "Línea %d",
	ModeNonSecure:       "No seguro",
	ModeAuthenticated:   "Autenticado",
	ModeEncrypted:       "Cifrado",
	MediaOff:            "No",
	MediaOptional:       "Opcional",
	MediaRequired:       "Siempre",
	LinkOpen:            "%s, abierta",
	LinkVerified:        "TLS, verificada",
	LinkPinned:          "TLS, confiada",
	LinkRefused:         "TLS, rechazada",
	LinkNone:            "TLS, sin conexión",
	CertTitle:           "Certificado desconocido",
	CertQuestion:        "El certificado de %s no lo ha firmado nadie en quien confíe este teléfono. Compare la huella con la de su administrador. ¿Confiar desde ahora?",
	CertOf:              "Para: %s",
	CertBy:              "Firmado por: %s",
	CertMisnamed:        "No nombra a %s.",
	CertFrom:            "Válido desde: %s",
	CertUntil:           "Válido hasta: %s",
	CertPrint:           "SHA-256:",
	CertChanged:         "El certificado de %s no es el que usted aceptó. Alguien puede estar escuchando: el teléfono no se conecta.",
	CertChangedDo:       "Si lo ha cambiado su administrador: Configuración, Estado, Seguridad y la línea.",
	CertForget:          "¿Olvidar el certificado de %s que aceptó? Se le preguntará por el nuevo.",
	CertLater:           "Si un día una autoridad de confianza avala este servidor, su certificado vale sin preguntar.",
	CertTrusted:         "Certificado aceptado",
	CertRefused:         "Certificado de %s rechazado",
	LineCertificate:     "Línea %d: %s",
	LineUntrusted:       "Línea %d: certificado desconocido",
	LineMisnamed:        "Línea %d: certificado: otro nombre",
	LineExpired:         "Línea %d: certificado no vale hoy",
	LineChanged:         "Línea %d: certificado cambiado",
	StatusAuthorities:   "%s: %d autoridades de confianza",
	StatusNoAuthorities: "%s no es un archivo de certificados: %s",
	GroupSecurity:       "Seguridad",
}
