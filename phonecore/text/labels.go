package text

import "strings"

// labels are the words of parameters in the menus, by those of the guide: the
// table of parameters has the English ones, and names without a label are the
// files' own in every language.
var labels = map[string]map[string]string{
	"de": {
		"Admin. VLAN Id":           "Admin-VLAN",
		"Alternate TFTP":           "Anderer TFTP-Server",
		"Authentication Name":      "Anmeldename",
		"Authentication Password":  "Anmeldepasswort",
		"DHCP Address Released":    "DHCP-Adresse freigeben",
		"DHCP Enabled":             "DHCP ein",
		"DNS Server":               "DNS-Server",
		"Default Router":           "Router",
		"Display Name":             "Angezeigter Name",
		"Domain Name":              "Domäne",
		"IP Address":               "IP-Adresse",
		"Messages URI":             "Mailbox-Nummer",
		"Name":                     "Name",
		"Out of Band DTMF":         "DTMF außerhalb",
		"Preferred Codec":          "Bevorzugter Codec",
		"Proxy Address":            "Proxy-Adresse",
		"Proxy Port":               "Proxy-Port",
		"Register Expires":         "Anmeldung gilt",
		"Register with Proxy":      "Am Proxy anmelden",
		"Shortname":                "Kurzname",
		"Subnet Mask":              "Subnetzmaske",
		"TFTP Server":              "TFTP-Server",
		"User Authentication Name": "Anmeldename für Anrufe",
		"User Name":                "Name für Anrufe",
		"User Password":            "Passwort für Anrufe",
	},
	"es": {
		"Admin. VLAN Id":           "VLAN administrativa",
		"Alternate TFTP":           "Otro servidor TFTP",
		"Authentication Name":      "Nombre de acceso",
		"Authentication Password":  "Contraseña de acceso",
		"DHCP Address Released":    "Liberar dirección DHCP",
		"DHCP Enabled":             "DHCP activo",
		"DNS Server":               "Servidor DNS",
		"Default Router":           "Router",
		"Display Name":             "Nombre mostrado",
		"Domain Name":              "Dominio",
		"IP Address":               "Dirección IP",
		"Messages URI":             "Número del buzón",
		"Name":                     "Nombre",
		"Out of Band DTMF":         "DTMF fuera de banda",
		"Preferred Codec":          "Códec preferido",
		"Proxy Address":            "Dirección del proxy",
		"Proxy Port":               "Puerto del proxy",
		"Register Expires":         "Registro caduca",
		"Register with Proxy":      "Registrar en el proxy",
		"Shortname":                "Nombre corto",
		"Subnet Mask":              "Máscara de subred",
		"TFTP Server":              "Servidor TFTP",
		"User Authentication Name": "Acceso para llamadas",
		"User Name":                "Nombre en llamadas",
		"User Password":            "Clave para llamadas",
	},
}

// Label gives a parameter's label in the language in use, by its English one,
// which may have a number at its end.
func Label(english string) string {
	own := labels[InUse().Code]
	if l, ok := own[english]; ok {
		return l
	}
	if i := strings.LastIndexByte(english, ' '); i > 0 {
		if l, ok := own[english[:i]]; ok {
			return l + english[i:]
		}
	}
	return english
}
