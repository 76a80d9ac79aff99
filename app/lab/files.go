package lab

import (
	"bytes"
	"fmt"
	"strings"
	"text/template"
)

// phoneFile is the name of the phone's own file (guide, "Configuration File
// Guidelines").
func phoneFile(mac string) string { return "SIP" + mac + ".cnf" }

// settings is what the templates are filled with.
type settings struct {
	Image, Address string
	Port           uint16
	Accounts       []Account
}

// The files that every phone gets. They use the grammar of the guide freely:
// blanks, comments and quotes as real files have them.
var defaultFile = template.Must(template.New("SIPDefault.cnf").Parse(
	`; SIPDefault.cnf - made in memory by the Deskset lab, for all phones

# Image that the phones run: the one that asks, so nothing is upgraded
image_version: "{{.Image}}"

# The lab's registrar and proxy
proxy1_address: {{.Address}}
proxy1_port: {{.Port}}
proxy_register: 1
timer_register_expires: 3600

# Voice and digits
preferred_codec: g711ulaw
tos_media: 5
dtmf_inband: 1
dtmf_db_level: 3
dtmf_outofband: avt

# SIP timers
timer_t1: 500
timer_t2: 4000
timer_invite_expires: 180
sip_retx: 10
sip_invite_retx: 6
`))

var phoneSpecificFile = template.Must(template.New("SIP<MAC>.cnf").Parse(
	`; made in memory by the Deskset lab; the passwords change with each start
{{range .Accounts}}
# Line {{.Line}}
line{{.Line}}_name: {{.User}}
line{{.Line}}_shortname: "{{.User}}"
line{{.Line}}_displayname: "{{.DisplayName}}"
line{{.Line}}_authname: {{.User}}
line{{.Line}}_password: "{{.Password}}"
{{end}}`))

// files makes the root of the TFTP server.
func (l *Lab) files() map[string][]byte {
	s := settings{
		Image: l.options.Image, Address: l.Proxy().Addr().String(), Port: l.Proxy().Port(), Accounts: l.accounts,
	}
	root := map[string][]byte{
		"OS79XX.TXT":             []byte(l.options.Image + "\r\n"),
		"SIPDefault.cnf":         fill(defaultFile, s),
		phoneFile(l.options.MAC): fill(phoneSpecificFile, s),
	}
	var list strings.Builder
	for _, r := range rings {
		fmt.Fprintf(&list, "%s\t%s\r\n", r.name, r.file)
		root[r.file] = r.pcm()
	}
	root["RINGLIST.DAT"] = []byte(list.String())
	return root
}

// fill cannot fail: the templates and what they are filled with are ours.
func fill(t *template.Template, s settings) []byte {
	var b bytes.Buffer
	if err := t.Execute(&b, s); err != nil {
		panic(err)
	}
	return b.Bytes()
}
