//go:build linux

package interop_test

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
	"deskset/phonecore"
)

// TestHostThatMovesRegistersAgain: the phone stands on the host's network, and
// the host gets another address. Within five seconds the registrar has it.
func TestHostThatMovesRegistersAgain(t *testing.T) {
	site := interop.NewSite(t)
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{In: site.Switch, Host: interop.DataHost})
	host := func(command, address string) { site.Phone.IP("addr", command, address+"/24", "dev", site.PhonePort()) }
	at := func(address string) func() bool {
		return func() bool {
			for _, b := range kamailio.Bindings("1001") {
				if strings.Contains(b, "@"+address+":") {
					return true
				}
			}
			return false
		}
	}
	host("add", "10.10.1.50")
	site.Phone.IP("route", "add", "default", "via", interop.DataHost)
	settings := line(1, kamailio, kamailio.Accounts[0])
	phone := interop.StartDeskset(t, interop.DesksetConfig{In: site.Phone, Settings: settings})
	phone.Do("timeout 30s", "screen idle")
	interop.WaitFor(t, 10*time.Second, "the registration from 10.10.1.50", at("10.10.1.50"))

	host("del", "10.10.1.50")
	host("add", "10.10.1.60")
	site.Phone.IP("route", "add", "default", "via", interop.DataHost)
	began := time.Now()
	interop.WaitFor(t, 5*time.Second, "the registration from 10.10.1.60", at("10.10.1.60"))
	t.Logf("registered from the new address after %v", time.Since(began).Round(time.Millisecond))
	phone.Quit()
}

// TestCheckSyncThroughTheProxyResetsThePhone: the files change, and somebody
// tells the phone by NOTIFY through Kamailio. In a call it waits.
func TestCheckSyncThroughTheProxyResetsThePhone(t *testing.T) {
	t.Parallel()
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{})
	files := phoneFiles(kamailio)
	files["SIPDefault.cnf"] += "sync: 1\n"
	files["syncinfo.xml"] = syncInfo("1")
	server := interop.StartTFTPD(t, files)
	phone := interop.StartDeskset(t, interop.DesksetConfig{Args: []string{"-tftp", server.Addr, "-mac", mac}})
	phone.Do("timeout 40s", "screen idle", "stage done Registration")
	notify(t, kamailio, "1001", "check-sync")
	interop.WaitFor(t, 20*time.Second, "the phone to find nothing new", func() bool {
		return strings.Contains(phone.Journal(), "check-sync: nothing has changed")
	})

	server.Put("syncinfo.xml", syncInfo("2"))
	server.Put("SIPDefault.cnf", strings.Replace(files["SIPDefault.cnf"], "sync: 1", "sync: 2", 1))
	server.Put("SIP"+mac+".cnf", strings.Replace(files["SIP"+mac+".cnf"], `"First"`, `"Changed"`, 1))
	phone.Do("press speaker 1002 pound", "wait 500ms") // itself: busy with a call
	notify(t, kamailio, "1001", "check-sync")
	phone.Do("wait 12s") // the gap between two fetches of syncinfo.xml is 10 s
	if n := len(startTimes(phone.Journal())); n != 1 {
		t.Fatalf("%d start-ups while the phone is busy", n)
	}
	phone.Do("press speaker", "screen idle", "timeout 60s", "expect Changed")
	if n := len(startTimes(phone.Journal())); n != 2 {
		t.Errorf("%d start-ups", n)
	}
	phone.Quit()
}

func syncInfo(sync string) string {
	return fmt.Sprintf("<SYNCINFO><IMAGE VERSION=%q SYNC=%q/></SYNCINFO>\n", phonecore.Load, sync)
}

// notify sends a NOTIFY without a body through the proxy.
func notify(t *testing.T, k *interop.Kamailio, user, event string) {
	t.Helper()
	conn, err := net.Dial("udp", k.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	id := time.Now().UnixNano()
	fmt.Fprintf(conn, "NOTIFY sip:%[1]s@%[2]s SIP/2.0\r\nVia: SIP/2.0/UDP %[3]s;branch=z9hG4bKproof%[4]d;rport\r\nMax-Forwards: 70\r\n"+
		"From: <sip:admin@%[2]s>;tag=%[4]d\r\nTo: <sip:%[1]s@%[2]s>\r\nCall-ID: %[4]d@proof\r\nCSeq: 1 NOTIFY\r\nContact: <sip:admin@%[3]s>\r\n"+
		"Event: %[5]s\r\nSubscription-State: active\r\nContent-Length: 0\r\n\r\n", user, k.Addr(), conn.LocalAddr(), id, event)
	_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	answer := make([]byte, 1500)
	n, err := conn.Read(answer)
	if err != nil || !strings.HasPrefix(string(answer[:n]), "SIP/2.0 200") {
		t.Fatalf("NOTIFY: %v\n%s", err, answer[:n])
	}
}
