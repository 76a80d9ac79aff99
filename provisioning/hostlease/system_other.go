//go:build !darwin && !windows

package hostlease

import "context"

func system(_ context.Context, on port) []found { return files("/", on) }
