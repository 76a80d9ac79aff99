package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// reference is the command that writes the manual, from the tables that the
// program itself obeys.
func reference(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("deskset reference", flag.ContinueOnError)
	fs.SetOutput(stderr)
	man := fs.Bool("man", false, "write a manual page (roff) instead of Markdown")
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil || fs.NArg() > 0:
		fmt.Fprintln(stderr, "deskset reference: want no more than -man")
		return exitUsage
	}
	all, err := sections(ctx)
	if err == nil {
		write := markdown
		if *man {
			write = manual
		}
		err = write(stdout, all)
	}
	if err != nil {
		fmt.Fprintln(stderr, "deskset reference:", err)
		return 1
	}
	return 0
}

// section is a subject of the manual: some words, then a table or a text as it
// stands in a terminal.
type section struct {
	title, words string
	columns      []string
	// rows begin with what a person types or reads, the other cells are words.
	rows [][]string
	text string
}

// markdown writes the reference page.
func markdown(out io.Writer, all []section) error {
	var b strings.Builder
	b.WriteString("# Reference\n\nMade by `make docs` from the program's own tables: do not edit.\n")
	for _, s := range all {
		fmt.Fprintf(&b, "\n## %s\n", s.title)
		if s.words != "" {
			fmt.Fprintf(&b, "\n%s\n", s.words)
		}
		if s.text != "" {
			fmt.Fprintf(&b, "\n```\n%s\n```\n", strings.TrimSpace(s.text))
		}
		if len(s.rows) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n| %s |\n|%s\n", strings.Join(s.columns, " | "), strings.Repeat("---|", len(s.columns)))
		for _, row := range s.rows {
			fmt.Fprintf(&b, "| `%s` ", cell(row[0]))
			for _, words := range row[1:] {
				fmt.Fprintf(&b, "| %s ", cell(words))
			}
			b.WriteString("|\n")
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// cell keeps a text within its cell.
func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

// manual writes the manual page deskset(1).
func manual(out io.Writer, all []section) error {
	var b strings.Builder
	b.WriteString(".TH DESKSET 1\n.SH NAME\ndeskset \\- softphone with the face of the SIP IP Phone 7960\n")
	for _, s := range all {
		fmt.Fprintf(&b, ".SH %s\n", roff(strings.ToUpper(s.title)))
		if s.words != "" {
			fmt.Fprintf(&b, "%s\n", roff(strings.ReplaceAll(s.words, "`", "")))
		}
		if s.text != "" {
			b.WriteString(".nf\n")
			for line := range strings.SplitSeq(strings.TrimSpace(s.text), "\n") {
				fmt.Fprintf(&b, "%s\n", roff(line))
			}
			b.WriteString(".fi\n")
		}
		for _, row := range s.rows {
			fmt.Fprintf(&b, ".TP\n.B %s\n", roff(row[0]))
			for i, words := range row[1:] {
				if i > 0 {
					words = s.columns[i+1] + ": " + words
				}
				fmt.Fprintf(&b, "%s\n.br\n", roff(words))
			}
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// roff keeps a text from being taken for requests, and its hyphens what they
// are.
func roff(s string) string {
	s = strings.NewReplacer("\\", "\\e", "-", "\\-", "–", "none").Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = "\\&" + s
	}
	return s
}
