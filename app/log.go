package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
)

// openLog makes the log. While the terminal shows the phone, standard error
// would spoil its screen: then only -log keeps one.
func openLog(o *options, stderr io.Writer) (*slog.Logger, func(), error) {
	level := slog.LevelInfo
	if o.verbose {
		level = slog.LevelDebug
	}
	handler := func(w io.Writer) *slog.Logger {
		return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
	}
	switch {
	case o.logFile != "":
		f, err := os.OpenFile(o.logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, nil, fmt.Errorf("log file: %w; name another with -log FILE", err)
		}
		return handler(f), func() { f.Close() }, nil
	case o.terminal:
		return slog.New(slog.DiscardHandler), func() {}, nil
	}
	return handler(stderr), func() {}, nil
}
