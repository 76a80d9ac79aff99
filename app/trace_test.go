package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func TestTraceWantsAFile(t *testing.T) {
	for _, args := range [][]string{nil, {"-lab"}} {
		var out bytes.Buffer
		if code := traced(context.Background(), args, &out, &out); code != 2 || !strings.Contains(out.String(), "deskset trace OUT.pcapng") {
			t.Errorf("%v: exit %d, %s", args, code, &out)
		}
	}
}
