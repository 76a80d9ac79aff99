//go:build !race

package xmltree

import "time"

// parseTime is what a hostile file may cost; what is not linear takes minutes.
const parseTime = 5 * time.Second
