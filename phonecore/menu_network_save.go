package phonecore

import (
	"slices"

	"deskset/phonecore/menu"
	"deskset/phonecore/text"
	"deskset/provisioning/param"
)

// networkTexts word what CheckNetwork finds.
var networkTexts = map[param.Code]text.ID{
	param.CodeInvalidAddress: text.NetInvalidAddress, param.CodeInvalidMask: text.NetInvalidMask,
	param.CodeRouterNotOnSubnet: text.NetRouterNotOnSubnet, param.CodeRouterRequired: text.NetRouterRequired,
	param.CodeNoRouter: text.NetNoRouter, param.CodeNoDNSServer: text.NetNoDNS, param.CodeTFTPRequired: text.NetTFTPRequired,
}

// save stores the settings and resets the phone (guide 3-5, step 4), unless
// they break the guide's rules (2-13): then the first that does is highlighted.
func (n *networkMenu) save(page *menu.Page) bool {
	if n.erase {
		n.eraseAll()
		return true
	}
	changed := n.changes()
	if len(changed) == 0 {
		n.p.remark(text.Get(text.NothingChanged))
		return true
	}
	for _, problem := range param.CheckNetwork(n.get) {
		words := n.words(problem)
		if problem.Severity == param.Error {
			n.p.remark(words)
			n.highlight(page, problem.Name)
			return false
		}
		n.p.report(problem, text.StatusConfigProblem, words)
	}
	n.p.program(changed, func() {
		if care := n.p.startup.release; care != nil && changed["dhcp_address_released"] == "1" {
			care.Store(true) // after the lines have unregistered
		}
		n.p.resetForSettings()
	})
	return true
}

func (n *networkMenu) words(problem param.Problem) string {
	label := problem.Name
	if prm, ok := param.Lookup(problem.Name); ok && prm.Menu != "" {
		label = text.Label(prm.Menu)
	}
	if id, ok := networkTexts[problem.Code]; ok {
		return text.Get(id, label)
	}
	return problem.Error()
}

func (n *networkMenu) highlight(page *menu.Page, name string) {
	if i := slices.IndexFunc(n.rows(), func(r row) bool { return r.param.Name == name }); i >= 0 {
		page.Move(i - page.Selected)
	}
}

// eraseAll forgets the network settings that were made on the phone: "the
// values are reset to the defaults", and DHCP is on again (guide 3-16). SIP
// settings, preferences, logs and images stay.
func (n *networkMenu) eraseAll() {
	values := map[string]string{}
	for _, prm := range param.NetworkMenu() {
		values[prm.Name] = ""
	}
	n.p.program(values, n.p.resetForSettings)
}

func (p *Phone) resetForSettings() { p.wantRestart(restartReset, text.Get(text.ResetBySettings)) }
