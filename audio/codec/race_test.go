//go:build race

package codec_test

// raced: what runs in one goroutine and takes long is left to runs without the
// race detector.
const raced = true
