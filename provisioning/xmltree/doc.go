// Package xmltree reads the XML of phones' configuration files the way phones
// do: leniently. Of 366 files from the field 11 are not well-formed, with end
// tags of another name, end tags too many, attributes that lack a quote or
// occur twice; names are written in any case. A strict parser gives up there,
// and the phone would stand without its configuration.
//
//	root, problems := xmltree.Parse("dialplan.xml", data)
//	for _, t := range root.Find("DIALTEMPLATE").All("TEMPLATE") {
//		match, _ := t.Attr("MATCH")
//	}
//
// It is a pure function from bytes to a tree with line numbers. It knows no
// namespaces, no document types and no entities but the five of XML 1.0 and
// character references. Size, depth and the number of elements are bounded,
// and so is the time: each byte is looked at a small number of times.
package xmltree
