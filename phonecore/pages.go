package phonecore

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/param"
)

// entryOf is one line of a menu: a title and the page behind it.
type entryOf struct {
	title text.ID
	open  func(*Phone)
}

// settingsMenu is the guide's Settings menu in its order.
var settingsMenu = []entryOf{
	{text.MenuContrast, (*Phone).openContrast},
	{text.MenuRingType, (*Phone).openRingTypes},
	{text.MenuNetwork, (*Phone).openNetwork},
	{text.MenuSIP, (*Phone).openSIP},
	{text.MenuStatus, func(p *Phone) { p.openMenu("menu.status", text.MenuStatus, call.ContextSubMenu, statusMenu) }},
}

// statusMenu is the guide's Status menu, and the start-up's own page.
var statusMenu = []entryOf{
	{text.MenuStatusMessages, (*Phone).openStatusMessages},
	{text.MenuFirmware, (*Phone).openFirmware},
	{text.MenuStartUp, (*Phone).openStartUp},
}

func (p *Phone) openSettings() {
	p.openMenu("menu.settings", text.MenuSettings, call.ContextMenu, settingsMenu)
}

func (p *Phone) openMenu(name string, title text.ID, keys call.Context, entries []entryOf) {
	p.openPage(&menu.Page{
		Name: name, Title: text.Get(title), Keys: keys,
		Items: func() []view.Item {
			items := make([]view.Item, len(entries))
			for i, e := range entries {
				items[i] = view.Item{Number: i + 1, Label: text.Get(e.title)}
			}
			return items
		},
		Open: func(i int) { entries[i].open(p) },
	})
}

// openList shows values that cannot be changed here.
func (p *Phone) openList(name, title string, items func() []view.Item) {
	p.openPage(&menu.Page{
		Name: name, Title: title, Keys: call.ContextText,
		Prompt: text.Get(text.ShownOnly), Items: items,
	})
}

func (p *Phone) openText(name string, title text.ID, lines func() []string) {
	p.openPage(&menu.Page{
		Name: name, Title: text.Get(title), Keys: call.ContextText,
		Text: func() []string { return p.cfg.Wrap(lines()) },
	})
}

// openContrast changes the contrast at once; Save keeps it, Cancel takes it
// back.
func (p *Phone) openContrast() {
	before := p.contrast
	p.openPage(&menu.Page{
		Name: "menu.contrast", Title: text.Get(text.MenuContrast), Keys: call.ContextContrast,
		Items: func() []view.Item {
			return []view.Item{{Label: text.Get(text.MenuContrast), Value: strconv.Itoa(p.contrast)}}
		},
		Adjust: func(step int) { p.contrast = min(max(p.contrast+step, 0), maxContrast) },
		Save:   func() { p.savePreferences(); p.remark(text.Get(text.MenuSaved)) },
		Cancel: func() { p.contrast = before },
	})
}

// ringNames are the rings that the guide says the phone ships with (2-22).
var ringNames = []string{"Chirp 1", "Chirp 2"}

func (p *Phone) openRingTypes() {
	chosen := p.ring
	page := &menu.Page{
		Name: "menu.ringtype", Title: text.Get(text.MenuRingType), Keys: call.ContextRingTypes,
		Items: func() []view.Item {
			items := make([]view.Item, len(ringNames))
			for i, name := range ringNames {
				items[i] = view.Item{Number: i + 1, Label: name}
				if name == chosen {
					items[i].Icon = view.IconConnected
				}
			}
			return items
		},
		Open:   func(i int) { chosen = ringNames[i] },
		Cancel: p.stopSample,
	}
	page.Save = func() {
		p.stopSample()
		p.ring = chosen
		p.savePreferences()
		p.remark(text.Get(text.MenuSaved))
	}
	p.openPage(page)
}

// sampleTime is how long Play lets a ring sound.
const sampleTime = 2 * time.Second

func (p *Phone) playRing() {
	page := p.pages.Top()
	if page == nil || p.voice == nil || p.ringerOn {
		return
	}
	p.voice.Ring(ringNames[page.Selected])
	p.sample.stop()
	p.sample = p.after(sampleTime, p.stopSample)
}

func (p *Phone) stopSample() {
	if p.sample != nil && !p.ringerOn && p.voice != nil {
		p.voice.StopRing()
	}
	p.sample.stop()
	p.sample = nil
}

// openNetwork shows the guide's network settings in its order (3-3).
func (p *Phone) openNetwork() {
	p.openList("menu.network", text.Get(text.MenuNetwork), func() []view.Item {
		v := p.startup.values
		h := v.Host
		fromHost := text.Get(text.ValueFromHost)
		rows := []view.Item{
			{Label: text.Get(text.LabelDHCPServer), Value: fromHost},
			{Label: text.Get(text.LabelMAC), Value: v.MAC},
			{Label: text.Get(text.LabelHostName), Value: param.LogicalName(v.MAC)},
			{Label: text.Get(text.LabelDomain), Value: h.Domain},
			{Label: text.Get(text.LabelIPAddress), Value: addrText(h.Prefix.Addr())},
			{Label: text.Get(text.LabelMask), Value: maskText(h.Prefix)},
			{Label: text.Get(text.LabelTFTP), Value: p.params.Text("tftp_server")},
			{Label: text.Get(text.LabelRouter, 1), Value: addrText(h.Router)},
		}
		for i, server := range h.DNS {
			rows = append(rows, view.Item{Label: text.Get(text.LabelDNS, i+1), Value: addrText(server)})
		}
		rows = append(rows, view.Item{Label: text.Get(text.LabelVLAN), Value: fromHost})
		for i := range rows {
			rows[i].Number = i + 1
		}
		return rows
	})
}

func addrText(a netip.Addr) string {
	if !a.IsValid() {
		return "0.0.0.0" // the guide's way to write "none" (2-13)
	}
	return a.String()
}

func maskText(prefix netip.Prefix) string {
	if !prefix.IsValid() {
		return "0.0.0.0"
	}
	return net.IP(net.CIDRMask(prefix.Bits(), prefix.Addr().BitLen())).String()
}

// openSIP shows the lines and, behind them, the parameters of the guide's
// SIP Configuration menu with their values.
func (p *Phone) openSIP() {
	var entries []view.Item
	var pages []func()
	for line := 1; line <= view.NumLines; line++ {
		title := text.Get(text.MenuLine, line)
		entries = append(entries, view.Item{Number: line, Label: title})
		pages = append(pages, func() {
			p.openList("menu.sip.line", title, func() []view.Item { return p.paramItems(param.LineMenu(line)) })
		})
	}
	for _, item := range p.paramItems(param.SIPMenu()) {
		entries = append(entries, item)
		pages = append(pages, func() {})
	}
	for i := range entries {
		entries[i].Number = i + 1
	}
	p.openPage(&menu.Page{
		Name: "menu.sip", Title: text.Get(text.MenuSIP), Keys: call.ContextSubMenu,
		Prompt: text.Get(text.ShownOnly),
		Items:  func() []view.Item { return entries },
		Open:   func(i int) { pages[i]() },
	})
}

// paramItems lists parameters with their values. Secrets are masked.
func (p *Phone) paramItems(params []param.Param) []view.Item {
	var items []view.Item
	for _, prm := range params {
		value := p.params.Text(prm.Name)
		if prm.Kind == param.Secret && value != "" {
			value = "********"
		}
		items = append(items, view.Item{Number: len(items) + 1, Label: prm.Menu, Value: value})
	}
	return items
}

func (p *Phone) openStatusMessages() {
	p.openText("menu.status.messages", text.MenuStatusMessages, func() []string {
		var lines []string
		for i := len(p.status.entries) - 1; i >= 0; i-- {
			e := p.status.entries[i]
			lines = append(lines, e.at.Format("15:04:05 ")+e.text)
		}
		if len(lines) == 0 {
			lines = []string{text.Get(text.NoMessages)}
		}
		return lines
	})
}

func (p *Phone) openFirmware() {
	p.openPage(&menu.Page{
		Name: "menu.status.firmware", Title: text.Get(text.MenuFirmware), Keys: call.ContextText,
		Items: func() []view.Item {
			return []view.Item{
				{Label: text.Get(text.LabelApplicationLoad), Value: Load},
				{Label: text.Get(text.LabelBootLoad), Value: BootLoad},
			}
		},
	})
}

// openStartUp shows what each stage did and how real it was.
func (p *Phone) openStartUp() {
	p.openText("menu.status.startup", text.MenuStartUp, func() []string {
		var lines []string
		for _, r := range p.startup.values.Reports {
			lines = append(lines, fmt.Sprintf("%s: %s, %s, %d ms",
				r.Stage, r.Provenance.Label(), r.Learned, r.Took.Milliseconds()))
		}
		return append(lines, text.Get(text.StatusStarted, fmt.Sprintf("%.2f s", p.startup.took.Seconds())))
	})
}
