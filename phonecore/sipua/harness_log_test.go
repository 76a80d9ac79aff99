package sipua_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/netip"

	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/transport"
)

func traceInto(w io.Writer) func(string, string, netip.AddrPort, netip.AddrPort, []byte) {
	return func(direction, network string, _, remote netip.AddrPort, message []byte) {
		fmt.Fprintf(w, "%s %s %v\n%s\n", direction, network, remote, message)
	}
}

func logInto(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func destination(e siptest.Entry) transport.Destination {
	return transport.Destination{Network: e.Network, Addr: e.To}
}
