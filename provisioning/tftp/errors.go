package tftp

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a Client fails with, for errors.Is, beside errors of the writer. A
// cancelled context is context.Canceled or context.DeadlineExceeded.
var (
	// ErrTimeout: nothing came, or not fast enough.
	ErrTimeout = errors.New("no answer")
	// ErrUnreachable: the host or the network refused the packets.
	ErrUnreachable = errors.New("unreachable")
	// ErrNotFound: the server answered that it has no such file.
	ErrNotFound = errors.New("file not found")
	// ErrAccess: the server has it and does not give it.
	ErrAccess = errors.New("access refused")
	// ErrTooLarge: more than MaxSize was announced or sent.
	ErrTooLarge = errors.New("file too large")
	// ErrSize: less or more was sent than announced.
	ErrSize = errors.New("wrong size")
	// ErrBlock: a block is larger than what was agreed. It may belong to an
	// earlier request whose answer was lost.
	ErrBlock = fmt.Errorf("%w of a block", ErrSize)
	// ErrProtocol: what the server sent is not TFTP.
	ErrProtocol = errors.New("protocol violated")
	// ErrServer: the server reported another error.
	ErrServer = errors.New("server error")
	// ErrName: the file's name cannot be asked for.
	ErrName = errors.New("bad file name")
)

// remedies say what to do about an error.
var remedies = []struct {
	err    error
	remedy string
}{
	{ErrTimeout, "check that a TFTP server runs there and that no firewall drops UDP"},
	{ErrUnreachable, "check the address, and that a TFTP server runs there"},
	{ErrNotFound, "put it into the server's root directory; upper and lower case matter"},
	{ErrAccess, "make the file readable for everyone on the server"},
	{ErrTooLarge, "check that it is the right file"},
	{ErrSize, "check the file on the server, and the server"},
	{ErrProtocol, "check what listens there"},
	{ErrName, "want a name without control characters and without .."},
}

// Error tells which server, which file, what was being done and what to do.
type Error struct {
	Server netip.AddrPort
	File   string
	// Op is what was being done: "request" or "transfer".
	Op string
	// Detail is what the server said or did, cleaned; may be empty.
	Detail string
	Err    error
}

// Error gives it in one line:
//
//	TFTP 192.0.2.1:69 SIPDefault.cnf: no answer: check that ...
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "TFTP %s %s: %v", e.Server, Clean(e.File), e.Err)
	if e.Detail != "" {
		fmt.Fprintf(&b, " (%s)", e.Detail)
	}
	for _, r := range remedies {
		if errors.Is(e.Err, r.err) {
			fmt.Fprintf(&b, ": %s", r.remedy)
		}
	}
	return b.String()
}

// Unwrap gives the sentinel.
func (e *Error) Unwrap() error { return e.Err }

// Clean makes a text from the network fit for a log, a terminal and the LCD:
// printable, one line, at most 80 characters.
func Clean(text string) string {
	const most = 80
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most]) + "..."
	}
	return text
}
