// Package image is the command "deskset image": it makes image files for
// phones to fetch as an upgrade (guide 3-20), and tells what a file is.
//
//	deskset image build -name DS79-0-2-0 -generation 8
//	deskset image show DS79-0-2-0.img
//
// The formats are those of package provisioning/firmware; no file holds
// firmware that anything would run. The same input gives the same bytes: a time
// stands in a file only if -created or SOURCE_DATE_EPOCH says it.
package image
