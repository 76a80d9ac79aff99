// Package param holds the one table of parameters: file name, menu label,
// type, range, default, which file may set it and since which firmware. The
// .cnf reader, the flags, the environment, the settings file, the menus, the
// linter and the reference manual are all derived from it (guide, Table 3-1).
//
// It also merges the layers that set parameters and keeps the origin of each
// value: see [Merge]. [CheckNetwork] checks what belongs together among the
// settings of the network. Where firmware generations have different defaults,
// a [Profile] chooses; table_profiles.go lists all that differ.
package param
