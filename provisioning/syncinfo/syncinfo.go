// Package syncinfo reads syncinfo.xml, which a phone fetches when a NOTIFY with
// Event: check-sync asks it to (the reference, section 4, "Remote reset"):
//
//	<SYNCINFO><IMAGE VERSION="*" SYNC="1"/></SYNCINFO>
//
// A phone whose load is VERSION, or any phone if that is *, restarts once it is
// idle if SYNC differs from the value of its parameter sync.
package syncinfo

import (
	"fmt"
	"slices"
	"strings"

	"deskset/provisioning/param"
	"deskset/provisioning/xmltree"
)

// Image is what the file says of one load.
type Image struct {
	// Version is the load meant, or "*".
	Version string
	Sync    string
}

// Parse reads the file. Several IMAGE elements may stand in it, and the one
// alone, without SYNCINFO around it, is taken too.
func Parse(name string, data []byte) ([]Image, []param.Problem) {
	root, problems := xmltree.Parse(name, data)
	if info := root.Find("SYNCINFO"); info != nil {
		root = info
	}
	var images []Image
	for _, n := range root.All("IMAGE") {
		version, _ := n.Attr("VERSION")
		sync, ok := n.Attr("SYNC")
		if version == "" || !ok {
			problems = append(problems, param.Problem{
				Severity: param.Warning, Code: param.CodeSyntax, Source: name, Line: n.Line,
				Text: "want VERSION and SYNC in <IMAGE>; ignored",
			})
			continue
		}
		if i := slices.IndexFunc(images, func(i Image) bool { return i.means(version) }); i >= 0 {
			problems = append(problems, param.Problem{
				Severity: param.Warning, Code: param.CodeDuplicate, Source: name, Line: n.Line, Value: version,
				Text: fmt.Sprintf("the <IMAGE> before it for %q means this load too; never used", images[i].Version),
			})
		}
		images = append(images, Image{version, sync})
	}
	if len(images) == 0 {
		problems = append(problems, param.Problem{
			Severity: param.Error, Code: param.CodeSyntax, Source: name, Text: "want <IMAGE VERSION SYNC>; nothing to compare",
		})
	}
	return images, problems
}

// Restart tells whether a phone that runs load and has the value sync is to
// restart. The first image that means it decides.
func Restart(images []Image, load, sync string) bool {
	i, ok := For(images, load)
	return ok && i.Sync != sync
}

// For gives the image that means a load, which is the first that does.
func For(images []Image, load string) (Image, bool) {
	if i := slices.IndexFunc(images, func(i Image) bool { return i.means(load) }); i >= 0 {
		return images[i], true
	}
	return Image{}, false
}

func (i Image) means(load string) bool { return i.Version == "*" || strings.EqualFold(i.Version, load) }
