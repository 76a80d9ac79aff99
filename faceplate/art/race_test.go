//go:build race

package art

// raced: the race detector makes drawing ten times slower; one state of each part
// is enough for it, all are drawn without it.
const raced = true
