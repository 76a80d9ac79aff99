//go:build !race

package faceplate

const raced = false
