package discovery

import (
	"bufio"
	"encoding/hex"
	"io"
	"math"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// maxHostFile bounds what is read of the host's own files.
const maxHostFile = 256 << 10

// defaultRouter reads the kernel's routing table (proc(5), /proc/net/route):
// columns interface, destination, gateway, flags, use count (twice), metric,
// mask; addresses in hexadecimal, least significant byte first.
func defaultRouter(ifi string) netip.Addr {
	f, err := os.Open("/proc/net/route")
	if err != nil {
		return netip.Addr{}
	}
	defer f.Close()
	return parseRoutes(io.LimitReader(f, maxHostFile), ifi)
}

// parseRoutes looks for the default route (destination and mask 0) through a
// router with the lowest metric, as the kernel does.
func parseRoutes(r io.Reader, ifi string) (router netip.Addr) {
	const (
		name, destination, gateway, metric, mask = 0, 1, 2, 6, 7
		all                                      = "00000000"
	)
	best := uint64(math.MaxUint64)
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) <= mask || f[name] != ifi || f[destination] != all || f[mask] != all || f[gateway] == all {
			continue
		}
		raw, err := hex.DecodeString(f[gateway])
		if err != nil || len(raw) != 4 {
			continue
		}
		if m, err := strconv.ParseUint(f[metric], 10, 32); err == nil && m < best {
			best, router = m, netip.AddrFrom4([4]byte{raw[3], raw[2], raw[1], raw[0]})
		}
	}
	return router
}

// nameServers reads resolv.conf(5).
func nameServers() ([]netip.Addr, string) {
	f, err := os.Open("/etc/resolv.conf")
	if err != nil {
		return nil, ""
	}
	defer f.Close()
	return parseResolv(io.LimitReader(f, maxHostFile))
}

func parseResolv(r io.Reader) (servers []netip.Addr, domain string) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) < 2 {
			continue
		}
		switch f[0] {
		case "nameserver":
			if a, err := netip.ParseAddr(f[1]); err == nil && len(servers) < 5 {
				servers = append(servers, a)
			}
		case "search", "domain":
			domain = f[1]
		}
	}
	return servers, domain
}
