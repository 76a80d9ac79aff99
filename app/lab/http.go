package lab

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"deskset/app/lab/tree"
)

// Limits of the HTTP server.
const (
	httpHeaderTime = 5 * time.Second
	httpIdleTime   = 30 * time.Second
	httpWholeTime  = 5 * time.Minute // for a whole request, on a slow link too
	httpMaxHeader  = 16 << 10
	httpMaxServed  = 64
)

// httpServer shows the file tree by HTTP, for phones of remote workers. It is
// for reading only.
type httpServer struct {
	addr   netip.AddrPort
	server *http.Server
	ended  sync.WaitGroup
}

// startHTTP binds a free port and serves.
func startHTTP(log *slog.Logger, addr netip.Addr, files *tree.Tree) (*httpServer, error) {
	listener, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(addr, 0)))
	if err != nil {
		return nil, fmt.Errorf("lab: HTTP port on %s: %w", addr, err)
	}
	slots := make(chan struct{}, httpMaxServed)
	h := &httpServer{addr: listener.Addr().(*net.TCPAddr).AddrPort()}
	h.server = &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
				status := show(w, r, files)
				log.Info("lab: HTTP request", "path", fmt.Sprintf("%.64q", r.URL.Path), "status", status)
			default:
				http.Error(w, "server busy, try again", http.StatusServiceUnavailable)
			}
		}),
		ReadHeaderTimeout: httpHeaderTime, ReadTimeout: httpWholeTime, WriteTimeout: httpWholeTime, IdleTimeout: httpIdleTime,
		MaxHeaderBytes: httpMaxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	h.ended.Go(func() {
		if err := h.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("lab: HTTP server ended", "error", err)
		}
	})
	return h, nil
}

// show answers one request.
func show(w http.ResponseWriter, r *http.Request, files *tree.Tree) (status int) {
	fail := func(status int, text string) int {
		http.Error(w, text, status)
		return status
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		return fail(http.StatusMethodNotAllowed, "this server is read only")
	}
	data, err := files.Open(r.URL.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail(http.StatusNotFound, "File not found")
	case err != nil:
		return fail(http.StatusInternalServerError, err.Error())
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", fmt.Sprint(len(data)))
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodGet {
		_, _ = w.Write(data)
	}
	return http.StatusOK
}

func (h *httpServer) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := h.server.Shutdown(ctx)
	if err != nil {
		err = h.server.Close()
	}
	h.ended.Wait()
	return err
}

// HTTP is the base URL of the file tree, ending in "/"; empty unless
// Options.HTTP is set.
func (l *Lab) HTTP() string {
	if l.http == nil {
		return ""
	}
	return "http://" + l.http.addr.String() + "/"
}
