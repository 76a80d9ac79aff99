// Package firmware reads what the firmware of a phone consists of: OS79XX.TXT,
// which names the load (guide 2-4), and image files. It holds no firmware and
// runs none; of an image it wants to know the name and whether it is sound.
//
// "The version is also built into the file header. Trying to change the image
// version by changing the file name will cause the firmware to fail when it
// compares the version in the header against the file name" (guide 2-8):
//
//	c, err := firmware.Scan(file)
//	err = c.Check("P0S3-8-12-00.sbn")
//
// Scanner does the same for a file that is still being fetched. Two layouts
// carry a name.
//
// # Signed files
//
// .sbn, .sb2 and .loads files of release 5 and later begin with a header of
// elements, 404 bytes as a rule (ReadHeader, AppendHeader). The keys are not
// public, so that the signature is not checked and damage behind the header is
// not found. Behind the header of a .loads file there is a list of the files
// that make up the load (ParseLoads).
//
// # Containers
//
// Deskset's own images, which "deskset image build" writes. All numbers are
// big-endian:
//
//	bytes  what
//	8      89 44 53 49 0d 0a 1a 0a, which a transfer as text would change
//	2      version, 1
//	4      length of the manifest, up to 4096
//	8      length of the payload
//	       manifest, JSON: {"name":"DS79-0-2-0","generation":"8","description":"...","created":"2026-11-21T00:00:00Z"}
//	       payload, anything
//	32     SHA-256 of all before it
//
// Only the name is required. A reader passes over members of the manifest that
// it does not know. The whole file has at most 64 MiB, and ends with the
// digest.
//
// # Files without a header
//
// Images before release 5 (P0S30202.bin) have a header that is not public, and
// .bin files of later releases none at all. Neither a changed name nor damage
// could be noticed, so that such a file is ErrNoHeader. Who has one can put it
// into a container: deskset image build -name P0S30202 P0S30202.bin.
package firmware
