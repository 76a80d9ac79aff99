// Package directory is the person's own directory and speed dials: it keeps
// them within bounds, finds names and numbers in them, and exchanges them with
// other programs as vCard (RFC 2426, RFC 6350, and version 2.1) and CSV (RFC
// 4180). It does no input or output; its one record goes into a blob of the
// flash:
//
//	book, err := directory.Decode(blob)
//	cards, problems := directory.ParseVCard("contacts.vcf", data)
//	result := book.Merge(cards)
//	name, ok := book.Lookup("+49301234567")
//	blob, err = book.Encode()
//
// A Book belongs to one goroutine.
//
// # Whose number is it
//
// A caller's number is compared without blanks, dashes, points, slashes and
// brackets. Equal numbers match first. Else the shorter one, without 0, 00 or +
// at its beginning, must be the end of the other one, in seven digits or more.
// So the same telephone is found with and without country and area. Where two
// people match equally well nobody is named: no name is better than a wrong
// one. Numbers of fewer digits, extensions, match only when equal.
package directory
