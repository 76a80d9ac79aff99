package port

import (
	"errors"
	"fmt"
	"net"

	"golang.org/x/sys/unix"
)

// checkPeer fails unless the process at the other end is the owner's or root's
// (unix(7), SO_PEERCRED).
func checkPeer(c net.Conn, owner int) error {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return errors.New("no Unix socket")
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return err
	}
	var who *unix.Ucred
	var failed error
	if err := raw.Control(func(fd uintptr) { who, failed = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) }); err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	if who.Uid != 0 && int(who.Uid) != owner {
		return fmt.Errorf("process %d of user %d: the port is for user %d", who.Pid, who.Uid, owner)
	}
	return nil
}
