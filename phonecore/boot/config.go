package boot

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"deskset/phonecore/text"
	"deskset/provisioning/cnf"
	"deskset/provisioning/firmware"
	"deskset/provisioning/param"
	"deskset/provisioning/tftp"
)

// tftpPort is the well-known port (RFC 1350 section 4).
const tftpPort = 69

// Names of the files (guide, "Downloading Files to Your TFTP Server").
const (
	loadFile    = "OS79XX.TXT"
	defaultFile = "SIPDefault.cnf"
)

func phoneFile(mac string) string { return "SIP" + mac + ".cnf" }

// requestConfiguration asks for the files in the guide's order. A file that
// is missing is reported and passed over; a server that does not answer is
// asked only once, so that the idle screen comes soon.
func requestConfiguration(ctx context.Context, r *run, rep *Report) {
	rep.Provenance = Real
	if r.TFTPServer == "" {
		rep.Provenance = FromHost
		rep.add(text.StatusNoTFTP, nil)
		return
	}
	server, err := r.server(ctx)
	if err != nil {
		rep.add(text.StatusTFTPError, err, err.Error())
		rep.add(text.StatusFlashValues, nil)
		return
	}
	r.TFTP = server
	rep.Learned = server.String()
	files := []struct {
		name string
		take func(*run, *Report, string, []byte)
	}{
		{loadFile, takeLoad},
		{defaultFile, takeLayer(param.FromDefaultFile)},
		{phoneFile(r.Values.MAC), takeLayer(param.FromPhoneFile)},
	}
	if r.Values.MAC == "" {
		rep.add(text.StatusNoMAC, nil)
		files = files[:2]
	}
	found := 0
	for _, f := range files {
		r.tell(text.RequestingConfiguration, text.Get(text.RequestingFile, f.name, server.Addr()))
		data, err := r.Network.Fetch(ctx, server, f.name)
		if err != nil {
			rep.fetchFailed(server, f.name, err)
			if errors.Is(err, tftp.ErrTimeout) || errors.Is(err, tftp.ErrUnreachable) || ctx.Err() != nil {
				break
			}
			r.TFTPAnswered = true
			continue
		}
		r.TFTPAnswered = true
		found++
		f.take(r, rep, f.name, data)
	}
	if found == 0 {
		rep.add(text.StatusFlashValues, nil)
	}
}

// resolveTime keeps a dead DNS server from keeping the phone in its start-up.
const resolveTime = 10 * time.Second

// server resolves the TFTP server's name and port.
func (r *run) server(ctx context.Context) (netip.AddrPort, error) {
	host, port := r.TFTPServer, uint16(tftpPort)
	if h, p, err := net.SplitHostPort(r.TFTPServer); err == nil {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return netip.AddrPort{}, fmt.Errorf("server %q: want a port of 1 to 65535 behind the colon", r.TFTPServer)
		}
		host, port = h, uint16(n)
	}
	ctx, cancel := context.WithTimeout(ctx, resolveTime)
	defer cancel()
	addrs, err := r.Network.Resolve(ctx, strings.Trim(host, "[]"))
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("server %q: %w", host, err)
	}
	if len(addrs) == 0 {
		return netip.AddrPort{}, fmt.Errorf("server %q: the name has no address", host)
	}
	return netip.AddrPortFrom(addrs[0], port), nil
}

func (rep *Report) fetchFailed(server netip.AddrPort, file string, err error) {
	switch {
	case errors.Is(err, tftp.ErrNotFound):
		rep.add(text.StatusFileNotFound, err, file, server.Addr())
	case errors.Is(err, tftp.ErrUnreachable):
		rep.add(text.StatusTFTPRefused, err, server, file)
	case errors.Is(err, tftp.ErrTimeout):
		rep.add(text.StatusTFTPTimeout, err, server.Addr(), file)
	case errors.Is(err, tftp.ErrAccess):
		rep.add(text.StatusTFTPAccess, err, file, server.Addr())
	case errors.Is(err, tftp.ErrSize), errors.Is(err, tftp.ErrTooLarge):
		rep.add(text.StatusTFTPSize, err, file, server.Addr())
	default:
		rep.add(text.StatusTFTPError, err, err.Error())
	}
}

// takeLoad reads OS79XX.TXT.
func takeLoad(r *run, rep *Report, file string, data []byte) {
	name, err := firmware.ParseLoadName(data)
	if err != nil {
		rep.add(text.StatusConfigProblem, err, file+": "+err.Error())
		return
	}
	r.Values.Load = name
	rep.add(text.StatusProtocolFile, nil, name)
}

func takeLayer(origin param.Origin) func(*run, *Report, string, []byte) {
	return func(r *run, _ *Report, name string, data []byte) {
		r.Layers = append(r.Layers, cnf.Parse(name, data).Layer(origin))
	}
}
