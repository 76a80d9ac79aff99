// Package image is the phone's two image slots and its boot loader: which image
// starts, what happens to a damaged one, and how a new one gets into the slot
// that is not running (guide 2-8, 2-9).
//
// An image here is a description of a firmware: its name and generation. What
// runs is always this program; an image decides under which name and with
// whose defaults. So the contents of an image are checked and kept, and never
// used.
//
//	store, err := image.Open(flash, image.Info{Name: phonecore.Load}, log)
//	started, err := store.Boot()
//	...
//	p, err := store.Program("P0S3-8-12-00")
//	defer p.Abort()
//	_, err = io.Copy(p, download)
//	info, err := p.Commit() // and restart
package image

import "errors"

// Errors, for errors.Is. They are the instrument's own complaints.
var (
	// ErrLoadID: the name in the header is not that of the file.
	ErrLoadID = errors.New("load ID incorrect")
	// ErrChecksum: the digest does not match, or the end is missing; then
	// there is a *firmware.CutOffError in the chain.
	ErrChecksum = errors.New("checksum error")
	// ErrFormat: not an image, or one of another kind of phone.
	ErrFormat = errors.New("not an image for this phone")
	// ErrProgramming: the flash could not be written.
	ErrProgramming = errors.New("programming error")
)

// Info describes an image.
type Info struct {
	// Name of the load: "P0S3-08-12-00".
	Name string
	// Generation is the firmware generation whose defaults apply, a name of
	// param's firmware_profile; empty leaves the user's.
	Generation string
	// Digest is the SHA-256 of the whole file, in hexadecimal.
	Digest string
	Size   int64
	// BuiltIn is true for the image that the program carries in itself.
	BuiltIn bool
}

// Started is what the boot loader found.
type Started struct {
	// Image that starts; the built-in one in recovery.
	Image Info
	// Slot is 0 or 1.
	Slot int
	// Damaged lists what is wrong with each slot; nil is a good or empty one.
	Damaged [2]error
	// FellBack is true if the active slot was bad and the other one started.
	FellBack bool
	// Recovery is true if no slot holds a good image: one has to be fetched.
	Recovery bool
}

// Programmer takes a new image into the idle slot; see Store.Program.
type Programmer interface {
	Write(p []byte) (int, error)
	// Commit checks the image, writes it for good and makes its slot the
	// active one, all or nothing. It fails with the errors above.
	Commit() (Info, error)
	// Abort forgets it. After Commit it does nothing.
	Abort()
}

// Slots is the store of images, as the start-up uses it.
type Slots interface {
	// Boot checks both slots and tells which image starts.
	Boot() (Started, error)
	// Program begins to take the image of a load: its name is compared with
	// the one in the header.
	Program(load string) (Programmer, error)
	// Restore puts the built-in image into the idle slot and makes it the
	// active one, to end a recovery without a server.
	Restore() (Info, error)
	// FileNames are the names to ask a server for, given a load's: with the
	// extensions to try, in order.
	FileNames(load string) []string
}
