// Package flash is the phone's non-volatile memory: "the phone has non-volatile
// Flash memory in which it stores ... user-defined preferences" (guide 2-2).
// It holds the values of parameters, small named blobs such as volumes or the
// window's place, the history of calls, and the record of the two image slots,
// whose files package image keeps in the same directory:
//
//	f, err := flash.Open(dir, log)
//	stored, err := f.Load()
//	err = f.Save(map[string]string{"line1_name": "5551212"}, []string{"messages_uri"})
//
// It is a bbolt database, flash.db, in a directory of its own. Each call is one
// transaction: after a crash at any moment it holds what was before the call or
// what came after it, never a mixture. The structure of the file is checked page
// by page before it is opened (pages.go); one that is damaged is put aside
// under the name flash.db.damaged and a fresh one begun; the phone says so.
//
// # Passwords
//
// The passwords of the lines are among the values and are kept as they are,
// not encrypted. The directory and the file are made readable for their owner
// only (modes 0700 and 0600); whoever can read files as that user, or as root,
// can read the passwords, as with the configuration files on a TFTP server.
// The system's keyring is not used yet.
package flash
