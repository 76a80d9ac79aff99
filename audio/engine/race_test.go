//go:build race

package engine

// raceDetector tells that the tests run under it, where even package net
// allocates per packet.
const raceDetector = true
