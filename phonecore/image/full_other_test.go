//go:build !linux

package image

import "errors"

func fillDisk(string) error { return errors.New("needs Linux") }
