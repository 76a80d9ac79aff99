package netstat

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
)

// maxValue bounds a file of sysfs that is read: one number or word.
const maxValue = 64

// maxSpeed in Mbit/s is more than any link; drivers give 2^32-1 for "unknown".
const maxSpeed = 10_000_000

// read reads an interface below root, which is /sys/class/net or a test's.
func read(root fs.FS, name string) (Reading, error) {
	if name == "" || strings.ContainsAny(name, `/\`) || !fs.ValidPath(name) || name == "." {
		return Reading{}, fmt.Errorf("%w: %.32q", ErrNoInterface, name)
	}
	if _, err := fs.Stat(root, name); err != nil {
		return Reading{}, fmt.Errorf("%w: %s", ErrNoInterface, name)
	}
	r := Reading{Interface: name}
	for _, c := range []struct {
		file string
		into *uint64
	}{
		{"rx_packets", &r.Received}, {"tx_packets", &r.Sent}, {"rx_errors", &r.ReceiveErrors}, {"multicast", &r.Multicast},
	} {
		text, err := value(root, name+"/statistics/"+c.file)
		if err != nil {
			return Reading{}, err
		}
		if *c.into, err = strconv.ParseUint(text, 10, 64); err != nil {
			return Reading{}, fmt.Errorf("%s/statistics/%s: %w", name, c.file, err)
		}
	}
	r.Link = link(root, name)
	return r, nil
}

// link reads what there is: an interface that is down refuses to tell (EINVAL),
// and virtual ones have no duplex.
func link(root fs.FS, name string) Link {
	carrier, _ := value(root, name+"/carrier")
	state, _ := value(root, name+"/operstate")
	l := Link{Up: carrier == "1" && state != "down"}
	if !l.Up {
		return l
	}
	switch duplex, _ := value(root, name+"/duplex"); duplex {
	case "full":
		l.Duplex = DuplexFull
	case "half":
		l.Duplex = DuplexHalf
	}
	text, _ := value(root, name+"/speed")
	if speed, err := strconv.Atoi(text); err == nil && speed > 0 && speed <= maxSpeed {
		l.Speed = speed
	}
	return l
}

// value is the one word of a file.
func value(root fs.FS, path string) (string, error) {
	f, err := root.Open(path)
	if err != nil {
		return "", err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxValue))
	if err = errors.Join(err, f.Close()); err != nil {
		return "", err
	}
	return strings.TrimSpace(string(data)), nil
}
