//go:build linux

package interop_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"deskset/app/interop"
)

// TestEngineersTransferInTshark: the README's way to look at a transfer. tshark
// reads the file without a complaint and finds the call flow in it.
func TestEngineersTransferInTshark(t *testing.T) {
	t.Parallel()
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("no tshark here; packaging/install-deps peers")
	}
	file := filepath.Join(t.TempDir(), "transfer.pcapng")
	if out, err := exec.Command(interop.Binary(t), "play", "-speed", "20", "transfer-attended", "-trace", file, "-terminal", "-audio-none").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ask := func(args ...string) string {
		t.Helper()
		out, err := exec.Command(tshark, append([]string{"-n", "-r", file}, args...)...).Output()
		if err != nil {
			t.Fatalf("tshark %v: %v", args, err)
		}
		return string(out)
	}
	if bad := ask("-Y", "_ws.malformed"); bad != "" {
		t.Error(bad)
	}
	flow := ask("-Y", `sip.CSeq.method == "REFER" || sip.CSeq.method == "NOTIFY"`, "-T", "fields", "-e", "sip.Method", "-e", "sip.Status-Code", "-e", "sip.Refer-To")
	wantText(t, "the transfer", flow, "REFER", "202", "NOTIFY", "31")
	if streams := ask("-q", "-z", "rtp,streams"); strings.Count(streams, "g711U") < 2 {
		t.Errorf("no voice both ways:\n%s", streams)
	}
}
