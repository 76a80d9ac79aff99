package param

// Merge lays layers over each other, weakest first.
func Merge(profile Profile, layers ...Layer) (*Set, []Problem) {
	return &Set{profile: profile, values: make([]Value, len(table))}, nil
}
