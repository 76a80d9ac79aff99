package hostlease

import (
	"context"
	"os/exec"
	"time"
)

// askTime bounds ipconfig(8).
const askTime = 2 * time.Second

func system(ctx context.Context, on port) []found {
	const program = "/usr/sbin/ipconfig"
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, "getpacket", on.name).Output()
	if err != nil {
		return nil
	}
	l, err := parseIPConfig(string(out[:min(len(out), maxText)])).lease()
	if err != nil {
		return nil
	}
	return []found{{l, program + " getpacket " + on.name}}
}
