package hostlease

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskset/provisioning/dhcp"
)

// stored is a file with the time at which it was written.
type stored struct {
	path, text string
	written    time.Time
}

// clients are those that keep leases in files, which have the patterns; %
// stands for the interface's name and # for its number.
var clients = []struct {
	patterns []string
	read     func(root string, f stored, on port) (dhcp.Lease, error)
}{
	{[]string{"var/lib/NetworkManager/internal-*-%.lease"}, networkManager},
	{[]string{"run/systemd/netif/leases/#"}, networkdFile},
	{[]string{
		"var/lib/NetworkManager/dhclient-*-%.lease", "var/lib/dhcp/dhclient*.lease*", "var/lib/dhclient/dhclient*.lease*", "var/db/dhclient.leases*",
	}, dhclientFile},
	{[]string{"var/lib/dhcpcd/%*.lease", "var/lib/dhcpcd*/dhcpcd-%*.lease", "var/db/dhcpcd/%*.lease"}, dhcpcdFile},
}

// files finds the leases that stand in files below root ("/"). The newest of a
// client goes first.
func files(root string, on port) []found {
	var all []found
	names := strings.NewReplacer("%", on.name, "#", strconv.Itoa(on.index))
	for _, c := range clients {
		for _, f := range matching(root, c.patterns, names) {
			if l, err := c.read(root, f, on); err == nil {
				all = append(all, found{l, f.path})
			}
		}
	}
	return all
}

// networkManager reads a lease and, for fields that stand elsewhere, what it
// says of the device.
func networkManager(root string, f stored, on port) (dhcp.Lease, error) {
	r := parseKeyValue(f.text)
	if device, err := readFile(filepath.Join(root, "run/NetworkManager/devices", strconv.Itoa(on.index))); err == nil {
		d := parseKeyValue(device.text)
		if !r.next.IsValid() {
			r.next = d.next
		}
		if r.file == "" {
			r.file = d.file
		}
	}
	return r.lease()
}

func networkdFile(_ string, f stored, _ port) (dhcp.Lease, error) {
	return parseKeyValue(f.text).lease()
}

func dhclientFile(_ string, f stored, on port) (dhcp.Lease, error) {
	r, ok := parseDhclient(f.text, on.name, on.now)
	if !ok {
		return dhcp.Lease{}, ErrNone
	}
	return r.lease()
}

// dhcpcdFile reads the server's answer as it came. dhcpcd itself takes the
// file's time for the lease's start.
func dhcpcdFile(_ string, f stored, _ port) (dhcp.Lease, error) {
	return dhcp.Parse([]byte(f.text), f.written)
}

// matching reads the files that match, the newest first. Those of DHCPv6 and
// those that may not be read are left out.
func matching(root string, patterns []string, names *strings.Replacer) (list []stored) {
	for _, p := range patterns {
		paths, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(names.Replace(p))))
		if err != nil { // of an interface with a strange name
			continue
		}
		for _, path := range paths {
			if strings.Contains(filepath.Base(path), "dhclient6") {
				continue
			}
			if f, err := readFile(path); err == nil {
				list = append(list, f)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b stored) int { return b.written.Compare(a.written) })
	return list
}

// readFile reads a regular file, of maxText at most.
func readFile(path string) (stored, error) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return stored{}, os.ErrNotExist
	}
	f, err := os.Open(path)
	if err != nil {
		return stored{}, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxText))
	return stored{path, string(b), info.ModTime()}, err
}
