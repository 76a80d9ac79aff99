// Package speech is the lab's voice: digits and sentences as small embedded
// recordings, made by a speech synthesiser (see README.md here).
//
//	pcm := speech.Clip("welcome")
package speech

import (
	"embed"
	"sync"

	"deskset/audio/codec"
)

//go:generate ./generate.sh

// Rate of every clip, in Hz.
const Rate = 8000

//go:embed ulaw/*.ul
var files embed.FS

var cache sync.Map // name to []int16

// Clip gives a recording by its name in sentences.tsv, as linear samples that
// must not be changed; nil if there is none.
func Clip(name string) []int16 {
	if pcm, ok := cache.Load(name); ok {
		return pcm.([]int16)
	}
	data, err := files.ReadFile("ulaw/" + name + ".ul")
	if err != nil {
		return nil
	}
	info, _ := codec.Lookup(codec.PCMU)
	pcm, err := info.New().Decode(make([]int16, 0, len(data)), data)
	if err != nil {
		return nil // not reached: every octet is a sample
	}
	cache.Store(name, pcm)
	return pcm
}

// names of keys that are no name of their own.
var keys = map[byte]string{'*': "star", '#': "pound"}

// Digit gives the word for a key '0'-'9', '*', '#', 'A'-'D'.
func Digit(key byte) []int16 {
	if name, ok := keys[key]; ok {
		return Clip(name)
	}
	return Clip(string(rune(key)))
}
