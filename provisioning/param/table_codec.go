package param

import (
	"errors"
	"slices"
	"strings"
)

// codecNames are the instruments' names for codecs, and ours for those that they
// did not have.
var codecNames = []string{"g711ulaw", "g711alaw", "g729a", "g722", "opus"}

// codecRows: what is said of the voice in our offers, beside preferred_codec.
var codecRows = []Param{
	{
		Name: "codecs", Kind: Text, Max: 64, Since: ours, defaults: same("opus g722 g711ulaw g711alaw g729a"), normal: codecList,
		Help: "Codecs that are offered and taken, in this order after preferred_codec.",
	},
	{
		Name: "packet_time", Kind: Choice, Choices: []string{"10", "20", "30"}, Unit: "ms", Since: ours, defaults: same("20"),
		Help: "Voice in each packet, where the far side does not ask for another time.",
	},
}

// codecList takes names between spaces or commas, each once.
func codecList(_ *Param, text string) (checked, error) {
	var list []string
	for _, name := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == ',' }) {
		if !slices.Contains(codecNames, name) {
			return checked{}, errors.New("want some of " + orList(codecNames))
		}
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	if len(list) == 0 {
		return checked{}, errors.New("want one of " + orList(codecNames) + " at least")
	}
	return checked{text: strings.Join(list, " ")}, nil
}
