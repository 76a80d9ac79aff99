package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"deskset/provisioning/param"
)

var errNoPassword = errors.New("-password-stdin: standard input holds no password; write it on the first line")

// passwordFrom gets the password of line 1: from a person at a terminal, who
// is asked and not echoed, or from the first line of a pipe. It gives up when
// ctx ends; the read that is left behind ends with the program.
func passwordFrom(ctx context.Context, in *os.File, prompt io.Writer) (string, error) {
	type answer struct {
		password string
		err      error
	}
	got := make(chan answer, 1)
	restore := func() {}
	if fd := int(in.Fd()); term.IsTerminal(fd) {
		state, err := term.GetState(fd)
		if err != nil {
			return "", fmt.Errorf("-password-stdin: %w", err)
		}
		restore = func() { _ = term.Restore(fd, state) } // nothing helps if it fails
		fmt.Fprint(prompt, "Password: ")
		go func() {
			typed, err := term.ReadPassword(fd)
			fmt.Fprintln(prompt)
			got <- answer{string(typed), err}
		}()
	} else {
		go func() {
			line, err := readLine(in)
			got <- answer{line, err}
		}()
	}
	select {
	case a := <-got:
		if a.err == nil && a.password == "" {
			a.err = errNoPassword
		}
		if a.err == nil {
			_, a.err = passwordParam().Check(a.password)
		}
		return a.password, a.err
	case <-ctx.Done():
		restore()
		return "", ctx.Err()
	}
}

func passwordParam() param.Param {
	p, _ := param.Lookup("line1_password")
	return p
}

// readLine takes one line, however long, and nothing behind it, which belongs
// to a script of the terminal face. Of a line that is too long to be a
// password only so much is kept that its length shows.
func readLine(r io.Reader) (string, error) {
	var line []byte
	for one := make([]byte, 1); ; {
		switch _, err := io.ReadFull(r, one); {
		case errors.Is(err, io.EOF):
			return strings.TrimSuffix(string(line), "\r"), nil
		case err != nil:
			return "", fmt.Errorf("-password-stdin: %w", err)
		case one[0] == '\n':
			return strings.TrimSuffix(string(line), "\r"), nil
		}
		if len(line) <= passwordParam().Max {
			line = append(line, one[0])
		}
	}
}
