//go:build !linux

package hostwatch

import (
	"context"
	"errors"
)

func changes(context.Context, func()) error {
	return errors.New("only Linux has netlink")
}
