package interop_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// maxLines is where a file usually hides a second subject.
const maxLines = 400

// goFiles parses every Go file of the project and hands it to f.
func goFiles(t *testing.T, f func(t *testing.T, name string, fset *token.FileSet, file *ast.File, source []byte)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, path)
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && name != "." || name == "build" || name == "artifacts") {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, source, parser.ParseComments)
		if err != nil {
			t.Errorf("%v", err)
			return nil
		}
		f(t, name, fset, file, source)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFilesHaveOneSubject(t *testing.T) {
	goFiles(t, func(t *testing.T, name string, _ *token.FileSet, file *ast.File, source []byte) {
		if lines := bytes.Count(source, []byte("\n")); lines > maxLines && !ast.IsGenerated(file) {
			t.Errorf("%s has %d lines, more than %d", name, lines, maxLines)
		}
	})
}

var unfinished = regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b`)

func TestNoUnfinishedMarks(t *testing.T) {
	goFiles(t, func(t *testing.T, _ string, fset *token.FileSet, file *ast.File, _ []byte) {
		for _, group := range file.Comments {
			for _, comment := range group.List {
				if mark := unfinished.FindString(comment.Text); mark != "" {
					t.Errorf("%s: %s", fset.Position(comment.Pos()), mark)
				}
			}
		}
	})
}

// A test waits for a condition with a deadline. Under testing/synctest time is
// virtual, and sleeping is how a test lets it pass: packages whose tests use it
// may sleep.
func TestTestsDoNotSleep(t *testing.T) {
	sleeps, virtual := map[string][]string{}, map[string]bool{}
	goFiles(t, func(_ *testing.T, name string, fset *token.FileSet, file *ast.File, _ []byte) {
		if !strings.HasSuffix(name, "_test.go") {
			return
		}
		dir := filepath.Dir(name)
		virtual[dir] = virtual[dir] || imports(file, "testing/synctest")
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Sleep" {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" {
					sleeps[dir] = append(sleeps[dir], fset.Position(n.Pos()).String())
				}
			}
			return true
		})
	})
	for dir, places := range sleeps {
		if !virtual[dir] {
			t.Errorf("time.Sleep in tests without virtual time: %v", places)
		}
	}
}

// named finds what looks like a file of Go, Markdown or a folder's file in
// backticks; * may stand in a name.
var named = regexp.MustCompile("`((?:[\\w.*-]+/)*[\\w*-]+\\.(?:go|md))(?:`|:)")

// TestPagesNameFilesThatExist: a page that leads a newcomer to a file that is not
// there any more leads nowhere.
func TestPagesNameFilesThatExist(t *testing.T) {
	root := filepath.Join("..", "..")
	found := 0
	for _, page := range []string{"ARCHITECTURE.md", "README.md", "CONTRIBUTING.md"} {
		text, err := os.ReadFile(filepath.Join(root, page))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range named.FindAllStringSubmatch(string(text), -1) {
			if strings.HasPrefix(name[1], "build/") {
				continue // what make makes
			}
			found++
			if files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(name[1]))); err != nil || len(files) == 0 {
				t.Errorf("%s names %s, which is not there", page, name[1])
			}
		}
	}
	if found == 0 {
		t.Error("no page names a file")
	}
}

func imports(file *ast.File, path string) bool {
	for _, spec := range file.Imports {
		if strings.Trim(spec.Path.Value, `"`) == path {
			return true
		}
	}
	return false
}
