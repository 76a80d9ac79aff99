package interop_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

// buildTags are those of the Makefile: the program that people run.
const buildTags = "gles,migrated_fynedo,no_emoji"

// pkg is what the rules need of go list's answer.
type pkg struct {
	ImportPath string
	Dir        string
	Doc        string
	Standard   bool
	Imports    []string
	Deps       []string
	GoFiles    []string
	Module     *struct{ Path, Version, Dir string }
}

// listed asks go list once for every package that the project is made of, the
// linked modules' included.
var listed = sync.OnceValues(func() (map[string]pkg, error) {
	cmd := exec.Command("go", "list", "-e", "-deps", "-json", "-tags", buildTags, "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	all := map[string]pkg{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all[p.ImportPath] = p
	}
})

// packages gives the listed packages, ours in order of their paths first.
func packages(t *testing.T) (all map[string]pkg, ours []pkg) {
	t.Helper()
	all, err := listed()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for _, p := range all {
		if ourPath(p.ImportPath) {
			ours = append(ours, p)
		}
	}
	slices.SortFunc(ours, func(a, b pkg) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	if len(ours) == 0 {
		t.Fatal("go list found no package of the project")
	}
	return all, ours
}

func ourPath(path string) bool { return within(path, "deskset") }

// within tells whether path is dir or below it.
func within(path, dir string) bool { return path == dir || strings.HasPrefix(path, dir+"/") }

func withinAny(path string, dirs []string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool { return within(path, dir) })
}

// rooms says what each room may import of the project (ARCHITECTURE.md, "The
// rooms"); the longest path that fits counts. A room may always import itself.
var rooms = []struct {
	room string
	may  []string
}{
	{"deskset/assets", nil},
	{"deskset/audio", nil},
	{"deskset/provisioning", nil},
	{"deskset/provisioning/param", nil},
	{"deskset/phonecore", []string{"deskset/provisioning", "deskset/audio"}},
	{"deskset/phonecore/view", nil},
	{"deskset/phonecore/text", nil},
	{"deskset/phonecore/flash", nil},
	{"deskset/phonecore/sipua", []string{"deskset/audio"}},
	{"deskset/faceplate", []string{"deskset/phonecore/view", "deskset/phonecore/text", "deskset/assets"}},
	{"deskset/faceplate/lcd", []string{"deskset/phonecore/view", "deskset/assets"}},
	{"deskset/app", []string{"deskset"}},
	{"deskset/app/lab", []string{"deskset/provisioning", "deskset/audio", "deskset/assets"}},
	{"deskset/app/terminal", []string{"deskset/phonecore"}},
	{"deskset/app/interop", []string{"deskset"}},
	{"deskset/packaging", nil},
}

// upward lists the imports of a package that its room forbids.
func upward(p pkg) (wrong []string) {
	room, may := "", []string(nil)
	for _, r := range rooms {
		if within(p.ImportPath, r.room) && len(r.room) > len(room) {
			room, may = r.room, r.may
		}
	}
	if room == "" {
		return []string{p.ImportPath + " stands in no room of ARCHITECTURE.md"}
	}
	for _, imported := range p.Imports {
		if ourPath(imported) && !within(imported, room) && !withinAny(imported, may) {
			wrong = append(wrong, fmt.Sprintf("%s imports %s: from %s only %v may be imported", p.ImportPath, imported, room, may))
		}
	}
	return wrong
}

// onlyImporters lists libraries that stay behind one door.
var onlyImporters = map[string][]string{
	"github.com/gen2brain/malgo": {"deskset/audio/device"},
	"github.com/emiago/sipgo":    {"deskset/phonecore/sipua", "deskset/app/lab"},
	"fyne.io/fyne/v2":            {"deskset/faceplate", "deskset/app"},
	"fyne.io/systray":            {"deskset/app"},
	"github.com/pin/tftp/v3":     {"deskset/provisioning/tftp", "deskset/app/lab"},
	"go.etcd.io/bbolt":           {"deskset/phonecore/flash"},
}

// besideTheDoor lists the imports of a library where it has no door.
func besideTheDoor(p pkg) (wrong []string) {
	for _, imported := range p.Imports {
		for library, doors := range onlyImporters {
			if within(imported, library) && !withinAny(p.ImportPath, doors) {
				wrong = append(wrong, fmt.Sprintf("%s imports %s: only %v may", p.ImportPath, imported, doors))
			}
		}
	}
	return wrong
}

// never lists what a room may not depend on, by whatever way.
var never = []struct {
	rooms, without []string
}{
	{[]string{"deskset/phonecore", "deskset/audio", "deskset/provisioning", "deskset/assets", "deskset/faceplate/lcd", "deskset/app/terminal", "deskset/app/lab"},
		[]string{"fyne.io/fyne/v2"}},
	{[]string{"deskset/phonecore", "deskset/provisioning", "deskset/faceplate", "deskset/app/terminal"},
		[]string{"github.com/gen2brain/malgo", "deskset/audio/device"}},
	{[]string{"deskset/audio", "deskset/provisioning", "deskset/faceplate"},
		[]string{"github.com/emiago/sipgo"}},
}

// forbidden lists what a package depends on and must not.
func forbidden(p pkg) (wrong []string) {
	for _, rule := range never {
		if !withinAny(p.ImportPath, rule.rooms) {
			continue
		}
		for _, dep := range p.Deps {
			if withinAny(dep, rule.without) {
				wrong = append(wrong, p.ImportPath+" depends on "+dep)
			}
		}
	}
	return wrong
}

// check reports what a rule finds wrong with any package.
func check(t *testing.T, rule func(pkg) []string) {
	t.Helper()
	_, ours := packages(t)
	for _, p := range ours {
		for _, wrong := range rule(p) {
			t.Error(wrong)
		}
	}
}

func TestImportsPointDown(t *testing.T)                { check(t, upward) }
func TestLibrariesStayBehindOneDoor(t *testing.T)      { check(t, besideTheDoor) }
func TestCoreKnowsNoWindowAndNoSoundCard(t *testing.T) { check(t, forbidden) }

func TestRulesHaveTeeth(t *testing.T) {
	for _, c := range []struct {
		rule func(pkg) []string
		bad  pkg
	}{
		{upward, pkg{ImportPath: "deskset/phonecore", Imports: []string{"deskset/faceplate"}}},
		{upward, pkg{ImportPath: "deskset/audio/stream", Imports: []string{"deskset/provisioning/param"}}},
		{upward, pkg{ImportPath: "deskset/phonecore/view", Imports: []string{"deskset/phonecore"}}},
		{upward, pkg{ImportPath: "deskset/util", Imports: nil}},
		{besideTheDoor, pkg{ImportPath: "deskset/phonecore", Imports: []string{"github.com/emiago/sipgo/sip"}}},
		{besideTheDoor, pkg{ImportPath: "deskset/audio/engine", Imports: []string{"github.com/gen2brain/malgo"}}},
		{forbidden, pkg{ImportPath: "deskset/phonecore/menu", Deps: []string{"fmt", "fyne.io/fyne/v2/canvas"}}},
	} {
		if len(c.rule(c.bad)) == 0 {
			t.Errorf("%+v passes", c.bad)
		}
	}
	if wrong := upward(pkg{ImportPath: "deskset/phonecore/call", Imports: []string{"fmt", "deskset/phonecore/view", "deskset/audio"}}); len(wrong) > 0 {
		t.Errorf("what is allowed does not pass: %v", wrong)
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	_, ours := packages(t)
	for _, p := range ours {
		if len(p.GoFiles) > 0 && len(p.Doc) < 20 {
			t.Errorf("%s has no package comment that says what it is for", p.ImportPath)
		}
	}
}
