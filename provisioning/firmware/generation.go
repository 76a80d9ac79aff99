package firmware

import (
	"strconv"
	"strings"
)

// generations are the firmware generations of SIP loads by the first release
// that belongs to each, newest first; the names are those of param's
// firmware_profile.
var generations = []struct {
	release int
	name    string
}{
	{8, "8"},
	{3, "3"}, // to release 7
	{2, "2"},
	{1, "guide"},
}

// GenerationOf tells a SIP load's generation by the release in its name:
// "guide" of P0S30100, "2" of P0S30202, "3" of P0S3-07-4-00, "8" of
// P0S3-8-12-00. It is empty for other loads and for names without a release.
func GenerationOf(load string) string {
	if family(load) != "P0S3" {
		return ""
	}
	release := releaseOf(load[len("P0S3"):])
	for _, g := range generations {
		if release >= g.release {
			return g.name
		}
	}
	return ""
}

// releaseOf reads the release behind the family: two digits of four (P0S3xxyy,
// guide 2-4), or the number between dashes; 0 if there is none.
func releaseOf(rest string) int {
	digits, dashed := strings.CutPrefix(rest, "-")
	if dashed {
		digits, _, _ = strings.Cut(digits, "-")
	} else if len(digits) == 4 {
		digits = digits[:2]
	}
	if len(digits) > 2 {
		return 0
	}
	release, err := strconv.ParseUint(digits, 10, 8)
	if err != nil {
		return 0
	}
	return int(release)
}

// fileExtensions are those under which the image of a load may lie on a
// server, in the order in which they are tried: our own container, the signed
// files of release 5 and later, the list of such files, the guide's P0S3xxyy.bin.
var fileExtensions = []string{".img", ".sbn", ".loads", ".sb2", ".bin"}

// FileNames are the names of files to ask a server for, in order, given the
// name of a load; none for what is no name.
func FileNames(load string) []string {
	load = Stem(load)
	if !isName(load) {
		return nil
	}
	var names []string
	for _, e := range fileExtensions {
		names = append(names, load+e)
	}
	return names
}
