// Package fetch gets the files of the start-up from wherever they are: a TFTP
// server, as the instrument does, or an HTTP(S) server for phones of remote
// workers. One Source is one server; Servers is several, asked in order:
//
//	primary := fetch.TFTP(netip.MustParseAddrPort("192.0.2.1:69"), tftp.Client{Log: log})
//	remote, err := fetch.HTTP(base, fetch.HTTPOptions{Log: log})
//	servers := fetch.NewServers([]fetch.Source{primary, remote}, fetch.ServersOptions{})
//	defer servers.Close()
//	data, err := servers.Fetch(ctx, "SIPDefault.cnf", 64<<10)
//
// A server is not trusted: what it may cost in time, memory and bytes is
// bounded, and what it says is cleaned before it is repeated.
package fetch

import (
	"bytes"
	"context"
	"io"

	"deskset/provisioning/tftp"
)

// Errors of a Source, for errors.Is; the same for every protocol.
var (
	ErrTimeout     = tftp.ErrTimeout
	ErrUnreachable = tftp.ErrUnreachable
	ErrNotFound    = tftp.ErrNotFound
	ErrAccess      = tftp.ErrAccess
	ErrTooLarge    = tftp.ErrTooLarge
	ErrSize        = tftp.ErrSize
	ErrProtocol    = tftp.ErrProtocol
	ErrServer      = tftp.ErrServer
	ErrName        = tftp.ErrName
)

// Source is one server that gives files. One that is also an io.Closer holds
// connections and is to be closed.
type Source interface {
	// String names it for people: "TFTP 192.0.2.1", "https://pbx.example/p/".
	// It never holds a password.
	String() string
	// Fetch gets a whole file of at most max bytes.
	Fetch(ctx context.Context, file string, max int64) ([]byte, error)
	// Download writes a file of at most max bytes as it comes; total is -1
	// while it is not known. progress may be nil. After an error, what came
	// before it has been written.
	Download(ctx context.Context, file string, max int64, w io.Writer, progress func(done, total int64)) error
}

// whole is Fetch by way of Download.
func whole(ctx context.Context, s Source, file string, max int64) ([]byte, error) {
	var data bytes.Buffer
	if err := s.Download(ctx, file, max, &data, nil); err != nil {
		return nil, err
	}
	return data.Bytes(), nil
}
