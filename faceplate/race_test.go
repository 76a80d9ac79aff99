//go:build race

package faceplate

// raced: the largest pictures are left to runs without the race detector.
const raced = true
