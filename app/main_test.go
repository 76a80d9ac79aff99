package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestASlowGoodbyeIsToldAndAQuickOneIsNot(t *testing.T) {
	for _, c := range []struct {
		takes time.Duration
		told  bool
	}{{goodbyePatience / 2, false}, {2 * time.Second, true}} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			hurried := false
			ended, failed := make(chan error, 1), errors.New("a sound card")
			go func() {
				time.Sleep(c.takes)
				ended <- failed
			}()
			if err := awaitEnd(ended, &out, func() { hurried = true }); !errors.Is(err, failed) {
				t.Errorf("error %v", err)
			}
			if told := strings.Contains(out.String(), "Ctrl-C ends it at once"); told != c.told || hurried != c.told {
				t.Errorf("%v: %q, hurried %v", c.takes, out.String(), hurried)
			}
		})
	}
}
