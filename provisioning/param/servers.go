package param

import (
	"slices"
	"strings"
)

// Server is one that a line can use. Port is 0 where none is set: then DNS and
// the transport decide.
type Server struct {
	Host string
	Port int
}

// useCallManager in place of an address means the list of call managers.
const useCallManager = "USECALLMANAGER"

// Servers gives a line's servers in the order in which they are tried: its proxy,
// which is that of line 1 if it has none of its own, then proxy_backup (the
// reference, section 3). Where one is USECALLMANAGER, the call managers stand in
// its place. Without a proxy there is no server.
func (s *Set) Servers(line int) []Server {
	proxy := numbered("proxy*_address", line)
	if s.Text(proxy) == "" {
		line, proxy = 1, numbered("proxy*_address", 1)
	}
	servers := s.servers(proxy, numbered("proxy*_port", line))
	if len(servers) == 0 {
		return nil
	}
	for _, backup := range s.servers("proxy_backup", "proxy_backup_port") {
		if !slices.Contains(servers, backup) {
			servers = append(servers, backup)
		}
	}
	return servers
}

// Proxy gives the first of a line's servers; the address is empty if there is
// none.
func (s *Set) Proxy(line int) (address string, port int) {
	if servers := s.Servers(line); len(servers) > 0 {
		return servers[0].Host, servers[0].Port
	}
	return "", 0
}

// servers gives what an address and a port stand for.
func (s *Set) servers(address, port string) []Server {
	host := s.Text(address)
	switch {
	case host == "":
		return nil
	case !strings.EqualFold(host, useCallManager):
		return []Server{{host, s.port(port)}}
	}
	var managers []Server
	for n := 1; n <= NumLines; n++ {
		if host := s.Text(numbered("call_manager*_addr", n)); host != "" && !strings.EqualFold(host, useCallManager) {
			managers = append(managers, Server{host, s.port(numbered("call_manager*_sip_port", n))})
		}
	}
	return managers
}

// port is 0 unless a layer sets it.
func (s *Set) port(name string) int {
	if s.IsSet(name) {
		return s.Int(name)
	}
	return 0
}
