package netstat

import "os"

// Read reads an interface of this host. It takes microseconds as a rule, but
// asks drivers and may wait for them: not for an event loop.
func Read(name string) (Reading, error) { return read(os.DirFS("/sys/class/net"), name) }
