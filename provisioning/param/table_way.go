package param

// wayRows: how servers and we find each other, where no instrument's file says.
var wayRows = []Param{
	{
		Name: "only_from_servers", Kind: Bool, Since: ours, defaults: same("1"),
		Help: "Whether calls ring only if they come from a line's server; with no server, or none that answers, all may call.",
	},
	{
		Name: "sip_keepalive", Kind: Choice, Choices: []string{"auto", "crlf", "options", "none"}, Since: ours, defaults: same("auto"),
		Help: "What keeps the way through routers open: line ends, OPTIONS or nothing; auto is line ends where they are needed.",
	},
	{
		// 0 is what suits the transport (RFC 5626 section 4.4.1).
		Name: "sip_keepalive_interval", Kind: Int, Min: 5, Max: 3600, also: []string{"0"}, Unit: "s", Since: ours, defaults: same("0"),
		Help: "Time between two of them; 0 is 24 to 29 s by UDP and 95 to 120 s by TCP and TLS.",
	},
	{
		Name: "sip_outbound", Kind: Bool, Since: ours, defaults: same("1"),
		Help: "Whether the server is told that it may call us over the connection that we have opened (RFC 5626).",
	},
	{
		Name: "sip_gruu", Kind: Bool, Since: ours, defaults: same("0"),
		Help: "Whether the server is asked for an address that is valid everywhere, which calls then name (RFC 5627).",
	},
	{
		Name: "stun_server", Kind: Host, Since: ours,
		Help: "Server that tells us our address outside of the router (RFC 8489).",
	},
	{
		Name: "stun_port", Kind: Int, Min: 1, Max: 65535, Since: ours, defaults: same("3478"),
		Help: "Port of stun_server.",
	},
	{
		Name: "prefer_ipv6", Kind: Bool, Since: ours, defaults: same("0"),
		Help: "Whether a server with both is asked at its IPv6 addresses first.",
	},
}

// wayLineRows are those that each line has for itself.
var wayLineRows = []Param{
	{
		Name: "line*_transport", Kind: Choice, Choices: []string{"udp", "tcp", "tls"}, Since: ours,
		Help: "Transport of line * to its proxy; that of sip_transport if unset.",
	},
}
