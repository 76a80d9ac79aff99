package text

// The texts of transfer.
const (
	TransferTo ID = numProcessing + iota
	TransferAsk
	Transferring
	TransferRings
	TransferDone
	TransferFailed
	TransferNoNews
	TransferUnknown
	TransferFollowed
	StatusTransfer

	numTransfer
)

var englishTransfer = words{
	TransferTo:       "Transfer to",
	TransferAsk:      "Trnsfer puts them through",
	Transferring:     "Transferring",
	TransferRings:    "Transferring: it rings",
	TransferDone:     "Transferred",
	TransferFailed:   "Transfer failed",
	TransferNoNews:   "Nothing heard of it",
	TransferUnknown:  "They cannot be transferred",
	TransferFollowed: "You are being transferred",
	StatusTransfer:   "Transfer of %s: %s",
}

var germanTransfer = words{
	TransferTo:       "Übergeben an",
	TransferAsk:      "Übergab. verbindet sie",
	Transferring:     "Wird übergeben",
	TransferRings:    "Übergabe: es klingelt",
	TransferDone:     "Übergeben",
	TransferFailed:   "Übergabe gescheitert",
	TransferNoNews:   "Nichts davon gehört",
	TransferUnknown:  "Dort nicht möglich",
	TransferFollowed: "Sie werden übergeben",
	StatusTransfer:   "Übergabe von %s: %s",
}

var spanishTransfer = words{
	TransferTo:       "Transferir a",
	TransferAsk:      "Transf. los comunica",
	Transferring:     "Transfiriendo",
	TransferRings:    "Transfiriendo: suena",
	TransferDone:     "Transferida",
	TransferFailed:   "Transferencia fallida",
	TransferNoNews:   "Sin noticias de ella",
	TransferUnknown:  "No admite transferencias",
	TransferFollowed: "Le están transfiriendo",
	StatusTransfer:   "Transferencia de %s: %s",
}
