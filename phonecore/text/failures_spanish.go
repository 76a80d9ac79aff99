package text

// spanishFailures are the Spanish words of failures.go.
var spanishFailures = words{
	CallForwarded:     "Llamada desviada",
	CallQueued:        "En cola de espera",
	FailMoved:         "Trasladado sin nueva dirección",
	FailService:       "Use otro servicio",
	FailRequest:       "El destino no lo entendió",
	FailPayment:       "Se requiere un pago",
	FailMethod:        "El destino no admite llamadas",
	FailNotAcceptable: "Inaceptable para el destino",
	FailAgain:         "Conflicto: inténtelo de nuevo",
	FailGone:          "El número ya no existe",
	FailTooLong:       "Demasiado largo",
	FailOption:        "Opción no aceptada",
	FailAnonymous:     "Muestre su número al llamar",
	FailIdentity:      "Identidad no aceptada",
	FailLost:          "Llamada ya desconocida",
	FailLoop:          "La llamada da vueltas",
	FailAmbiguous:     "Número ambiguo",
	FailSecurity:      "Cifrado no acordado",
	FailGateway:       "Sin respuesta tras el servidor",
	FailAbility:       "El servidor no puede",
	FailUnwanted:      "Llamadas no deseadas",
}
