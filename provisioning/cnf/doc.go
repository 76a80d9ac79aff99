// Package cnf reads the .cnf files of the guide's section "Configuration File
// Guidelines": lines of
//
//	variable-name : value ; optional comments
//
// It is a pure function from bytes to entries with positions; which names
// exist and what they may hold, package param knows.
package cnf
