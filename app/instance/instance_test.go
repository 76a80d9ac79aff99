package instance

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func listen(t *testing.T, key string) (links chan string) {
	t.Helper()
	links = make(chan string, 10)
	l, err := Listen(key, func(link string) { links <- link })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return links
}

func TestSecondStartHandsItsLinkOver(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	if Hand("flash", "tel:1") {
		t.Fatal("handed over to nobody")
	}
	flash, other := listen(t, "flash"), listen(t, strings.Repeat("a long way to a flash/", 100))
	for _, link := range []string{"tel:+49 1", ""} {
		if !Hand("flash", link) {
			t.Fatal("the phone that runs has not taken it")
		}
		if got := <-flash; got != link {
			t.Errorf("handed over %q, want %q", got, link)
		}
	}
	if len(other) > 0 {
		t.Error("another phone has got it")
	}
	if _, err := Listen("flash", nil); err == nil {
		t.Error("two phones listen for one flash")
	}
}

func TestWhatAKilledPhoneLeavesIsNoHindrance(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	path, err := socket("flash")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if Hand("flash", "tel:1") {
		t.Error("handed over to nobody")
	}
	links := listen(t, "flash")
	if !Hand("flash", "tel:1") || <-links != "tel:1" {
		t.Error("it is not taken")
	}
}

func TestNonsenseIsRefused(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", dir)
	links := listen(t, "flash")
	for _, link := range []string{strings.Repeat("1", maxLine), "tel:1\nopen tel:2"} {
		if Hand("flash", link) {
			t.Errorf("%.20q was taken", link)
		}
	}
	path, _ := socket("flash")
	for _, request := range []string{"hello\n", "", strings.Repeat("x", 2*maxLine)} {
		conn, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Write([]byte(request))
		_ = conn.(*net.UnixConn).CloseWrite()
		if n, _ := conn.Read(make([]byte, 10)); n > 0 {
			t.Errorf("%.10q was answered", request)
		}
		_ = conn.Close()
	}
	if !Hand("flash", "tel:3") || <-links != "tel:3" {
		t.Error("it does not listen any more")
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}
