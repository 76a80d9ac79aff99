//go:build linux

package interop_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"deskset/app/interop"
)

// BenchmarkStartUpWork is what the phone itself says of its start-up with the
// lab, less the second in which ARP makes sure that the address is nobody
// else's (RFC 5227): the work beyond the lamp show.
func BenchmarkStartUpWork(b *testing.B) {
	var all, ip time.Duration
	for b.Loop() {
		phone := interop.StartDeskset(b, interop.DesksetConfig{Args: []string{"-lab"}})
		phone.Do("timeout 30s", "screen idle")
		starts := startTimes(phone.Journal())
		took := stageTook.FindStringSubmatch(phone.Journal())
		if len(starts) != 1 || took == nil {
			b.Fatalf("the log tells no times:\n%s", phone.Journal())
		}
		stage, err := time.ParseDuration(took[1])
		if err != nil {
			b.Fatal(err)
		}
		all, ip = all+starts[0], ip+stage
		phone.Quit()
	}
	b.ReportMetric(float64(all.Milliseconds())/float64(b.N), "ms/start")
	b.ReportMetric(float64((all-ip).Microseconds())/float64(b.N)/1000, "ms/start-without-IP")
	b.ReportMetric(0, "ns/op")
}

var stageTook = regexp.MustCompile(`stage=IP .* took=(\S+)`)

// BenchmarkUpgrade is the whole phone's download of an image of 16 MB, digest
// and flash included, in MB/s; and that of curl in the same run, to a file.
func BenchmarkUpgrade(b *testing.B) {
	const size = 16 << 20
	if _, err := exec.LookPath("curl"); err != nil {
		b.Skip("curl is not installed; packaging/install-deps peers")
	}
	files := upgradeFiles(newLoad, buildImage(b, newLoad, size))
	for _, server := range []struct {
		name  string
		start func(testing.TB) (args []string, url string)
	}{
		{"tftpd-hpa", func(t testing.TB) ([]string, string) {
			s := interop.StartTFTPD(t, files)
			return []string{"-tftp", s.Addr}, "tftp://" + s.Addr + "/"
		}},
		{"dnsmasq", func(t testing.TB) ([]string, string) {
			addr := interop.StartDnsmasqTFTP(t, tree(t, files))
			return []string{"-tftp", addr}, "tftp://" + addr + "/"
		}},
		{"http", func(t testing.TB) ([]string, string) {
			s := httptest.NewServer(http.FileServer(http.Dir(tree(t, files))))
			t.Cleanup(s.Close)
			return []string{"-provision", s.URL + "/"}, s.URL + "/"
		}},
	} {
		b.Run(server.name, func(b *testing.B) {
			args, url := server.start(b)
			var ours, theirs time.Duration
			for b.Loop() {
				ours += upgradeTime(b, args)
				theirs += curlTime(b, url+newLoad+".img")
			}
			rate := func(d time.Duration) float64 { return size * float64(b.N) / d.Seconds() / 1e6 }
			b.ReportMetric(rate(ours), "MB/s")
			b.ReportMetric(rate(theirs), "curl-MB/s")
			b.ReportMetric(float64(ours)/float64(theirs), "x-curl")
			b.ReportMetric(0, "ns/op")
		})
	}
}

var checkTook = regexp.MustCompile(`stage="Image check" .* programmed" took=(\S+)`)

// upgradeTime starts a phone with a flash of its own, which upgrades.
func upgradeTime(b *testing.B, args []string) time.Duration {
	b.Helper()
	phone := interop.StartDeskset(b, interop.DesksetConfig{Args: append(args[:len(args):len(args)], "-mac", mac, "-flash", b.TempDir())})
	interop.WaitFor(b, time.Minute, "the upgrade", func() bool { return checkTook.MatchString(phone.Journal()) })
	d, err := time.ParseDuration(checkTook.FindStringSubmatch(phone.Journal())[1])
	if err != nil {
		b.Fatal(err)
	}
	phone.Do("timeout 30s", "screen idle")
	phone.Quit()
	return d
}

// curlTime is how long curl says it takes, with blocks of the size that the
// phone asks for.
func curlTime(b *testing.B, url string) time.Duration {
	b.Helper()
	out := filepath.Join(b.TempDir(), "image")
	cmd := exec.Command("curl", "-s", "-S", "-o", out, "-w", "%{time_total}", url)
	if strings.HasPrefix(url, "tftp:") {
		cmd.Args = append(cmd.Args, "--tftp-blksize", "1428")
	}
	text, err := cmd.Output()
	if err != nil {
		b.Fatalf("curl: %v", err)
	}
	if info, err := os.Stat(out); err != nil || info.Size() < 16<<20 {
		b.Fatalf("curl: not the whole image: %v", err)
	}
	d, err := time.ParseDuration(string(text) + "s")
	if err != nil {
		b.Fatal(err)
	}
	return d
}
