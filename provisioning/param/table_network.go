package param

import "slices"

// networkTable holds the settings of the network: those of the guide's menu
// Network Configuration (3-3 to 3-5) and ours beside them. The phone needs them
// before it can fetch a file, so all but the domain's name are Local.
func networkTable() []Param {
	return slices.Concat(
		addressRows,
		numberedRows("default_router", "Default Router", "Router that is used when those before it do not answer"),
		numberedRows("dns_server", "DNS Server", "Name server that is asked when those before it do not answer"),
		attachmentRows,
		serverChoiceRows,
	)
}

// networkMenu is the order of the guide (3-3 to 3-5). What the menu only shows
// (DHCP Server, MAC Address, Host Name, Operational VLAN Id) and what it does
// (Erase Configuration) are no parameters.
var networkMenu = []string{
	"domain_name", "ip_address", "subnet_mask", "tftp_server",
	"default_router1", "default_router2", "default_router3", "default_router4", "default_router5",
	"dns_server1", "dns_server2", "dns_server3", "dns_server4", "dns_server5",
	"admin_vlan", "dhcp_enabled", "dhcp_address_released", "alternate_tftp",
}

// NetworkMenu gives the parameters of the menu Network Configuration, in its
// order (guide 3-3).
func NetworkMenu() []Param { return pick(networkMenu, 0) }

// NumServers is how many default routers and name servers there are at most
// (guide 3-4).
const NumServers = 5

// numberedRows gives default_router1 to default_router5 and the like.
func numberedRows(name, label, help string) []Param {
	rows := make([]Param, 0, NumServers)
	for n := 1; n <= NumServers; n++ {
		rows = append(rows, Param{
			Name: numbered(name+"*", n), Menu: numbered(label+" *", n),
			Kind: IPv4, Local: true, Since: "1.0", Help: help + ".",
		})
	}
	return rows
}

var addressRows = []Param{
	{
		// Generators write it as Domain_Name into the default file.
		Name: "domain_name", Menu: "Domain Name", Kind: Host, Since: "1.0",
		Help: "DNS domain of the phone.",
	},
	{
		Name: "ip_address", Menu: "IP Address", Kind: IPv4, Local: true, Since: "1.0",
		Help: "Address of the phone while DHCP is off.",
	},
	{
		Name: "subnet_mask", Menu: "Subnet Mask", Kind: IPv4, Local: true, Since: "1.0",
		Help: "Mask that parts network from host in ip_address while DHCP is off.",
	},
	{
		Name: "tftp_server", Menu: "TFTP Server", Kind: Text, Max: 255, Local: true, Since: "1.0", normal: hostPort,
		Help: "TFTP server for the configuration files: host or host:port.",
	},
}

var attachmentRows = []Param{
	{
		// 802.1Q keeps 4095 for itself.
		Name: "admin_vlan", Menu: "Admin. VLAN Id", Kind: Int, Min: 0, Max: 4094, Local: true, Since: "1.0",
		Help: "VLAN of the phone where no switch names one; none if empty.",
	},
	{
		Name: "dhcp_enabled", Menu: "DHCP Enabled", Kind: Bool, Local: true, Since: "1.0", defaults: same("1"),
		Help: "Whether DHCP gives address, mask, domain, routers and servers.",
	},
	{
		Name: "dhcp_address_released", Menu: "DHCP Address Released", Kind: Bool, Local: true, Since: "1.0", defaults: same("0"),
		Help: "Whether the address is given back, so that the phone can move to another network.",
	},
	{
		Name: "own_interface", Kind: Text, Max: 64, Local: true, Since: ours,
		Help: "Network interface that the phone has for itself, to give it an address and a VLAN; it shares the computer's if empty.",
	},
	{
		Name: "cdp_enabled", Kind: Bool, Local: true, Since: ours, defaults: same("1"),
		Help: "Whether the phone speaks CDP with its switch.",
	},
	{
		Name: "lldp_enabled", Kind: Bool, Local: true, Since: ours, defaults: same("1"),
		Help: "Whether the phone speaks LLDP-MED with its switch.",
	},
}

var serverChoiceRows = []Param{
	{
		Name: "alternate_tftp", Menu: "Alternate TFTP", Kind: Bool, Local: true, Since: "1.0", defaults: same("0"),
		Help: "Whether tftp_server counts rather than the one that DHCP names.",
	},
	{
		Name: "tftp_server2", Kind: Text, Max: 255, Local: true, Since: ours, normal: hostPort,
		Help: "TFTP server that is asked when tftp_server does not answer: host or host:port.",
	},
	{
		Name: "tftp_server3", Kind: Text, Max: 255, Local: true, Since: ours, normal: hostPort,
		Help: "TFTP server that is asked when tftp_server2 does not answer: host or host:port.",
	},
	{
		Name: "provision_url", Kind: URI, Max: 1024, Local: true, Since: ours, normal: provisionURL,
		Help: "Web address of the folder with the configuration files, instead of TFTP: http or https.",
	},
	{
		Name: "provision_ca", Kind: Text, Max: 4096, Local: true, Since: ours,
		Help: "File with the certificates of the authorities that may vouch for provision_url; the system's if empty.",
	},
	{
		Name: "check_sync_auth", Kind: Choice, Choices: []string{"none", "source", "digest"}, Local: true, Since: ours, defaults: same("source"),
		Help: "Who may ask the phone to restart: anybody, the server of a line, or who knows a line's password.",
	},
}
