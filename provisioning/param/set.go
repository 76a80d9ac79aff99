package param

// Set holds the value of every parameter. It does not change once made, so it
// may be shared.
type Set struct {
	profile Profile
	values  []Value // by index in the table
	filed   []Value // the same as the files and the flash alone give it
}

// Value tells a parameter's value and origin. It panics on a name that is not
// in the table, as do the other methods: names are written by programmers.
func (s *Set) Value(name string) Value { return s.values[mustIndex(name)] }

// Text is the value as text, normalised; empty if the parameter is unset.
func (s *Set) Text(name string) string { return s.Value(name).Text }

// Int is the value as a number, 0 if it is unset.
func (s *Set) Int(name string) int { return 0 }

// Bool is true if the value is 1.
func (s *Set) Bool(name string) bool { return s.Text(name) == "1" }

// IsSet is true if a layer gave the parameter a value.
func (s *Set) IsSet(name string) bool { return s.Value(name).Origin != FromDefault }

// LineSet is true if line 1 to 6 has a name, which is what makes it a line.
func (s *Set) LineSet(line int) bool { return false }

// Profile is the profile that the defaults were taken from.
func (s *Set) Profile() Profile { return s.profile }

// All gives every parameter with its value, in the order of the table.
func (s *Set) All() []Assigned { return nil }

// Assigned is a parameter and its value.
type Assigned struct {
	Param
	Value Value
}

// Changed names the parameters whose text differs between s and other, in the
// order of the table.
func (s *Set) Changed(other *Set) []string { return nil }

// FlashChanges tells what is to be stored after the files were read, given
// what is stored: "stores those parameters that differ in Flash memory" (guide
// 2-5). Settings, environment and flags are not stored. Both results are
// empty if there is nothing to do.
func (s *Set) FlashChanges(stored map[string]string) (save map[string]string, reset []string) {
	return nil, nil
}
