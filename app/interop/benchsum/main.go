// Command benchsum runs the benchmarks, one package after the other so that none
// disturbs another, and writes one table of what they say: our figure beside
// that of a peer in the same run, their ratio, and whether the target of the
// issue is met.
//
//	benchsum [-bench regexp] [-tags tags] [-o build/bench.md]
//
// Everything that the benchmarks print goes to standard output and into a file
// beside the table, whose name ends in .txt. The exit status is 1 if a benchmark
// fails; a target that is missed is no failure.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	bench := flag.String("bench", ".", "which benchmarks, as go test -bench has it")
	tags := flag.String("tags", "", "build tags")
	out := flag.String("o", "build/bench.md", "where the table goes")
	flag.Parse()
	if err := run(*bench, *tags, *out); err != nil {
		fmt.Fprintln(os.Stderr, "benchsum:", err)
		os.Exit(1)
	}
}

func run(bench, tags, out string) error {
	packages, err := benchmarked(".", bench)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	raw, err := os.Create(strings.TrimSuffix(out, filepath.Ext(out)) + ".txt")
	if err != nil {
		return err
	}
	defer raw.Close()
	all := figures{}
	var failed []string
	for _, p := range packages {
		if err := measure(p, bench, tags, all, raw); err != nil {
			failed = append(failed, fmt.Sprintf("%s: %v", p, err))
		}
	}
	text := table(all, bench == ".")
	fmt.Print("\n", text)
	if err := os.WriteFile(out, []byte(text), 0o644); err != nil {
		return err
	}
	if len(failed) > 0 {
		return fmt.Errorf("failed: %s", strings.Join(failed, "; "))
	}
	return raw.Close()
}
