//go:build cgo

package device

import (
	"runtime"
	"sync"
)

// cardThreads is more than run at a time: microphone, ear, ringer, and as many
// again while devices change.
const cardThreads = 6

// headroom sees to it that a card's thread never waits for a place in the Go
// scheduler. There are as many places as processors, and each card's thread keeps
// one between its callbacks. With the usual number, on a small machine, the others
// have to take one away from each other each time: that costs thousands of
// wake-ups per second, and where other programs keep the holder of a place from
// the processor, it makes a hole in the sound of the most urgent thread.
var headroom = sync.OnceFunc(func() {
	runtime.GOMAXPROCS(max(runtime.GOMAXPROCS(0), runtime.NumCPU()+cardThreads))
})
