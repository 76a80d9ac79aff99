package main

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// displayAnswers tells whether a window can be opened. Asking the display
// server itself beats trusting the variable: the window toolkit ends the
// program if the server named there is gone.
func displayAnswers() bool {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return true
	}
	if name := os.Getenv("WAYLAND_DISPLAY"); name != "" {
		if !filepath.IsAbs(name) {
			name = filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), name)
		}
		if answers("unix", name) {
			return true
		}
	}
	network, address, ok := x11Address(os.Getenv("DISPLAY"))
	if !ok {
		return false
	}
	if answers(network, address) {
		return true
	}
	return network == "unix" && answers("unix", "@"+address) // Linux abstract socket
}

// x11Address takes a display name apart, [host]:number[.screen] (X(7)).
func x11Address(display string) (network, address string, ok bool) {
	i := strings.LastIndexByte(display, ':')
	if i < 0 {
		return "", "", false
	}
	host := display[:i]
	number, _, _ := strings.Cut(display[i+1:], ".")
	if number == "" || strings.Trim(number, "0123456789") != "" {
		return "", "", false
	}
	switch {
	case host == "" || host == "unix":
		return "unix", "/tmp/.X11-unix/X" + number, true
	case strings.HasPrefix(host, "/"): // a socket's path, as on macOS
		return "unix", display, true
	}
	n := 0
	for _, c := range number {
		if n = n*10 + int(c-'0'); n > 59535 {
			return "", "", false
		}
	}
	return "tcp", net.JoinHostPort(host, strconv.Itoa(6000+n)), true
}

func answers(network, address string) bool {
	conn, err := net.DialTimeout(network, address, 2*time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}
