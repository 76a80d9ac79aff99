package lab

import (
	"bytes"
	"fmt"
	"strings"
	"text/template"
)

// Names of files (guide, "Configuration File Guidelines"; the reference,
// section 4).
const defaultName = "SIPDefault.cnf"

func phoneName(mac string) string { return "SIP" + mac + ".cnf" }
func sepName(mac string) string   { return "SEP" + mac + ".cnf.xml" }

// settings is what the templates are filled with.
type settings struct {
	Image, Address string
	Port           uint16
	Backup         string // address, or nothing
	BackupPort     uint16
	Neighbour      bool // the backup is none
	Sync           int
	Accounts       []Account
	Bad            bool // with errors
}

// The files that every phone gets. They use the grammar of the guide freely:
// blanks, comments and quotes as real files have them.
var defaultFile = template.Must(template.New(defaultName).Parse(
	`; SIPDefault.cnf - made in memory by the Deskset lab, for all phones

# Image that the phones are to run; as long as it is the one that asks, nothing is upgraded
image_version: "{{.Image}}"

# The lab's registrar and proxy
proxy1_address: {{.Address}}
proxy1_port: {{.Port}}
proxy_register: 1
timer_register_expires: 3600
{{- if .Neighbour}}
proxy_emergency: {{.Backup}}
proxy_emergency_port: {{.BackupPort}}
speed_line3: 1@{{.Backup}}:{{.BackupPort}}
speed_label3: Neighbour
{{- end}}
{{- if .Backup}}
proxy_backup: {{.Backup}}
proxy_backup_port: {{.BackupPort}}
{{- end}}

# Voice and digits
{{- if .Bad}}
preferred_codec: g723
tos_media: 9
dtmf_inband yes
dtmf_db_level: loud
{{- else}}
preferred_codec: g711ulaw
tos_media: 5
dtmf_inband: 1
dtmf_db_level: 3
{{- end}}
dtmf_outofband: avt

# Where the Messages key leads
messages_uri: 8

# SIP timers
{{- if .Bad}}
timer_t1: soon
timer_t2: -4000
no_such_parameter: 1
: nothing
{{- else}}
timer_t1: 500
timer_t2: 4000
{{- end}}
timer_invite_expires: 180
sip_retx: 10
sip_invite_retx: 6

# Compared with syncinfo.xml when the phone is told to
sync: {{.Sync}}
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
{{end -}}
{{if .Bad}}
proxy1_port: 99999
messages_uri: "0
a line without a colon
{{end}}`))

// settings are those of the lab as it is at present. l.mu is held.
func (l *Lab) settings() settings {
	s := settings{
		Image: l.options.Image, Address: l.Proxy().Addr().String(), Port: l.Proxy().Port(),
		Neighbour: l.ill.serversDown, Sync: l.sync, Accounts: l.accounts, Bad: l.ill.files.badConfig,
	}
	if l.options.Upgrade || l.ill.files.image != imageSound {
		s.Image = upgradeOf(l.options.Image)
	}
	if l.backup != nil {
		s.Backup, s.BackupPort = l.Backup().Addr().String(), l.Backup().Port()
	}
	return s
}

// remake makes the files of the tree anew. l.mu is held.
func (l *Lab) remake() {
	s := l.settings()
	root := map[string][]byte{
		"OS79XX.TXT":             []byte(s.Image + "\r\n"),
		defaultName:              fill(defaultFile, s),
		phoneName(l.options.MAC): fill(phoneSpecificFile, s),
		"XMLDefault.cnf.xml":     fill(xmlDefaultFile, s),
		"syncinfo.xml":           fill(syncFile, s),
		"dialplan.xml":           dialPlan(l.ill.serversDown),
	}
	if l.options.SEP {
		root[sepName(l.options.MAC)] = fill(sepFile, s)
	}
	for name, data := range l.fixed {
		root[name] = data
	}
	l.tree.Make(root, l.ill.files.edit())
}

// fixedFiles are those that never change: rings, their lists, images.
func fixedFiles(running string) (map[string][]byte, error) {
	files := map[string][]byte{"ringlist.xml": fill(ringListFile, rings)}
	var list strings.Builder
	for _, r := range rings {
		fmt.Fprintf(&list, "%s\t%s\r\n", r.Name, r.File)
		files[r.File] = r.pcm()
	}
	files["RINGLIST.DAT"] = []byte(list.String())
	for _, load := range []string{running, upgradeOf(running)} {
		image, err := makeImage(load)
		if err != nil {
			return nil, err
		}
		files[imageFile(load)] = image
	}
	return files, nil
}

// fill cannot fail: the templates and what they are filled with are ours.
func fill(t *template.Template, with any) []byte {
	var b bytes.Buffer
	if err := t.Execute(&b, with); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// SetFile puts a file into the tree, over all others of that name, those of
// Options.Root too. It fails for names that cannot be and files beyond
// tree.MaxFile.
func (l *Lab) SetFile(name string, data []byte) error { return l.tree.Set(name, data) }

// RemoveFile takes a file out of the tree, until it is set again.
func (l *Lab) RemoveFile(name string) { l.tree.Remove(name) }

// ChangeSync gives syncinfo.xml and the configuration files another sync value,
// so that a phone that is told to compare it (CheckSync) restarts.
func (l *Lab) ChangeSync() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sync++
	l.remake()
}
