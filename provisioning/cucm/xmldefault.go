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

	name    string
	entries []param.Entry
}

// Load is the load for one type of device.
type Load struct {
	Model, Load string
	Line        int
}

// Layer makes what the file says to a 7960 a layer for param.Merge: call managers
// and image.
func (d Default) Layer(origin param.Origin) param.Layer {
	return param.Layer{Origin: origin, Name: d.name, Entries: d.entries}
}

// ParseDefault reads XMLDefault.cnf.xml.
func ParseDefault(name string, data []byte) (Default, []param.Problem) {
	const most = 1000
	root, list := xmltree.Parse(name, data)
	r := reader{Device: Device{name: name}, problems: list}
	d := Default{Loads: map[int]Load{}, name: name}
	top := root.Find("Default")
	if top == nil {
		r.report(param.Error, param.CodeSyntax, 0, "", "want <Default> around it; nothing taken")
		return d, r.problems
	}
	r.CallManagers = r.callManagers(top)
	r.managers()
	for _, n := range top.Kids {
		if len(n.Name) <= len(loadElement) || !strings.EqualFold(n.Name[:len(loadElement)], loadElement) || len(d.Loads) == most {
			continue
		}
		kind := number(n.Name[len(loadElement):])
		if kind == 0 {
			continue
		}
		model, _ := n.Attr("model")
		d.Loads[kind] = Load{Model: model, Load: n.Text, Line: n.Line}
	}
	if load, ok := d.Loads[Type7960]; ok {
		r.set("image_version", load.Load, load.Line)
	}
	d.CallManagers, d.entries = r.CallManagers, r.entries
	return d, r.problems
}

// loadElement begins the names of the elements that give a load; the device
// type follows, sometimes with zeros in front.
const loadElement = "loadInformation"
