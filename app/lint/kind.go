package lint

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"deskset/provisioning/param"
	"deskset/provisioning/xmltree"
)

// kind is what a file is for.
type kind uint8

const (
	unknown     kind = iota
	defaultFile      // SIPDefault.cnf
	phoneFile        // SIP<MAC>.cnf
	looseFile        // another file of settings
	settings         // deskset.cnf
	bootFile         // OS79XX.TXT
	dialPlan         // dialplan.xml, or what dial_template names
	ringList         // RINGLIST.DAT, ringlist.xml
	syncInfo         // syncinfo.xml
	deviceXML        // SEP<MAC>.cnf.xml
	defaultXML       // XMLDefault.cnf.xml
	someXML          // XML whose root element decides
	ringFile         // µ-law samples
	imageFile        // an image or a list of images
	numKinds
)

var kindNames = [numKinds]string{
	unknown: "unknown", defaultFile: "default file", phoneFile: "phone file", looseFile: "settings", settings: "settings file",
	bootFile: "boot file", dialPlan: "dial plan", ringList: "ring list", syncInfo: "sync info", deviceXML: "device XML",
	defaultXML: "default XML", someXML: "XML", ringFile: "ring", imageFile: "image",
}

func (k kind) String() string { return kindNames[min(k, numKinds-1)] }

// named are the files whose name is fixed. Phones ask for it in this case, and
// most TFTP servers tell upper from lower case.
var named = map[string]kind{
	"SIPDefault.cnf": defaultFile, "OS79XX.TXT": bootFile, "RINGLIST.DAT": ringList, "dialplan.xml": dialPlan, "syncinfo.xml": syncInfo,
	"deskset.cnf": settings,
}

// extensions of files whose name is free.
var extensions = map[string]kind{
	".pcm": ringFile, ".raw": ringFile, ".sbn": imageFile, ".sb2": imageFile, ".loads": imageFile, ".img": imageFile,
	".cnf": looseFile, ".xml": someXML,
}

// naming is what a file's name says.
type naming struct {
	kind kind
	// mac of the phone, upper case, empty if the name has none.
	mac string
	// want is the name that phones ask for, empty if it is this one.
	want string
	// advice is for the person who gave the name.
	advice string
}

func classify(base string) naming {
	lower := strings.ToLower(base)
	for name, k := range named {
		switch {
		case base == name:
			return naming{kind: k}
		case strings.EqualFold(base, name):
			return naming{kind: k, want: name, advice: "want the name " + name + " in this case; phones ask for it so"}
		}
	}
	switch {
	case strings.HasPrefix(lower, "sip") && strings.HasSuffix(lower, ".cnf"):
		return phoneName(phoneFile, base, "SIP", ".cnf")
	case strings.HasPrefix(lower, "sep") && strings.HasSuffix(lower, ".cnf.xml"):
		return phoneName(deviceXML, base, "SEP", ".cnf.xml")
	case strings.HasPrefix(lower, "sep") && strings.HasSuffix(lower, ".cnf"):
		return naming{kind: looseFile, advice: "no phone asks for a .cnf file that begins with SEP; want SIP<MAC>.cnf or SEP<MAC>.cnf.xml"}
	case strings.HasPrefix(lower, "xmldefault") && strings.HasSuffix(lower, ".cnf.xml"):
		return naming{kind: defaultXML}
	case lower == "ringlist.xml": // every spelling exists, for different loads
		return naming{kind: ringList}
	}
	return naming{kind: extensions[path.Ext(lower)]}
}

// macParam knows what a MAC address is, profileParam the firmware generations.
var macParam, profileParam = mustLookup("mac"), mustLookup("firmware_profile")

func mustLookup(name string) param.Param {
	p, ok := param.Lookup(name)
	if !ok {
		panic("lint: the table of parameters has no " + name)
	}
	return p
}

// phoneName checks prefix, MAC address and suffix: the address is in upper case,
// the extension in lower case (guide 2-7).
func phoneName(k kind, base, prefix, suffix string) naming {
	middle := base[len(prefix) : len(base)-len(suffix)]
	mac, err := macParam.Check(middle)
	if err != nil || mac == "" {
		return naming{kind: k, advice: fmt.Sprintf("want the 12 hexadecimal digits of a MAC address between %s and %s; no phone asks for this name", prefix, suffix)}
	}
	n := naming{kind: k, mac: mac}
	if want := prefix + mac + suffix; base != want {
		n.want, n.advice = want, "want the name "+want+"; phones ask for it with the MAC address in upper case, without separators"
	}
	return n
}

// roots are the root elements by which XML is recognised.
var roots = map[string]kind{
	"dialtemplate": dialPlan, "template": dialPlan, "ciscoipphoneringlist": ringList, "device": deviceXML, "default": defaultXML,
	"syncinfo": syncInfo, "image": syncInfo,
}

// sniff recognises a file by what it holds.
func sniff(base string, data []byte) kind {
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if bytes.HasPrefix(text, []byte("<")) {
		root, _ := xmltree.Parse(base, data)
		for _, n := range root.Kids {
			if k, ok := roots[strings.ToLower(n.Name)]; ok {
				return k
			}
		}
		return unknown
	}
	if lower := strings.ToLower(base); strings.Contains(lower, ".cnf") && !strings.HasSuffix(lower, ".xml") {
		return looseFile // SIPDefault.cnf.j2 and the like
	}
	return unknown
}
