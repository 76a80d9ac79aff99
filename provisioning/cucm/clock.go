package cucm

import (
	"strings"

	"deskset/provisioning/param"
	"deskset/provisioning/xmltree"
)

// clock takes the date's form, the time zone and the time server. An a at the
// end of the form stands for a clock of twelve hours: M/D/Ya.
func (r *reader) clock(setting *xmltree.Node) {
	if n := setting.Find("dateTemplate"); n != nil {
		form, twelve := strings.CutSuffix(n.Text, "a")
		if !twelve {
			form, twelve = strings.CutSuffix(n.Text, "A")
		}
		hours := "1"
		if twelve {
			hours = "0"
		}
		r.set("date_format", strings.ReplaceAll(form, ".", "/"), n.Line)
		if form != "" {
			r.set("time_format_24hr", hours, n.Line)
		}
	}
	r.timeZone(setting.Find("timeZone"))
	ntp := setting.Find("ntps", "ntp")
	if n := ntp.Find("name"); n != nil {
		r.set("sntp_server", n.Text, n.Line)
	}
	if n := ntp.Find("ntpMode"); n != nil {
		r.set("sntp_mode", strings.ToLower(strings.ReplaceAll(n.Text, " ", "")), n.Line)
	}
}

// zoneEndings end the names of zones and say whether the clock follows daylight
// saving.
var zoneEndings = []struct{ text, daylight string }{
	{" standard/daylight time", "1"},
	{" daylight time", "1"},
	{" standard time", "0"},
}

// timeZone takes a zone by its name. Many files name zones that no instrument
// knows.
func (r *reader) timeZone(n *xmltree.Node) {
	if n == nil {
		return
	}
	if n.Text == "" {
		r.set("time_zone", "", n.Line)
		return
	}
	for _, ending := range zoneEndings {
		name, ok := strings.CutSuffix(strings.ToLower(n.Text), ending.text)
		if short := zones[name]; ok && short != "" {
			r.set("time_zone", short, n.Line)
			r.set("dst_auto_adjust", ending.daylight, n.Line)
			return
		}
	}
	r.report(param.Warning, param.CodeBadValue, n.Line, n.Name, "want the name of a zone, like W. Europe Standard/Daylight Time; ignored")
}

// zones are the short names of time_zone for those of these files, in lower
// case without "Standard/Daylight Time".
var zones = indexZones(map[string]string{
	"IDL":  "dateline",
	"NT":   "samoa",
	"AHST": "hawaiian",
	"YST":  "alaskan",
	"PST":  "pacific",
	"MST":  "mountain,us mountain",
	"CST":  "central,canada central,mexico,central america",
	"EST":  "eastern,us eastern,sa pacific",
	"AST":  "atlantic,sa western",
	"NST":  "newfoundland",
	"BST":  "e. south america,sa eastern,greenland",
	"AT":   "mid-atlantic",
	"WAT":  "azores,cape verde",
	"GMT":  "gmt,greenwich",
	"CET":  "w. europe,central europe,central european,romance,w. central africa",
	"EET":  "gtb,e. europe,egypt,south africa,fle,israel,jerusalem",
	"BT":   "arab,arabic,russian,saudi arabia,e. africa",
	"IT":   "iran",
	"ZP4":  "arabian,caucasus",
	"AFG":  "afghanistan",
	"ZP5":  "west asia,ekaterinburg,pakistan",
	"IST":  "india",
	"ZP6":  "central asia,sri lanka",
	"WAST": "se asia,north asia",
	"HST":  "china,taipei,singapore,w. australia",
	"JST":  "tokyo,korea",
	"CAST": "cen. australia,aus central",
	"EAST": "e. australia,aus eastern,tasmania,west pacific",
	"EADT": "central pacific",
	"NZST": "new zealand,fiji",
})

func indexZones(names map[string]string) map[string]string {
	index := map[string]string{}
	for short, long := range names {
		for name := range strings.SplitSeq(long, ",") {
			index[name] = short
		}
	}
	return index
}
