//go:build race

package xmltree

import "time"

// parseTime: the race detector makes a parser several times slower.
const parseTime = 30 * time.Second
