package boot

import (
	"deskset/phonecore/sipua/transport"
	"deskset/phonecore/text"
)

// authorityFile holds the certificates that may vouch for SIP servers.
var authorityFile = wanted{names: authorityNames, take: takeAuthorities}

func authorityNames(r *run) []string {
	name, local := r.Set.LocalFile("tls_ca_file")
	if name != "" && !local {
		return []string{name}
	}
	return nil
}

func takeAuthorities(r *run, rep *Report, name string, data []byte) {
	list, err := transport.Authorities(data)
	if err != nil {
		rep.fail(text.StatusNoAuthorities, err, name, err.Error())
		return
	}
	r.Authorities = data
	rep.learn(text.StatusAuthorities, name, len(list))
}
