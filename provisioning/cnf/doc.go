// Package cnf reads and writes the .cnf files of the guide's section
// "Configuration File Guidelines" (2-6): lines of
//
//	variable-name : value ; optional comments
//
// It is a pure function from bytes to entries with positions; which names
// exist and what they may hold, package param knows:
//
//	layer := cnf.Parse("SIPDefault.cnf", data).Layer(param.FromDefaultFile)
//
// The grammar, with what the guide leaves open and how it is settled here:
//
//   - A line ends with LF or CR LF; a lone CR is taken as an end too. The last
//     line may lack its end. A UTF-8 byte order mark is passed over.
//   - ; and # start a comment anywhere outside quotes, also right behind a
//     value: some generators end every line with a semicolon. A # or ; in the
//     middle of a word draws a note, since passwords suffer from it.
//   - Names are not case-sensitive and consist of letters, digits, _ . and -.
//     White space may stand anywhere around name, colon and value.
//   - A value in single or double quotes ends at the same quote. There are no
//     escapes. Text behind the closing quote that is no comment is dropped
//     with a warning. A quote that does not end voids the line: the value of
//     the layers below stays.
//   - A value without quotes reaches to the comment or the end of the line.
//     The guide wants quotes around a value with blanks and yet writes
//     "image_version:P0S3 xxyy  ;" itself. Who leaves the quotes out means the
//     whole text, so the whole is taken, with a warning that an instrument may
//     stop at the first blank.
//   - No value, or "", resets the parameter: the entry has Reset set.
//   - Lines that are nothing of this (name=value, other vendors' settings) are
//     ignored with a warning.
//   - Bytes that are no UTF-8 are read as ISO 8859-1, which the instrument
//     speaks. Control characters are dropped.
//
// Size, line length and the number of entries are bounded.
package cnf
