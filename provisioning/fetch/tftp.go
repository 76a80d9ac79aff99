package fetch

import (
	"context"
	"errors"
	"io"
	"net/netip"

	"deskset/provisioning/tftp"
)

// TFTP is a server asked by TFTP (guide 2-4). The client is copied; its MaxSize
// and Progress are not used.
//
// A transfer that stops although the server is there, as it does where many
// packets get lost, is begun again. With the client's defaults a dead server
// costs 3 s, one that stalls each time 75 s.
func TFTP(server netip.AddrPort, client tftp.Client) Source {
	return &tftpSource{server, client}
}

type tftpSource struct {
	server netip.AddrPort
	client tftp.Client
}

// tftpTries is how often a transfer is begun. Where every fifth packet gets
// lost, one of 200 kB in twenty stops, so all four of one file in 200,000.
const tftpTries = 4

// String implements Source.
func (s *tftpSource) String() string { return "TFTP " + s.server.String() }

// Fetch implements Source.
func (s *tftpSource) Fetch(ctx context.Context, file string, max int64) ([]byte, error) {
	return whole(ctx, s, file, max)
}

// Download implements Source.
func (s *tftpSource) Download(ctx context.Context, file string, max int64, w io.Writer, progress func(done, total int64)) error {
	if max < 1 { // a client's zero is its default
		return &tftp.Error{Server: s.server, File: file, Op: "request", Err: ErrTooLarge}
	}
	to := newResume(w, progress)
	client := s.client
	client.Progress = to.tell
	client.MaxSize = max
	for try := 1; ; try++ {
		to.begin()
		err := client.Download(ctx, s.server, file, to)
		switch {
		case err == nil:
			err = to.finish()
		case try < tftpTries && stopped(err), try == 1 && errors.Is(err, tftp.ErrBlock):
			continue
		}
		if errors.Is(err, errChanged) {
			err = &tftp.Error{Server: s.server, File: file, Op: "transfer", Detail: errChanged.Error(), Err: ErrSize}
		}
		return err
	}
}

// stopped tells a transfer that fell silent, or whose end at the server is
// gone, from a server that is not there.
func stopped(err error) bool {
	var e *tftp.Error
	return errors.As(err, &e) && e.Op == "transfer" && (errors.Is(e.Err, ErrTimeout) || errors.Is(e.Err, ErrUnreachable))
}
