package main

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
)

// pipe gives standard input that holds text.
func pipe(t *testing.T, text string) (in, out *os.File) {
	t.Helper()
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); out.Close() })
	if _, err := out.WriteString(text); err != nil {
		t.Fatal(err)
	}
	return in, out
}

func TestPasswordIsTheFirstLineAndNoMore(t *testing.T) {
	in, out := pipe(t, "s3cret pass\r\nscreen idle\n")
	got, err := passwordFrom(context.Background(), in, io.Discard)
	if err != nil || got != "s3cret pass" {
		t.Fatalf("password %q, %v", got, err)
	}
	out.Close()
	if rest, _ := io.ReadAll(in); string(rest) != "screen idle\n" {
		t.Errorf("the script behind the password is %q", rest)
	}
}

func TestBadPasswordsAreRefusedWithoutBeingShown(t *testing.T) {
	for name, text := range map[string]string{"empty": "\n", "too long": strings.Repeat("canary", 1000) + "\nquit\n"} {
		in, out := pipe(t, text)
		_, err := passwordFrom(context.Background(), in, io.Discard)
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: error %v", name, err)
		}
		out.Close()
		if rest, _ := io.ReadAll(in); strings.Contains(string(rest), "canary") {
			t.Errorf("%s: the rest of the password is left to the script", name)
		}
	}
}

func TestWaitingForAPasswordEndsWithTheProgram(t *testing.T) {
	in, _ := pipe(t, "")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := passwordFrom(ctx, in, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
