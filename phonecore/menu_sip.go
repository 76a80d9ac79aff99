package phonecore

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"deskset/phonecore/menu"
	"deskset/phonecore/sipua"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/param"
)

// groups are the parameters of later releases by subject. A star stands for
// the numbers 1 to 6. They are labelled with their names in the files: those
// are what a person finds in the manuals.
var groups = []struct {
	title text.ID
	names []string
}{
	{text.GroupServers, []string{"proxy_backup", "proxy_backup_port", "proxy_emergency", "proxy_emergency_port", "outbound_proxy", "outbound_proxy_port", "sip_transport", "sip_profile",
		"line*_transport", "prefer_ipv6"}},
	{text.GroupManagers, []string{"call_manager*_addr", "call_manager*_sip_port"}},
	{text.GroupNAT, []string{"nat_enable", "nat_address", "nat_received_processing", "start_media_port", "end_media_port",
		"only_from_servers", "sip_keepalive", "sip_keepalive_interval", "sip_outbound", "sip_gruu", "stun_server", "stun_port"}},
	{text.GroupSecurity, []string{"media_encryption", "media_keys_without_tls", "tls_ca_file"}},
	{text.GroupVoice, []string{"tos_media", "dtmf_inband", "dtmf_db_level", "dtmf_avt_payload", "dtmf_info", "codecs", "packet_time", "enable_vad", "tone_country", "rtcp_xr", "record_calls", "record_format", "record_tone", "record_limit",
		"echo_cancel", "noise_suppression", "gain_control", "sidetone_handset", "sidetone_headset"}},
	{text.GroupTimers, []string{"timer_t1", "timer_t2", "timer_invite_expires", "timer_register_delta", "sip_retx", "sip_invite_retx", "session_expires", "session_min_se"}},
	{text.GroupCalls, []string{"dnd_control", "callerid_blocking", "anonymous_call_block", "call_waiting", "cnf_join_enable", "semi_attended_transfer",
		"call_hold_ringback", "autocomplete", "auto_answer", "stutter_msg_waiting", "call_stats", "local_cfwd_enable", "cfwd_url",
		"remote_party_id", "user_info", "cfwd_busy", "cfwd_noanswer", "cfwd_noanswer_time", "ring_timeout", "remote_auto_answer",
		"ring_internal", "ring_external", "pickup_code", "pickup_directed_code", "park_code", "prack", "delayed_offer", "speed_line*", "speed_label*", "speed_watch*"}},
	{text.GroupClock, []string{"time_zone", "time_format_24hr", "date_format", "sntp_server", "sntp_mode", "dst_auto_adjust", "dst_offset",
		"dst_start_month", "dst_start_day", "dst_start_day_of_week", "dst_start_week_of_month", "dst_start_time",
		"dst_stop_month", "dst_stop_day", "dst_stop_day_of_week", "dst_stop_week_of_month", "dst_stop_time"}},
	{text.GroupServices, []string{"services_url", "directory_url", "logo_url", "http_proxy_addr", "http_proxy_port"}},
	{text.GroupPhone, []string{"phone_label", "phone_password", "dial_template", "tftp_cfg_dir", "sync", "language", "phone_prompt", "telnet_level",
		"network_media_type", "network_port2_type", "dyn_dns_addr_1", "dyn_dns_addr_2", "dyn_tftp_addr"}},
}

// sipMenu is the menu SIP Configuration (guide 3-13).
type sipMenu struct{ form }

func (p *Phone) openSIP() {
	s := &sipMenu{form{p: p, draft: map[string]string{}}}
	s.open(formPage{
		name: "menu.sip", title: text.Get(text.MenuSIP), rows: s.rows, prompt: s.prompt,
		save: func(*menu.Page) bool { return s.save() },
	})
}

func (s *sipMenu) rows() []row {
	var rows []row
	for line := 1; line <= view.NumLines; line++ {
		rows = append(rows, row{kind: rowOpen, label: text.Get(text.MenuLine, line), value: s.lineName(line), open: func() {
			s.openSub("menu.sip.line", text.Get(text.TitleLine, line), param.LineMenu(line))
		}})
	}
	rows = append(rows, s.paramRows(param.SIPMenu())...)
	for _, g := range groups {
		title := text.Get(g.title)
		rows = append(rows, row{kind: rowOpen, label: title, open: func() {
			s.openSub("menu.sip.group", title, grouped(g.names))
		}})
	}
	return rows
}

func (s *sipMenu) lineName(line int) string { return s.get(param.LineMenu(line)[0].Name) }

func (s *sipMenu) openSub(name, title string, params []param.Param) {
	s.open(formPage{
		name: name, title: title, prompt: s.prompt,
		rows: func() []row { return s.paramRows(params) },
	})
}

func (s *sipMenu) paramRows(params []param.Param) []row {
	rows := make([]row, len(params))
	for i, prm := range params {
		rows[i] = s.paramRow(prm)
	}
	return rows
}

// grouped finds the parameters of a group.
func grouped(names []string) (params []param.Param) {
	for n := '1'; n <= '0'+param.NumLines; n++ {
		for _, name := range names {
			if n > '1' && !strings.Contains(name, "*") {
				continue
			}
			if prm, ok := param.Lookup(strings.ReplaceAll(name, "*", string(n))); ok {
				params = append(params, prm)
			}
		}
	}
	return params
}

// prompt says how long changes last (guide 3-5).
func (s *sipMenu) prompt() string {
	if s.p.hasPhoneFile() {
		return text.Get(text.HoldsUntilRestart)
	}
	return text.Get(text.SaveApplies)
}

// save makes the changes count: at once for the lines that they concern, and in
// flash unless the phone has a file of its own. A value that is erased there
// resets the phone (guide 3-18, step 9).
func (s *sipMenu) save() bool {
	p, changed := s.p, s.changes()
	switch {
	case len(changed) == 0:
		p.remark(text.Get(text.NothingChanged))
		return true
	case p.busyForRemote():
		p.remark(text.Get(text.NotDuringCall))
		return false
	case p.hasPhoneFile():
		p.useEdits(changed)
		return true
	}
	erased := slices.Contains(slices.Collect(maps.Values(changed)), "")
	p.program(changed, func() {
		if erased {
			p.resetForSettings()
			return
		}
		p.useEdits(changed)
	})
	return true
}

// useEdits lays changed parameters over the files and tells the lines.
func (p *Phone) useEdits(changed map[string]string) {
	if p.mode != modeRunning {
		return // it restarts, which ends the edits' time
	}
	if p.edits.session == nil {
		p.edits.session = map[string]string{}
	}
	maps.Copy(p.edits.session, changed)
	for _, problem := range p.mergeParams(p.startup.values.Layers) {
		if _, ours := changed[problem.Name]; ours {
			p.report(problem, text.StatusConfigProblem, problem.Error())
		}
	}
	p.remark(text.Get(text.SettingsSaved))
	p.applyAccounts()
}

// applyAccounts gives the agent the lines whose accounts have changed: they
// register anew, the others stay as they are.
func (p *Phone) applyAccounts() {
	if p.agent == nil {
		p.startSIP()
		return
	}
	p.agent.SetTimers(p.sipTimers())
	p.agent.SetDialogs(p.sipDialogs())
	p.agent.SetOnlyFromServers(p.params.Bool("only_from_servers"))
	p.agent.SetNAT(p.nat())
	for i := range p.lines {
		l, line := &p.lines[i], i+1
		account := sipua.Account{Line: line} // one without a user removes the line
		set := p.params.LineSet(line)
		if set {
			account = p.account(line)
		}
		switch {
		case !set && !l.configured():
			continue
		case set && reflect.DeepEqual(account, l.account):
			l.label = p.lineLabel(line)
			continue
		}
		l.t.stop()
		*l = lineState{}
		if set {
			l.account, l.label = account, p.lineLabel(line)
		}
		p.agent.SetAccount(account)
	}
	p.timelineLines()
}
