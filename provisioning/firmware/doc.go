// Package firmware reads what the firmware of a phone consists of as far as it
// is public: OS79XX.TXT, which names the load (guide 2-4), the header in front
// of signed images (.sbn, .sb2, .loads), and the list that a .loads file holds.
//
// "The version is also built into the file header. Trying to change the image
// version by changing the file name will cause the firmware to fail when it
// compares the version in the header against the file name" (guide 2-8):
//
//	h, err := firmware.ReadHeader(data)
//	err = h.Check("P0S3-8-12-00.sbn")
//
// It holds no firmware and runs none.
package firmware
