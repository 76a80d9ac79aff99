package phonecore

import (
	"strings"
	"testing"
	"time"

	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// TestTransportIsTakenFromTheServer: who is told of TLS writes it behind the
// server, or its port.
func TestTransportIsTakenFromTheServer(t *testing.T) {
	for written, want := range map[string]string{
		"pbx.example": "udp", "pbx.example:5060": "udp", "pbx.example:5061": "tls", "[2001:db8::1]:5061": "tls",
		"sips:ada@pbx.example": "tls", "sip:ada@pbx.example;transport=TLS": "tls", "pbx.example;user=phone;transport=tcp": "tcp",
		"pbx.example:5061;transport=tcp": "tcp", "pbx.example;transport=sctp": "udp", "pbx.example;transport": "udp",
	} {
		a := account{transport: "udp"}
		if trouble := a.setServer(written); trouble != text.None || a.transport != want {
			t.Errorf("%q: transport %q, want %q (%v)", written, a.transport, want, trouble)
		}
	}
}

// TestLoginNameGoesWithThePassword: some providers have a name for the
// password that is not the number.
func TestLoginNameGoesWithThePassword(t *testing.T) {
	for _, c := range []struct{ login, want string }{{"", "5551212"}, {"ada", "ada"}} {
		a := account{server: "192.0.2.1", user: "5551212", login: c.login}
		if got := a.parameters()["line1_authname"]; got != c.want {
			t.Errorf("line1_authname %q, want %q", got, c.want)
		}
	}
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		d.on(func() { d.phone.openAccount() })
		d.expect("firstrun.account", "Login name", "ada")
		d.press(view.Key4)
		d.expect("firstrun.edit", "only goes with the password")
	}, empty, withFlags("line1_name", "5551212", "line1_authname", "ada", "line1_password", canary, "proxy1_address", "192.0.2.1"))
}

// TestUnknownCertificateIsAQuestionOfTheTry: a company whose authority this
// computer does not know must not be the end of the first steps.
func TestUnknownCertificateIsAQuestionOfTheTry(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.on(func() { d.net.proxy.Transport().SetDown(true) })
		d.enterAccount("192.0.2.1", "5551212", canary)
		refused := func() {
			d.on(func() {
				d.phone.registration(sipua.Registration{Line: 1, State: sipua.RegFailed, Code: 503, Err: &sipua.CertificateError{
					Host: "192.0.2.1", Fingerprint: strings.Repeat("ab", 32), Subject: "CN=pbx", Issuer: "CN=Company",
				}})
			})
		}
		refused()
		refused() // the phone tries again while the person reads
		d.expect("menu.certificate", "Unknown Certificate", "CN=Company")
		d.soft("No")
		d.expectTrouble("comes from nobody whom this computer trusts")
		d.soft("Again")
		d.expect("firstrun.try")
		refused()
		d.expect("menu.certificate")
		d.soft("Yes")
		d.expect("firstrun.try", "Asking 192.0.2.1")
		if d.phone.trust.pins["192.0.2.1"] == "" {
			t.Error("the certificate is not trusted")
		}
		d.on(func() {
			d.phone.registration(sipua.Registration{Line: 1, State: sipua.RegOK, Server: "192.0.2.1:5061"})
		})
		d.expect("firstrun.done", "is registered")
	}, empty)
}
