// Package lint checks the files of a phone's TFTP server: "deskset lint
// FILE...|DIR". It stands for what an administrator cannot see otherwise: a
// phone ignores silently what it does not understand (guide 2-4 to 2-8).
//
//	code := lint.Main(ctx, []string{"-strict", "/srv/tftp"}, os.Stdout, os.Stderr)
//
// What is right in a file, the packages below provisioning know; their
// problems are collected here, sorted and printed for people or as JSON.
// Only what takes more than one file is checked here: names of files, files
// that are missing, values that contradict each other.
//
// A directory is taken as the root of a TFTP server: each phone's file is laid
// over the default file, and the result is printed with the origin of each
// value. Nothing outside the directory is opened, whatever links say; devices,
// pipes and sockets are not opened at all. Sizes and numbers are bounded.
// Passwords are never printed, and nothing that a file or a file's name holds
// reaches the terminal as a control character.
package lint
