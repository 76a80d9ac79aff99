package lint

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestALongCheckTellsHowFarItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		m := meterTo(&out)
		for i := range 3000 { // a millisecond each
			m.show("checking files", i, 3000)
			time.Sleep(time.Millisecond)
		}
		m.clear()
		wrote := out.String()
		if n := strings.Count(wrote, " of 3000; Ctrl-C ends it"); n != 10 {
			t.Errorf("%d times in 3 s:\n%q", n, wrote)
		}
		if !strings.HasPrefix(wrote, eraseLine+"deskset lint: checking") || !strings.Contains(wrote, ": 1000 of") || !strings.HasSuffix(wrote, eraseLine) {
			t.Errorf("%q", wrote)
		}
	})
}

func TestAShortCheckAndAPipeAreToldNothing(t *testing.T) {
	var out bytes.Buffer
	quick, pipe := meterTo(&out), newMeter(&out)
	for _, m := range []*meter{&quick, &pipe} {
		m.next = m.next.Add(time.Hour)
		m.show("checking files", 1, 2)
		m.clear()
	}
	if out.Len() > 0 || pipe.out != nil {
		t.Errorf("%q", out.String())
	}
}

// A directory of XML that is not for phones is read while it is gathered.
func TestGatheringIsInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	d, err := openFolder("testdata/tftp")
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	l, tree := newLinter(options{maxSize: 1 << 20, maxFiles: 1000}), newTree(d)
	if l.addFolder(ctx, tree, d, func(kind) bool { return true }); len(tree.files) > 0 {
		t.Errorf("%d files were taken after the interruption", len(tree.files))
	}
	l.full = true
	if l.addFolder(t.Context(), tree, d, func(kind) bool { return true }); len(tree.files) > 0 {
		t.Errorf("%d files were taken where there are too many", len(tree.files))
	}
}
