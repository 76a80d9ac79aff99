//go:build unix

package image

import (
	"errors"
	"os"
	"syscall"
)

// syncDir writes down the names in a directory. File systems that cannot do so
// (some of the network) say EINVAL and are left alone.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}
