package port

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"strconv"

	"deskset/provisioning/link"
)

// DefaultSocket is where the helper listens.
const DefaultSocket = "/run/deskset-port.sock"

const usage = `deskset port: gives a phone an Ethernet port of its own. It has the rights; the phone needs none.

  sudo deskset port -interface eth1 &
  deskset -own_interface ` + DefaultSocket + `

Flags:
`

// Main runs the helper until ctx is done: "deskset port". The result is the
// exit code.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("deskset port", flag.ContinueOnError)
	flags.SetOutput(stderr)
	name := flags.String("interface", "", "`name` of the Ethernet interface for the phone; with ! at its end also if the host's default route is there")
	socket := flags.String("socket", DefaultSocket, "`path` of the socket for the phone")
	owner := defaultOwner()
	flags.Func("owner", "`number` of the user who may connect (default: who called sudo, else who runs it)", func(s string) (err error) {
		owner, err = strconv.Atoi(s)
		return err
	})
	verbose := flags.Bool("verbose", false, "log every event")
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0 || *name == "":
		fmt.Fprintln(stderr, "deskset port: -interface is missing, or something stands behind the flags; see -help")
		return 2
	}
	level := slog.LevelWarn
	if *verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))
	err := run(ctx, *name, *socket, owner, stdout, log)
	if err != nil {
		fmt.Fprintln(stderr, "deskset port:", err)
		return 1
	}
	return 0
}

// defaultOwner is who called sudo, else who runs the helper.
func defaultOwner() int {
	if uid, err := strconv.Atoi(os.Getenv("SUDO_UID")); err == nil {
		return uid
	}
	return os.Getuid()
}

func run(ctx context.Context, name, socket string, owner int, stdout io.Writer, log *slog.Logger) error {
	take := func() (link.Port, error) { return link.Open(name, log) }
	port, err := take() // to fail now, and not when the phone comes
	if err != nil {
		return err
	}
	if err := port.Close(); err != nil {
		return err
	}
	l, err := listen(socket, owner)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Interface %s for user %d at %s\n", port.Name(), owner, socket)
	s := &server{take: take, allowed: func(c net.Conn) error { return checkPeer(c, owner) }, log: log}
	return s.serve(ctx, l)
}

// listen makes the socket, which is its owner's alone. A socket that nobody
// listens on is taken away first.
func listen(path string, owner int) (net.Listener, error) {
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSocket != 0 {
		if c, err := net.Dial("unix", path); err == nil {
			c.Close()
			return nil, fmt.Errorf("socket %s: another helper listens there", path)
		}
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.Chmod(path, 0o600), chown(path, owner)); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// chown gives the socket to another user.
func chown(path string, owner int) error {
	if owner == os.Getuid() {
		return nil
	}
	return os.Chown(path, owner, -1)
}
