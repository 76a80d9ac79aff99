//go:build linux

package interop_test

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
)

// TestYourOwnPBXInOneLine is the README's command: an account on the command
// line, its password on standard input.
func TestYourOwnPBXInOneLine(t *testing.T) {
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{})
	account := kamailio.Accounts[0]
	for _, transport := range []string{"udp", "tcp"} {
		phone := interop.StartDeskset(t, interop.DesksetConfig{
			Args:  []string{"-account", fmt.Sprintf("sip:%s@%s;transport=%s", account.User, kamailio.Addr(), transport), "-password-stdin"},
			Stdin: account.Password + "\ntimeout 20s\n", // the script goes on behind the password
		})
		phone.Do("screen idle", "expect 1001")
		interop.WaitFor(t, 10*time.Second, "1001 to be registered", func() bool {
			return len(kamailio.Bindings("1001")) == 1
		})
		if strings.Contains(phone.Trace()+phone.Journal()+phone.Screens(), account.Password) {
			t.Error("the password was written down")
		}
		phone.Quit()
	}
}

func TestUnreachableProxyIsSaidAndThePhoneGoesOn(t *testing.T) {
	settings := map[string]string{
		"proxy1_address": "127.0.0.1", "proxy1_port": fmt.Sprint(interop.FreePort(t)),
		"line1_name": "1001", "line1_authname": "1001", "line1_password": "secret", "proxy_register": "1",
		"timer_t1": "50", "sip_retx": "3",
	}
	phone := interop.StartDeskset(t, interop.DesksetConfig{Settings: settings})
	phone.Do("timeout 30s", "screen idle", "expect connection refused") // ICMP says so
	phone.Do("press speaker 1002 pound", "screen failed", "press speaker", "screen idle")
	phone.Quit()
}

func TestSIPPortInUseIsSaidAndThePhoneGoesOn(t *testing.T) {
	taken, err := net.ListenPacket("udp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.LocalAddr().(*net.UDPAddr).Port
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{})
	settings := line(1, kamailio, kamailio.Accounts[0])
	settings["voip_control_port"] = fmt.Sprint(port)
	phone := interop.StartDeskset(t, interop.DesksetConfig{Settings: settings})
	phone.Do("timeout 30s", "screen idle", "press settings")
	if !strings.Contains(phone.Journal(), fmt.Sprint(port)) || !strings.Contains(phone.Journal(), "in use") {
		t.Errorf("the log does not say that port %d is in use", port)
	}
	phone.Quit()
}

// TestStrangeFilesDoNotStopTheStartUp serves what a broken server may.
func TestStrangeFilesDoNotStopTheStartUp(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty":    "",
		"binary":   string([]byte{0, 1, 2, 0xff, 0xfe, '\n', ':', '\n', 0x1b, '[', '2', 'J'}),
		"no end":   "line1_name: \"1001",
		"long":     "line1_name: " + strings.Repeat("x", 100_000) + "\n",
		"HTML":     "<html><body>404: not found</body></html>",
		"no value": "line1_name\n:\n::::\nline1_name:\n",
	} {
		t.Run(name, func(t *testing.T) {
			server := interop.StartTFTPD(t, map[string]string{"OS79XX.TXT": text, "SIPDefault.cnf": text, "SIP" + mac + ".cnf": text})
			phone := interop.StartDeskset(t, interop.DesksetConfig{Args: []string{"-tftp", server.Addr, "-mac", mac}})
			phone.Do("timeout 40s", "screen idle", "press settings", "press 5", "press soft4")
			phone.Quit()
		})
	}
}
