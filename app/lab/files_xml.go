package lab

import (
	"fmt"
	"strings"
	"text/template"

	"deskset/app/lab/exchange"
)

// syncFile is compared by phones with their parameter sync (the reference,
// section 4, "Remote reset").
var syncFile = template.Must(template.New("syncinfo.xml").Parse(
	`<SYNCINFO><IMAGE VERSION="*" SYNC="{{.Sync}}"/></SYNCINFO>
`))

// managers is the part that both XML files share (the reference, section 5).
const managers = `<callManagerGroup><members>
    <member priority="0"><callManager>
      <ports><ethernetPhonePort>2000</ethernetPhonePort><sipPort>{{.Port}}</sipPort></ports>
      <processNodeName>{{.Address}}</processNodeName>
    </callManager></member>
{{- if .Backup}}
    <member priority="1"><callManager>
      <ports><ethernetPhonePort>2000</ethernetPhonePort><sipPort>{{.BackupPort}}</sipPort></ports>
      <processNodeName>{{.Backup}}</processNodeName>
    </callManager></member>
{{- end}}
  </members></callManagerGroup>`

// xmlDefaultFile is for phones that have no file of their own; 7 is the device
// type of the 7960.
var xmlDefaultFile = template.Must(template.New("XMLDefault.cnf.xml").Parse(
	`<?xml version="1.0" encoding="UTF-8"?>
<Default>
  ` + managers + `
  <loadInformation7 model="IP Phone 7960">{{html .Image}}</loadInformation7>
</Default>
`))

// sepFile is the phone's own file as call managers write it. It is made on
// demand only: where it lies, a phone takes it and not SIP<MAC>.cnf.
var sepFile = template.Must(template.New("SEP<MAC>.cnf.xml").Parse(
	`<?xml version="1.0" encoding="UTF-8"?>
<!-- made in memory by the Deskset lab; the passwords change with each start -->
<device>
  <deviceProtocol>SIP</deviceProtocol>
  <versionStamp>{lab-{{.Sync}}}</versionStamp>
  <devicePool>
  ` + managers + `
  </devicePool>
  <sipProfile>
    <sipProxies><registerWithProxy>true</registerWithProxy></sipProxies>
    <sipStack><timerRegisterExpires>3600</timerRegisterExpires></sipStack>
    <preferredCodec>{{if .Bad}}g723{{else}}g711ulaw{{end}}</preferredCodec>
    <dialTemplate>dialplan</dialTemplate>
    <sipLines>
{{- range .Accounts}}
      <line button="{{.Line}}" lineIndex="{{.Line}}">
        <featureID>9</featureID>
        <featureLabel>{{.User}}</featureLabel>
        <proxy>USECALLMANAGER</proxy>
        <port>5060</port>
        <name>{{.User}}</name>
        <displayName>{{.DisplayName}}</displayName>
        <authName>{{.User}}</authName>
        <authPassword>{{.Password}}</authPassword>
      </line>
{{- end}}
    </sipLines>
  </sipProfile>
  <loadInformation>{{html .Image}}</loadInformation>
{{- if .Bad}}
  <deviceSecurityMode>9</deviceSecurityMode></devise>
{{- end}}
</device>
`))

// ringListFile is the list of rings of later phones.
var ringListFile = template.Must(template.New("ringlist.xml").Parse(
	`<CiscoIPPhoneRingList>
{{- range .}}
  <Ring><DisplayName>{{html .Name}}</DisplayName><FileName>{{html .File}}</FileName></Ring>
{{- end}}
</CiscoIPPhoneRingList>
`))

// dialPlan makes dialplan.xml of the numbers that the lab knows (the reference,
// section 3): they are dialled at once, unless a longer one begins alike.
//
// The emergency number is there where somebody answers it.
func dialPlan(emergency bool) []byte {
	const whenAmbiguous = 3 // seconds
	var b strings.Builder
	b.WriteString("<DIALTEMPLATE>\n")
	others := []string{lines[0].User} // both lines begin alike
	for _, n := range exchange.Numbers {
		others = append(others, n.Digits)
	}
	for _, n := range exchange.Numbers {
		wait := 0
		for _, other := range others {
			if other != n.Digits && strings.HasPrefix(other, n.Digits) {
				wait = whenAmbiguous
			}
		}
		fmt.Fprintf(&b, "  <TEMPLATE MATCH=%q TIMEOUT=\"%d\"/>\n", n.Digits, wait)
	}
	if emergency {
		b.WriteString("  <TEMPLATE MATCH=\"112\" TIMEOUT=\"0\" ROUTE=\"Emergency\" REWRITE=\"1\"/>\n")
	}
	// Both lines, and the rest after the usual time.
	b.WriteString("  <TEMPLATE MATCH=\"55512..\" TIMEOUT=\"0\"/>\n  <TEMPLATE MATCH=\"*\" TIMEOUT=\"5\"/>\n</DIALTEMPLATE>\n")
	return []byte(b.String())
}
