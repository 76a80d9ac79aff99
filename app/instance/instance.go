// Package instance lets a second start of the program talk to the first: a
// click on a link, or on the icon, while the phone runs already, is handed over
// to it.
//
//	if instance.Hand(key, link) { return }      // the running phone has taken it
//	l, err := instance.Listen(key, func(link string) { ... })
//
// A key names a phone, by its flash: one person may run several. The way is a
// Unix socket in a directory that only this person can enter.
package instance

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	// maxLine bounds a request: a verb and a link.
	maxLine = 2 << 10
	// patience bounds one exchange; the other end is a process of this machine.
	patience = 2 * time.Second

	verb = "open "
	done = "ok\n"
)

// Listener takes what later starts hand over.
type Listener struct {
	socket net.Listener
	take   func(link string)
	ended  sync.WaitGroup
}

// Listen waits for later starts of the phone that key names; take gets the link
// of each, or "" from one that only wants the window. An error means that they
// will not find us, which is no reason not to run.
func Listen(key string, take func(link string)) (*Listener, error) {
	path, err := socket(key)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil && !reachable(path) {
		// What a program leaves that was killed.
		if err = os.Remove(path); err == nil {
			l, err = net.Listen("unix", path)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("listening for later starts: %w", err)
	}
	i := &Listener{socket: l, take: take}
	i.ended.Go(i.run)
	return i, nil
}

// Close ends it.
func (i *Listener) Close() error {
	err := i.socket.Close()
	i.ended.Wait()
	return err
}

func (i *Listener) run() {
	for {
		conn, err := i.socket.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		i.serve(conn)
	}
}

// serve takes one request. One at a time: nobody clicks faster.
func (i *Listener) serve(conn net.Conn) {
	defer conn.Close()
	if conn.SetDeadline(time.Now().Add(patience)) != nil {
		return
	}
	line, err := bufio.NewReaderSize(conn, maxLine).ReadSlice('\n')
	link, ok := strings.CutPrefix(strings.TrimSuffix(string(line), "\n"), verb)
	if err != nil || !ok {
		return
	}
	i.take(link)
	_, _ = conn.Write([]byte(done)) // whoever has gone away needs no answer
}

// Hand gives a link, or "" to have the window shown, to the phone that runs, and
// tells whether there is one that has taken it.
func Hand(key, link string) bool {
	path, err := socket(key)
	if err != nil || len(verb)+len(link) >= maxLine || strings.ContainsAny(link, "\r\n") {
		return false
	}
	conn, err := net.DialTimeout("unix", path, patience)
	if err != nil {
		return false
	}
	defer conn.Close()
	if conn.SetDeadline(time.Now().Add(patience)) != nil {
		return false
	}
	if _, err := fmt.Fprintf(conn, "%s%s\n", verb, link); err != nil {
		return false
	}
	answer, err := bufio.NewReaderSize(conn, maxLine).ReadSlice('\n')
	return err == nil && string(answer) == done
}

func reachable(path string) bool {
	conn, err := net.DialTimeout("unix", path, patience)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

// socket is where a key's phone listens. The name is short whatever the key is:
// a socket's path may have 107 bytes.
func socket(key string) (string, error) {
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		var err error
		if dir, err = os.UserCacheDir(); err != nil {
			return "", err
		}
	}
	dir = filepath.Join(dir, "deskset")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	name := sha256.Sum256([]byte(key))
	return filepath.Join(dir, fmt.Sprintf("%x.sock", name[:8])), nil
}
