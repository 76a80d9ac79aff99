package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// name is a figure's: package, benchmark and unit.
type name struct{ pkg, bench, unit string }

// figures are what the benchmarks said.
type figures map[name]float64

// longer is for packages whose benchmarks start whole programs; the others are
// done in a moment.
var longer = map[string]string{"app/interop": "2s"}

const moment = "300ms"

// limit is for one package; the longest takes ten minutes.
const limit = "20m"

var benchmark = regexp.MustCompile(`(?m)^func (Benchmark\w*)\(`)

// benchmarked finds the packages below root that have a benchmark of those that
// are wanted.
func benchmarked(root, want string) (packages []string, err error) {
	top, _, _ := strings.Cut(want, "/")
	pattern, err := regexp.Compile(top)
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (entry.Name()[0] == '.' || path == "build"):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := os.ReadFile(path)
		for _, m := range benchmark.FindAllSubmatch(source, -1) {
			if dir := filepath.ToSlash(filepath.Dir(path)); pattern.Match(m[1]) && !slices.Contains(packages, dir) {
				packages = append(packages, dir)
			}
		}
		return err
	})
	return packages, err
}

// measure runs the benchmarks of a package and takes down what they say.
func measure(pkg, bench, tags string, all figures, raw io.Writer) error {
	long := longer[pkg]
	if long == "" {
		long = moment
	}
	cmd := exec.Command("go", "test", "-run", "^$", "-bench", bench, "-benchtime", long, "-benchmem", "-timeout", limit, "-tags", tags, "./"+pkg)
	cmd.Stderr = os.Stderr
	said, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	all.read(pkg, io.TeeReader(said, io.MultiWriter(os.Stdout, raw)))
	return cmd.Wait()
}

// read takes the lines of go test -bench:
//
//	BenchmarkCost/PCMU/deskset-2   1   5.3 %cpu   1.2 MB
func (f figures) read(pkg string, r io.Reader) {
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadBytes('\n')
		f.line(pkg, line)
		if err != nil {
			return
		}
	}
}

func (f figures) line(pkg string, line []byte) {
	if !bytes.HasPrefix(line, []byte("Benchmark")) {
		return
	}
	fields := strings.Fields(string(line))
	if len(fields) < 4 {
		return // its name alone: it has logged something or failed
	}
	if _, err := strconv.Atoi(fields[1]); err != nil {
		return
	}
	bench := processors.ReplaceAllString(strings.TrimPrefix(fields[0], "Benchmark"), "")
	for i := 2; i+1 < len(fields); i += 2 {
		if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
			f[name{pkg, bench, fields[i+1]}] = v
		}
	}
}

// processors is what go test puts behind a benchmark's name.
var processors = regexp.MustCompile(`-\d+$`)

// worst gives the largest of the figures that a place names, or the smallest
// where less is worse. A place is "package benchmark unit"; the benchmark may
// hold * for whatever there is.
func (f figures) worst(place string, less bool) (worst float64, found bool) {
	parts := strings.Fields(place)
	if len(parts) != 3 {
		return 0, false
	}
	for n, v := range f {
		fits, err := filepath.Match(parts[1], n.bench)
		if err != nil {
			panic(fmt.Sprintf("%q: %v", place, err)) // the table is ours
		}
		if !fits || n.pkg != parts[0] || n.unit != parts[2] {
			continue
		}
		if !found || v > worst != less {
			worst, found = v, true
		}
	}
	return worst, found
}
