package main

import (
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"deskset/provisioning/link/linktest"
)

func TestPortThatIsLostIsOpenedAnew(t *testing.T) {
	first := linktest.NewSegment().Port("eth1", net.HardwareAddr{2, 0, 0, 0, 0, 1})
	d := &deskset{port: first}
	open := d.ownPort(filepath.Join(t.TempDir(), "socket"), slog.New(slog.DiscardHandler))
	if p, err := open(); err != nil || p != first {
		t.Fatalf("got %v, %v, want the port that is open", p, err)
	}
	first.Close()
	if p, err := open(); err == nil || !strings.Contains(err.Error(), "helper of the port") {
		t.Errorf("got %v, %v, want that the helper was asked", p, err)
	}
	if d.port != nil {
		t.Error("kept a port that is lost")
	}
}
