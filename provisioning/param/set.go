package param

import (
	"path/filepath"
	"strconv"
)

// Set holds the value of every parameter. It does not change once made, so it
// may be shared.
type Set struct {
	profile Profile
	// values by index in the table; filed is what flash and files alone give.
	values, filed []Value
}

func newSet(profile Profile) *Set {
	s := &Set{profile: profile, values: make([]Value, len(table))}
	for i := range table {
		s.values[i] = Value{Text: table[i].Default(profile), Origin: FromDefault}
	}
	return s
}

// Value tells a parameter's value and origin. A value that a layer reset has
// the origin FromDefault and the resetting entry as its source. Value panics
// on a name that is not in the table, as do the other methods: these names
// are written by programmers, in lower case.
func (s *Set) Value(name string) Value { return s.values[mustIndex(name)] }

// Text is the value as text, normalised; empty if the parameter is unset.
func (s *Set) Text(name string) string { return s.Value(name).Text }

// Int is the value of an Int as a number.
func (s *Set) Int(name string) int {
	n, err := strconv.Atoi(s.Text(name))
	if err != nil {
		return 0
	}
	return n
}

// Bool is true if the value is 1.
func (s *Set) Bool(name string) bool { return s.Text(name) == "1" }

// IsSet is true if a layer gave the parameter a value.
func (s *Set) IsSet(name string) bool { return s.Value(name).Origin != FromDefault }

// LocalFile is the path of a file of this computer that a parameter names: an
// absolute one that was said on this computer. What the network says names
// files of its own servers.
func (s *Set) LocalFile(name string) (path string, ok bool) {
	v := s.Value(name)
	return v.Text, v.Origin >= FromSettings && filepath.IsAbs(v.Text)
}

// LineSet is true if line 1 to 6 has a name, which is what makes it a line.
func (s *Set) LineSet(line int) bool {
	return line >= 1 && line <= NumLines && s.Text(numbered("line*_name", line)) != ""
}

// Profile is the profile that the defaults were taken from.
func (s *Set) Profile() Profile { return s.profile }

// Assigned is a parameter and its value.
type Assigned struct {
	Param
	Value Value
}

// All gives every parameter with its value, in the order of the table.
func (s *Set) All() []Assigned {
	all := make([]Assigned, len(table))
	for i, p := range table {
		all[i] = Assigned{p, s.values[i]}
	}
	return all
}

// Changed names the parameters whose text differs between s and other, in the
// order of the table.
func (s *Set) Changed(other *Set) []string {
	var names []string
	for i := range table {
		if s.values[i].Text != other.values[i].Text {
			names = append(names, table[i].Name)
		}
	}
	return names
}

// FlashChanges tells what flash is to take over from the files, given what is
// stored: the phone "stores those parameters that differ in Flash memory"
// (guide 2-5). What a file resets is to be forgotten. Settings file,
// environment and flags are not stored. Both results are empty if there is
// nothing to do.
func (s *Set) FlashChanges(stored map[string]string) (save map[string]string, reset []string) {
	save = map[string]string{}
	for i, v := range s.filed {
		name := table[i].Name
		old, had := stored[name]
		switch {
		case v.Origin == FromDefaultFile || v.Origin == FromPhoneFile:
			if !had || old != v.Text {
				save[name] = v.Text
			}
		case v.Origin == FromDefault && v.Source != "" && had:
			reset = append(reset, name)
		}
	}
	return save, reset
}
