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

const mac = "00503EFFD842"

// phoneFiles are what a phone of two lines is provisioned with.
func phoneFiles(k *interop.Kamailio) map[string]string {
	first, second := k.Accounts[0], k.Accounts[1]
	return map[string]string{
		"OS79XX.TXT": phonecore.Load + "\r\n",
		"SIPDefault.cnf": fmt.Sprintf("# all phones\nimage_version: %s\nproxy1_address: \"%s\" ; loopback\nproxy1_port: \"%d\"\n"+
			"proxy_register: 1\npreferred_codec: g723\nno_such_parameter: 1\nline1_name: from-default\n", phonecore.Load, k.Host, k.Port),
		"SIP" + mac + ".cnf": fmt.Sprintf("line1_name: \"%s\"\nline1_authname: \"%[1]s\"\nline1_password: \"%s\"\nline1_shortname: \"First\"\n"+
			"line2_name: \"%s\"\nline2_authname: \"%[3]s\"\nline2_password: \"%s\"\nline2_shortname: \"Second\"\nproxy2_address: \"%s\"\nproxy2_port: \"%d\"\n",
			first.User, first.Password, second.User, second.Password, k.Host, k.Port),
	}
}

// inOrder checks that texts appear one after the other.
func inOrder(t *testing.T, where string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		i := strings.Index(where, text)
		if i < 0 {
			t.Errorf("no %q, or not in its place in the order", text)
			continue
		}
		where = where[i+len(text):]
	}
}

func TestStartUpFromRealTFTPServer(t *testing.T) {
	t.Parallel()
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{})
	server := interop.StartTFTPD(t, phoneFiles(kamailio))
	phone := interop.StartDeskset(t, interop.DesksetConfig{
		Args: []string{"-tftp", server.Addr, "-mac", mac}, Slow: true,
	})
	phone.Do("timeout 40s", "screen idle", "expect First", "expect Second")
	inOrder(t, phone.Screens(), "Copyright", "Configuring VLAN", "Configuring IP", "Requesting Configuration", "# idle")
	for _, a := range kamailio.Accounts[:2] {
		interop.WaitFor(t, 10*time.Second, a.User+" to be registered", func() bool { return len(kamailio.Bindings(a.User)) == 1 })
	}
	for _, want := range []string{"SIPDefault.cnf:6", "g723", "no_such_parameter"} {
		if !strings.Contains(phone.Journal(), want) {
			t.Errorf("the log does not say %q of the bad lines", want)
		}
	}
	phone.Quit()
}

func TestMissingPhoneFileKeepsTheDefaultFile(t *testing.T) {
	t.Parallel()
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{})
	files := phoneFiles(kamailio)
	delete(files, "SIP"+mac+".cnf")
	server := interop.StartTFTPD(t, files)
	phone := interop.StartDeskset(t, interop.DesksetConfig{Args: []string{"-tftp", server.Addr, "-mac", mac}})
	phone.Do("timeout 40s", "screen idle", "expect from-default")
	if !strings.Contains(phone.Journal(), "File Not Found: SIP"+mac+".cnf") {
		t.Error("the log does not say that the phone file is missing")
	}
	phone.Quit()
}

// A server that takes packets and says nothing costs time, not the start-up.
func TestSilentTFTPServerTimesOut(t *testing.T) {
	t.Parallel()
	silent, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	phone := interop.StartDeskset(t, interop.DesksetConfig{Args: []string{"-tftp", silent.LocalAddr().String(), "-mac", mac}})
	phone.Do("timeout 60s", "screen idle")
	if !strings.Contains(phone.Journal(), "TFTP Timeout: "+silent.LocalAddr().String()+" does not answer") {
		t.Error("the log does not say that the server is silent")
	}
	phone.Quit()
}

// The values of the last good start-up are in flash (guide 2-5): a phone whose
// server has died starts with them.
func TestDeadTFTPServerLeavesTheFlashValues(t *testing.T) {
	t.Parallel()
	kamailio := interop.StartKamailio(t, interop.KamailioConfig{})
	server := interop.StartTFTPD(t, phoneFiles(kamailio))
	flash := t.TempDir()
	config := interop.DesksetConfig{Args: []string{"-tftp", server.Addr, "-mac", mac, "-flash", flash}}
	phone := interop.StartDeskset(t, config)
	phone.Do("timeout 40s", "screen idle", "expect First")
	phone.Quit()
	server.Stop()

	phone = interop.StartDeskset(t, config)
	phone.Do("timeout 60s", "screen idle", "expect First", "expect Second")
	interop.WaitFor(t, 10*time.Second, "1001 to be registered", func() bool { return len(kamailio.Bindings("1001")) == 1 })
	if !strings.Contains(phone.Journal(), "TFTP Timeout") && !strings.Contains(phone.Journal(), "TFTP Error") {
		t.Error("the log does not say that the server is dead")
	}
	phone.Quit()
}
