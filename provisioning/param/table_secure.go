package param

// secureRows: what is encrypted, and whose certificates are believed.
var secureRows = []Param{
	{
		Name: "media_encryption", Kind: Choice, Choices: []string{"off", "optional", "required"}, Since: ours, defaults: same("optional"),
		Help: "Whether calls are encrypted (SRTP): never, where the far side can, or always. See media_keys_without_tls.",
	},
	{
		Name: "media_keys_without_tls", Kind: Bool, Since: ours, defaults: same("0"),
		Help: "Whether keys are offered although the transport is not TLS, so that who can read the signalling can listen.",
	},
	{
		Name: "tls_ca_file", Kind: Text, Max: 255, Since: ours,
		Help: "File with the certificates (PEM) of authorities that may vouch for SIP servers, beside the system's: one on the configuration server or, said on this computer with its whole path, one here.",
	},
	{
		Name: "tls_certificate", Kind: Text, Max: 4096, Local: true, Since: ours,
		Help: "File with the certificate (PEM) that we show to SIP servers that ask for one.",
	},
	{
		Name: "tls_key", Kind: Text, Max: 4096, Local: true, Since: ours,
		Help: "File with the key (PEM) of tls_certificate.",
	},
}
