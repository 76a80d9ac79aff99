package text

// What to do about a status message. Other remedies are those of the first
// steps (ours.go): the same trouble has the same words everywhere.
const (
	DoAccount ID = numVoice + iota
	DoDHCP
	DoAddresses
	DoLease
	DoVLAN
	DoNetwork
	DoReadable
	DoFile
	DoImage
	DoImageVersion
	DoRoom
	DoRecordings
	DoRecordLimit
	DoHelper
	DoCertificates
	DoInfo
	DoCodecs
	DoEncryption
	DoTLS
	DoPorts
	DoNumber

	numTexts
)

// remedies are told below a status message that is a complaint; those of failures
// below the message of a call that failed by them.
var remedies = map[ID]ID{
	LinePassword:      DoAccount,
	LineRejected:      WrongOtherDo,
	LineNoServer:      WrongSilentDo,
	LineNotRegistered: WrongServerDo,
	WrongAuthority:    WrongAuthorityDo,
	WrongHost:         WrongHostDo,
	WrongNameless:     WrongNamelessDo,
	WrongExpired:      WrongExpiredDo,
	CertChanged:       CertChangedDo,

	StatusNoNetwork:         WrongRouteDo,
	StatusPort:              DoHelper,
	StatusPortLost:          DoHelper,
	StatusVLANInvalid:       DoVLAN,
	StatusDHCPTimeout:       DoDHCP,
	StatusLeaseLost:         DoDHCP,
	StatusDHCPRefused:       DoAddresses,
	StatusDuplicateIP:       DoAddresses,
	StatusAddressInUse:      DoAddresses,
	StatusNoDNS:             DoLease,
	StatusNoRouter:          DoLease,
	StatusInvalidAddress:    DoNetwork,
	StatusInvalidMask:       DoNetwork,
	StatusRouterNotOnSubnet: DoNetwork,
	StatusRouterRequired:    DoNetwork,
	StatusRouterMissing:     DoNetwork,
	StatusDNSMissing:        DoNetwork,
	StatusTFTPRequired:      DoNetwork,

	StatusTFTPTimeout:   WrongReachDo,
	StatusTFTPRefused:   WrongReachDo,
	StatusLoadDiffers:   WrongReachDo,
	StatusTFTPAccess:    DoReadable,
	StatusTFTPSize:      DoFile,
	StatusTFTPError:     DoFile,
	StatusHTTPError:     WrongReachDo,
	StatusNoAuthorities: DoCertificates,

	StatusLoadID:       DoImage,
	StatusCutOff:       DoImage,
	StatusChecksum:     DoImage,
	StatusLoadRejected: DoImage,
	StatusUpgradeLoop:  DoImageVersion,
	StatusProgramming:  DoRoom,
	StatusFlash:        DoRoom,

	FailForbidden:     WrongForbiddenDo,
	FailPassword:      DoAccount,
	FailUnreachable:   WrongReachDo,
	FailServer:        WrongServerDo,
	FailGateway:       WrongServerDo,
	FailRequest:       WrongOtherDo,
	FailNotAcceptable: WrongOtherDo,
	FailAbility:       WrongOtherDo,
	FailOption:        WrongOtherDo,
	FailRejectedCode:  WrongOtherDo,
	FailMedia:         DoCodecs,
	FailSecurity:      DoEncryption,
	SecureRefused:     DoEncryption,
	SecureNeedsTLS:    DoTLS,
	NoVoice:           DoPorts,
	FailAddress:       DoNumber,

	StatusInfoRefused: DoInfo,
	RecordingFailed:   DoRecordings,
	RecordingFull:     DoRecordLimit,
}

// Remedy says what to do about a status message, in the language in use; it is
// empty where the message says so itself or nothing has to be done.
func Remedy(message ID) string { return Get(remedies[message]) }

var englishRemedies = words{
	DoAccount:      "Settings, SIP Configuration: write name and password anew.",
	DoDHCP:         "Check the cable and the DHCP server, or set a static address.",
	DoAddresses:    "Check the range of addresses that the DHCP server gives.",
	DoLease:        "Let the DHCP server give it, or set it under Network Configuration.",
	DoVLAN:         "Set another voice VLAN at the switch, 1 to 4094.",
	DoNetwork:      "Change it under Settings, Network Configuration.",
	DoReadable:     "Let the server read the file: check its rights and its folder.",
	DoFile:         "Check the file on the server, and the server's own log.",
	DoImage:        "Put a good image on the server; deskset image show tells what a file is.",
	DoImageVersion: "Correct image_version: the files disagree.",
	DoRoom:         "Check that the disk has room and the phone's folder can be written.",
	DoRecordings:   "Check record_folder, and that the disk has room.",
	DoRecordLimit:  "A higher record_limit allows longer recordings.",
	DoHelper:       "Check the adapter, and that deskset port runs.",
	DoCertificates: "Let tls_ca_file name a file of certificates (PEM).",
	DoInfo:         "Set dtmf_info to never or fallback.",
	DoCodecs:       "Allow more codecs: SIP Configuration, codecs.",
	DoEncryption:   "With media_encryption optional, calls go unencrypted where the far side cannot.",
	DoTLS:          "Set sip_transport to tls.",
	DoPorts:        "Widen the range from start_media_port to end_media_port.",
	DoNumber:       "Dial a number, or an address like user@host.",
}

var germanRemedies = words{
	DoAccount:      "Einstellungen, SIP-Konfiguration: Name und Passwort neu eingeben.",
	DoDHCP:         "Kabel und DHCP-Server prüfen oder eine feste Adresse setzen.",
	DoAddresses:    "Den Adressbereich des DHCP-Servers prüfen.",
	DoLease:        "Vom DHCP-Server geben lassen oder unter Netzwerkkonfiguration eintragen.",
	DoVLAN:         "Am Switch ein anderes Sprach-VLAN setzen, 1 bis 4094.",
	DoNetwork:      "Unter Einstellungen, Netzwerkkonfiguration ändern.",
	DoReadable:     "Der Server muss die Datei lesen dürfen: Rechte und Ordner prüfen.",
	DoFile:         "Die Datei auf dem Server und dessen Protokoll prüfen.",
	DoImage:        "Ein gutes Image auf den Server legen; deskset image show sagt, was eine Datei ist.",
	DoImageVersion: "image_version berichtigen: die Dateien widersprechen sich.",
	DoRoom:         "Prüfen, ob die Platte voll ist und der Ordner des Telefons beschreibbar.",
	DoRecordings:   "record_folder prüfen, und ob die Platte voll ist.",
	DoRecordLimit:  "Ein höheres record_limit erlaubt längere Aufnahmen.",
	DoHelper:       "Adapter prüfen, und ob deskset port läuft.",
	DoCertificates: "tls_ca_file muss eine Datei mit Zertifikaten (PEM) nennen.",
	DoInfo:         "dtmf_info auf never oder fallback setzen.",
	DoCodecs:       "Mehr Codecs erlauben: SIP-Konfiguration, codecs.",
	DoEncryption:   "Mit media_encryption optional geht es unverschlüsselt, wo die Gegenseite nicht anders kann.",
	DoTLS:          "sip_transport auf tls setzen.",
	DoPorts:        "Den Bereich von start_media_port bis end_media_port erweitern.",
	DoNumber:       "Eine Nummer wählen oder eine Adresse wie user@host.",
}

var spanishRemedies = words{
	DoAccount:      "Configuración, Configuración SIP: escriba de nuevo el nombre y la contraseña.",
	DoDHCP:         "Compruebe el cable y el servidor DHCP, o ponga una dirección fija.",
	DoAddresses:    "Compruebe las direcciones que reparte el servidor DHCP.",
	DoLease:        "Haga que la dé el servidor DHCP, o póngala en Configuración de red.",
	DoVLAN:         "Ponga otra VLAN de voz en el conmutador, de 1 a 4094.",
	DoNetwork:      "Cámbielo en Configuración, Configuración de red.",
	DoReadable:     "El servidor debe poder leer el archivo: compruebe permisos y carpeta.",
	DoFile:         "Compruebe el archivo en el servidor, y el registro de este.",
	DoImage:        "Ponga una imagen buena en el servidor; deskset image show dice qué es un archivo.",
	DoImageVersion: "Corrija image_version: los archivos se contradicen.",
	DoRoom:         "Compruebe que hay sitio en el disco y que se puede escribir en la carpeta.",
	DoRecordings:   "Compruebe record_folder y que hay sitio en el disco.",
	DoRecordLimit:  "Un record_limit mayor permite grabaciones más largas.",
	DoHelper:       "Compruebe el adaptador, y que deskset port está en marcha.",
	DoCertificates: "tls_ca_file debe nombrar un archivo de certificados (PEM).",
	DoInfo:         "Ponga dtmf_info en never o fallback.",
	DoCodecs:       "Permita más códecs: Configuración SIP, codecs.",
	DoEncryption:   "Con media_encryption optional se llama sin cifrar donde el otro lado no puede.",
	DoTLS:          "Ponga sip_transport en tls.",
	DoPorts:        "Amplíe el margen de start_media_port a end_media_port.",
	DoNumber:       "Marque un número, o una dirección como user@host.",
}
