package oracle

import (
	"os"
	"path/filepath"
	"testing"
)

func TestProgramIsCompiledAndAsked(t *testing.T) {
	source := filepath.Join(t.TempDir(), "upper.c")
	program := "#include <ctype.h>\n#include <stdio.h>\nint main(void) { int c; while ((c = getchar()) != EOF) putchar(toupper(c)); return 0; }\n"
	if err := os.WriteFile(source, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := Run(t, []byte("voice"), Build(t, source)); string(got) != "VOICE" {
		t.Errorf("the program said %q, want VOICE", got)
	}
}
