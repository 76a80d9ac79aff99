//go:build !linux

package netstat

// Read fails with ErrNotHere.
func Read(string) (Reading, error) { return Reading{}, ErrNotHere }
