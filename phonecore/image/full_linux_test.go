package image

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"deskset/phonecore/flash"
	"deskset/provisioning/firmware"
)

// A disk of 1 MiB, in a mount namespace of a process of its own.
func TestFullDiskIsToldAndChangesNothing(t *testing.T) {
	cmd := self(fullDir, t.TempDir())
	root := []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	groups := []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS, UidMappings: root, GidMappings: groups}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOSPC) || strings.Contains(string(out), noMount) {
		t.Skipf("this machine lets nobody mount a small disk: %v %s", err, out)
	}
	if err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

const noMount = "cannot mount"

// fillDisk is the other process.
func fillDisk(dir string) error {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		return fmt.Errorf("%s: %w", noMount, err)
	}
	f, err := flash.Open(dir, nil)
	if err != nil {
		return err
	}
	defer f.Close()
	s, err := Open(f, ownImage, nil)
	if err != nil {
		return err
	}
	if _, err := s.Boot(); err != nil {
		return err
	}
	err = programSize(s, 2<<20)
	if !errors.Is(err, ErrProgramming) || !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), filepath.Join(dir, Folder)) {
		return fmt.Errorf("a large image: %w", err)
	}
	if started, err := s.Boot(); err != nil || !started.Image.BuiltIn || started.Recovery {
		return fmt.Errorf("started %+v, %w", started, err)
	}
	// There is room again for one that fits.
	if err := programSize(s, 500<<10); err != nil {
		return err
	}
	if started, err := s.Boot(); err != nil || started.Image.Name != "DS79-1-0-0" {
		return fmt.Errorf("started %+v, %w", started, err)
	}
	return nil
}

func programSize(s *Store, size int64) error {
	p, err := s.Program("DS79-1-0-0")
	if err != nil {
		return err
	}
	defer p.Abort()
	if err := firmware.WriteContainer(p, firmware.Manifest{Name: "DS79-1-0-0"}, zeros{}, size); err != nil {
		return err
	}
	_, err = p.Commit()
	return err
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
