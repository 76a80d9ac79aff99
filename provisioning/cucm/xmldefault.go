package cucm

import (
	"strings"

	"deskset/provisioning/param"
	"deskset/provisioning/xmltree"
)

// Type7960 is the device type of the 7960 in loadInformation7.
const Type7960 = 7

// Default is what XMLDefault.cnf.xml says to phones without a file.
type Default struct {
	CallManagers []CallManager
	// Loads by device type.
	Loads map[int]Load
}

// Load is the load for one type of device.
type Load struct{ Model, Load string }

// ParseDefault reads XMLDefault.cnf.xml.
func ParseDefault(name string, data []byte) (Default, []param.Problem) {
	const most = 1000
	root, list := xmltree.Parse(name, data)
	r := reader{Device: Device{name: name}, problems: list}
	d := Default{Loads: map[int]Load{}}
	top := root.Find("Default")
	if top == nil {
		r.report(param.Error, param.CodeSyntax, 0, "", "want <Default> around it; nothing taken")
		return d, r.problems
	}
	d.CallManagers = r.callManagers(top)
	for _, n := range top.Kids {
		if len(n.Name) <= len(loadElement) || !strings.EqualFold(n.Name[:len(loadElement)], loadElement) || len(d.Loads) == most {
			continue
		}
		kind := number(n.Name[len(loadElement):])
		if kind == 0 {
			continue
		}
		model, _ := n.Attr("model")
		d.Loads[kind] = Load{Model: model, Load: n.Text}
	}
	return d, r.problems
}

// loadElement begins the names of the elements that give a load; the device
// type follows, sometimes with zeros in front.
const loadElement = "loadInformation"
