package param

import "slices"

// laterTable holds what releases 2.0 to 8.x added (the reference, section 3).
// Since is the release that Cisco's commented sample gives; where only files
// in the field tell, it is the later of the candidates.
func laterTable() []Param {
	return slices.Concat(
		callRows,
		perLine(0, laterLineRows...),
		clockRows,
		daylightRows,
		serverRows,
		natRows,
		perLine(0, callManagerRows...),
		phoneRows,
		serviceRows,
	)
}

var serverRows = []Param{
	{
		Name: "timer_register_delta", XML: "sipProfile/sipStack/timerRegisterDelta",
		Kind: Int, Min: 0, Max: 32_767, Unit: "s", Since: "7.0", defaults: same("5"),
		Help: "How long before its end a registration is refreshed.",
	},
	{
		Name: "proxy_backup", XML: "sipProfile/sipProxies/backupProxy",
		Kind: Host, Since: "2.1",
		Help: "Proxy for line 1's calls when proxy1_address fails.",
	},
	portRow("proxy_backup_port", "sipProfile/sipProxies/backupProxyPort", "2.1", "Port of proxy_backup."),
	{
		Name: "proxy_emergency", XML: "sipProfile/sipProxies/emergencyProxy",
		Kind: Host, Since: "2.1",
		Help: "Proxy for numbers that the dial plan routes to emergency.",
	},
	portRow("proxy_emergency_port", "sipProfile/sipProxies/emergencyProxyPort", "2.1", "Port of proxy_emergency."),
	{
		Name: "outbound_proxy", XML: "sipProfile/sipProxies/outboundProxy",
		Kind: Host, Since: "2.2",
		Help: "Proxy through which all requests go.",
	},
	portRow("outbound_proxy_port", "sipProfile/sipProxies/outboundProxyPort", "2.2", "Port of outbound_proxy."),
}

func portRow(name, xml, since, help string) Param {
	return Param{
		Name: name, XML: xml, Kind: Int, Min: 1025, Max: 65535, low: 1, high: 65535, Since: since, defaults: same("5060"), Help: help,
	}
}

var natRows = []Param{
	{
		Name: "nat_enable", XML: "sipProfile/natEnabled",
		Kind: Bool, Since: "2.2", defaults: same("0"),
		Help: "Whether nat_address stands in for our own in SIP and SDP.",
	},
	{
		Name: "nat_address", XML: "sipProfile/natAddress",
		Kind: Host, Since: "2.2",
		Help: "Address of the router as the other side sees it.",
	},
	{
		Name: "nat_received_processing", XML: "sipProfile/natReceivedProcessing",
		Kind: Bool, Since: "2.2", defaults: same("0"),
		Help: "Whether our Contact follows the address that the server saw.",
	},
	{
		// 0 is ours: any free port, for several phones on one machine.
		Name: "voip_control_port", XML: "sipProfile/voipControlPort",
		Kind: Int, Min: 1025, Max: 65535, also: []string{"0"}, Since: "2.2", defaults: same("5060"),
		Help: "Port on which the phone listens for SIP; 0 takes any free one.",
	},
	{
		Name: "start_media_port", XML: "sipProfile/startMediaPort",
		Kind: Int, Min: 16384, Max: 32766, beyond: clamp, Since: "2.2", defaults: same("16384"), normal: mediaPort,
		Help: "Lowest port for voice.",
	},
	{
		Name: "end_media_port", XML: "sipProfile/stopMediaPort",
		Kind: Int, Min: 16384, Max: 32766, beyond: clamp, Since: "2.2", defaults: same("32766"), normal: mediaPort,
		Help: "Highest port for voice.",
	},
}

var callManagerRows = []Param{
	{
		Name: "call_manager*_addr", Kind: Host, Since: "8.0",
		Help: "Call manager *, asked where a proxy is USECALLMANAGER.",
	},
	portRow("call_manager*_sip_port", "", "8.0", "Port of call manager *."),
}

var phoneRows = []Param{
	{
		Name: "phone_label", XML: "sipProfile/phoneLabel",
		Kind: Text, Max: 11, beyond: reduce, Since: "2.0",
		Help: "Text at the upper right of the display.",
	},
	{
		Name: "language", Kind: Text, Max: 32, Since: "2.0", defaults: same("english"),
		Help: "Language of the display: english, german or spanish; unset, that of the computer.",
	},
	{
		Name: "tftp_cfg_dir", Kind: Text, Max: 64, Since: "2.0",
		Help: "Directory of the phone-specific files on the TFTP server.",
	},
	{
		Name: "sync", Kind: Text, Max: 32, Since: "2.0", defaults: same("1"),
		Help: "Compared with syncinfo.xml before a restart on request.",
	},
	{
		Name: "phone_prompt", Kind: Text, Max: 15, beyond: reduce, Since: "3.0", defaults: same("SIP Phone"),
		Help: "Prompt of the remote console.",
	},
	{
		Name: "phone_password", XML: "commonProfile/phonePassword",
		Kind: Secret, Max: 31, Since: "3.0", defaults: same("cisco"),
		Help: "Password that unlocks the settings and the remote console.",
	},
	{
		Name: "telnet_level", Kind: Int, Min: 0, Max: 2, Since: "3.1", defaults: same("0"),
		Help: "Remote console: 0 off, 1 on, 2 privileged.",
	},
	{
		Name: "network_media_type", Kind: Choice, Choices: []string{"Auto", "Full100", "Full10", "Half100", "Half10"},
		Since: "4.0", defaults: same("Auto"),
		Help: "Speed and duplex of the network port.",
	},
	{
		Name: "network_port2_type", Kind: Choice, Choices: []string{"Hub/Switch", "PC"}, Since: "4.0", defaults: same("Hub/Switch"),
		Help: "What is plugged into the access port.",
	},
}

var serviceRows = []Param{
	{
		Name: "services_url", XML: "servicesURL",
		Kind: URI, Max: 255, Since: "4.0",
		Help: "What the services key opens.",
	},
	{
		Name: "directory_url", XML: "directoryURL",
		Kind: URI, Max: 255, Since: "4.0",
		Help: "External directory of the directories key.",
	},
	{
		Name: "logo_url", Kind: URI, Max: 255, Since: "4.0",
		Help: "Picture for the idle display.",
	},
	{
		Name: "http_proxy_addr", Kind: Host, Since: "4.0",
		Help: "HTTP proxy for services and directory.",
	},
	{
		Name: "http_proxy_port", Kind: Int, Min: 1, Max: 65535, Since: "4.0", defaults: same("80"),
		Help: "Port of the HTTP proxy.",
	},
	{
		Name: "dyn_dns_addr_1", Kind: Host, Since: "4.0",
		Help: "DNS server that replaces the first one.",
	},
	{
		Name: "dyn_dns_addr_2", Kind: Host, Since: "4.0",
		Help: "DNS server that replaces the second one.",
	},
	{
		Name: "dyn_tftp_addr", Kind: Host, Since: "4.0",
		Help: "TFTP server from which the configuration is requested again.",
	},
}
