package directory

import (
	"slices"
	"strings"
	"unicode"
)

// Match is a number of the directory with whose it is.
type Match struct {
	Name   string
	Number Number
}

// Lookup names the caller of a number; see the package comment for the rules.
func (b *Book) Lookup(number string) (Match, bool) {
	plain := plainNumber(number)
	var best Match
	closest, rivals := 0, false
	for _, e := range b.entries {
		for _, n := range e.Numbers {
			c := closeness(plain, plainNumber(n.Number))
			switch {
			case c == 0 || c < closest:
			case c > closest:
				best, closest, rivals = Match{e.Name, n}, c, false
			case fold(e.Name) != fold(best.Name):
				rivals = true
			}
		}
	}
	if rivals || closest == 0 {
		return Match{}, false
	}
	return best, true
}

// Search finds entries by name: those in which each word that is given begins
// a word, in any order. Nothing given finds all.
func (b *Book) Search(text string) []Entry {
	wanted := words(text)
	var found []Entry
	for _, e := range b.entries {
		have := words(e.Name)
		if !slices.ContainsFunc(wanted, func(w string) bool {
			return !slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, w) })
		}) {
			found = append(found, e)
		}
	}
	return found
}

func words(text string) []string {
	return strings.FieldsFunc(fold(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}

// Complete finds the numbers that begin with what was typed, by name, at most
// a number of them.
func (b *Book) Complete(typed string, most int) []Match {
	plain := plainNumber(typed)
	var found []Match
	for _, e := range b.entries {
		for _, n := range e.Numbers {
			if len(found) < most && Completes(n.Number, plain) {
				found = append(found, Match{e.Name, n})
			}
		}
	}
	return found
}

// Completes tells whether a number begins with what was typed, and goes on.
func Completes(number, typed string) bool {
	number, typed = plainNumber(number), plainNumber(typed)
	return typed != "" && len(number) > len(typed) && strings.HasPrefix(number, typed)
}

// Same tells whether two numbers are dialled alike.
func Same(a, b string) bool { return plainNumber(a) == plainNumber(b) }
