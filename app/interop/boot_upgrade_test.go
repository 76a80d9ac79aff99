//go:build linux

package interop_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskset/app/image"
	"deskset/app/interop"
	"deskset/phonecore"
)

// newLoad is the image that the upgrades are to.
const newLoad = "DS79-0-2-0"

// buildImage makes an image as people do: deskset image build.
func buildImage(t testing.TB, load string, size int) []byte {
	t.Helper()
	dir := t.TempDir()
	payload, out := filepath.Join(dir, "payload"), filepath.Join(dir, load+".img")
	noise := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(size)}).Read(noise) // never fails
	if err := os.WriteFile(payload, noise, 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	if code := image.Main(context.Background(), []string{"build", "-name", load, "-o", out, payload}, io.Discard, &stderr); code != 0 {
		t.Fatalf("deskset image build: %d\n%s", code, stderr.String())
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// upgradeFiles name a load for all phones; its file holds image.
func upgradeFiles(load string, image []byte) map[string]string {
	files := map[string]string{
		"OS79XX.TXT":         load + "\r\n",
		"SIPDefault.cnf":     "image_version: " + load + "\n",
		"SIP" + mac + ".cnf": "line1_shortname: \"Line of it\"\nline1_name: 1001\nproxy1_address: 127.0.0.1\n",
	}
	if image != nil {
		files[load+".img"] = string(image)
	}
	return files
}

// firmwareVersions is that page, as a person reads it.
func firmwareVersions(phone *interop.Deskset) string {
	openPage(phone, "menu.status.firmware", "Status", "Firmware Versions")
	screen := showScreen(phone)
	phone.Do("press settings", "screen idle")
	return screen
}

// upgradeRig is a TFTP server and a phone whose flash stays.
type upgradeRig struct {
	server *interop.TFTPD
	flash  string
}

func newUpgradeRig(t *testing.T, files map[string]string) upgradeRig {
	return upgradeRig{interop.StartTFTPD(t, files), t.TempDir()}
}

func (r upgradeRig) config() interop.DesksetConfig {
	return interop.DesksetConfig{Args: []string{"-tftp", r.server.Addr, "-mac", mac, "-flash", r.flash}}
}

func (r upgradeRig) start(t *testing.T) *interop.Deskset {
	t.Helper()
	phone := interop.StartDeskset(t, r.config())
	phone.Do("timeout 60s", "screen idle")
	return phone
}

// TestUpgradeAndBack: the tree names another image, the phone loads it, resets
// and says so; the name of the old image takes it back, as there is no newer or
// older (guide 2-9). It outlives a restart of the program.
func TestUpgradeAndBack(t *testing.T) {
	t.Parallel()
	rig := newUpgradeRig(t, upgradeFiles(newLoad, buildImage(t, newLoad, 1<<20)))
	phone := rig.start(t)
	phone.Do("expect Line of it")
	inOrder(t, phone.Screens(), "Upgrading Software", "# idle")
	wantText(t, "the log", phone.Journal(), "Image "+newLoad+" programmed: restarting")
	wantText(t, "Firmware Versions", firmwareVersions(phone), "Application Load ID", newLoad)
	phone.Quit()

	phone = rig.start(t)
	wantText(t, "Firmware Versions after a restart", firmwareVersions(phone), newLoad)
	if strings.Contains(phone.Journal(), "programmed") {
		t.Error("the same image was loaded again")
	}
	phone.Quit()

	for name, text := range upgradeFiles(phonecore.Load, buildImage(t, phonecore.Load, 1<<20)) {
		rig.server.Put(name, text)
	}
	phone = rig.start(t)
	wantText(t, "Firmware Versions after the way back", firmwareVersions(phone), phonecore.Load)
	phone.Quit()
}

// TestUpgradeThatFailsKeepsTheOldImage and says why.
func TestUpgradeThatFailsKeepsTheOldImage(t *testing.T) {
	t.Parallel()
	good := buildImage(t, newLoad, 256<<10)
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 1
	for name, c := range map[string]struct {
		image []byte
		want  string
	}{
		"truncated":     {good[:len(good)*6/10], "Checksum Error: the image " + newLoad},
		"one bit wrong": {flipped, "Checksum Error: the image " + newLoad},
		"other name":    {buildImage(t, "DS79-0-9-0", 256<<10), "Load ID Incorrect: the file of " + newLoad},
		"no image":      {[]byte("<html>404</html>"), "Load Rejected: " + newLoad},
		"empty":         {[]byte{}, newLoad},
		"missing":       {nil, "File Not Found: " + newLoad + " at"},
	} {
		t.Run(name, func(t *testing.T) {
			phone := newUpgradeRig(t, upgradeFiles(newLoad, c.image)).start(t)
			phone.Do("expect Line of it")
			wantText(t, "the log", phone.Journal(), c.want)
			wantText(t, "Firmware Versions", firmwareVersions(phone), phonecore.Load)
			wantStatus(t, phone, c.want)
			phone.Quit()
		})
	}
}

// images are the image files in a flash.
func images(t *testing.T, flash string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(flash, func(path string, e os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".img") {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// spoil changes a byte in the middle of a file; twice is not as before.
func spoil(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2]++
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestDamagedSlots: a damaged image gives way to the other slot's and the phone
// says so; with both damaged it fetches one from the server.
func TestDamagedSlots(t *testing.T) {
	t.Parallel()
	newImage := buildImage(t, newLoad, 1<<20)
	rig := newUpgradeRig(t, upgradeFiles(newLoad, newImage))
	phone := rig.start(t)
	wantText(t, "Firmware Versions", firmwareVersions(phone), newLoad)
	phone.Quit()
	for _, path := range images(t, rig.flash) {
		if info, err := os.Stat(path); err != nil || info.Size() >= 1<<20 {
			spoil(t, path) // the new one, which is the larger
		}
	}
	rig.server.Put("OS79XX.TXT", phonecore.Load+"\r\n")
	rig.server.Put("SIPDefault.cnf", "image_version: "+phonecore.Load+"\n")
	phone = rig.start(t)
	wantText(t, "the log", phone.Journal(), "is damaged", "Started from slot 1: "+phonecore.Load)
	wantText(t, "Firmware Versions", firmwareVersions(phone), phonecore.Load)
	phone.Quit()

	for _, path := range images(t, rig.flash) {
		spoil(t, path)
	}
	for name, text := range upgradeFiles(newLoad, newImage) {
		rig.server.Put(name, text)
	}
	phone = rig.start(t)
	wantText(t, "the log", phone.Journal(), "No good image in flash: fetching one from the TFTP server", "Image "+newLoad+" programmed")
	wantText(t, "Firmware Versions", firmwareVersions(phone), newLoad)
	phone.Quit()
}

// TestKilledAtAnyMomentOfAnUpgrade: forty times the power is cut while the
// whole program upgrades back and forth; each next start runs one image or the
// other. (Package image does it two hundred times on the slots alone.)
func TestKilledAtAnyMomentOfAnUpgrade(t *testing.T) {
	const cuts = 40
	loads := [2]string{newLoad, "DS79-0-3-0"}
	files := upgradeFiles(loads[0], nil)
	for _, load := range loads {
		files[load+".img"] = string(buildImage(t, load, 4<<20))
	}
	rig := newUpgradeRig(t, files)
	began := time.Now()
	phone := interop.StartDeskset(t, rig.config())
	interop.WaitFor(t, time.Minute, "an upgrade without a cut", func() bool { return strings.Contains(phone.Journal(), "programmed: restarting") })
	span := int(time.Since(began))
	phone.Kill()

	random := rand.New(rand.NewPCG(7960, 0))
	ran := map[string]int{}
	for n := range cuts {
		load := loads[1-n/2%2] // two cuts each way
		rig.server.Put("OS79XX.TXT", load+"\r\n")
		rig.server.Put("SIPDefault.cnf", "image_version: "+load+"\n")
		phone := interop.StartDeskset(t, rig.config())
		<-time.After(time.Duration(random.IntN(span * 5 / 4))) // the moment of the cut
		phone.Kill()
		ran[runningLoad(t, rig.flash)]++
	}
	t.Logf("an upgrade takes %v; after the cuts started: %v", time.Duration(span).Round(time.Millisecond), ran)
	if ran[loads[0]] == 0 || ran[loads[1]] == 0 {
		t.Error("no cut came after an upgrade: the moments are badly chosen")
	}
	rig.start(t).Quit()
}

// runningLoad is the image that a phone without a server starts with.
func runningLoad(t *testing.T, flash string) string {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	cmd := exec.Command(interop.Binary(t), "-terminal", "-once", "-fast", "-audio-none", "-flash", flash, "-log", log,
		"-mac", mac, "-tftp", fmt.Sprintf("127.0.0.1:%d", interop.FreePort(t)))
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("after the cut: %v\n%s", err, out)
	}
	journal, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for _, load := range []string{phonecore.Load, newLoad, "DS79-0-3-0"} {
		if bytes.Contains(journal, []byte(load+" from slot ")) && !bytes.Contains(journal, []byte("damaged")) {
			return load
		}
	}
	t.Fatalf("after the cut no whole image starts:\n%s", journal)
	return ""
}
