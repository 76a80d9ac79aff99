//go:build !race

package art

const raced = false
