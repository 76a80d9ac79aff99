package phonecore

import (
	"log/slog"
	"time"

	"deskset/phonecore/text"
)

// maxStatus is how many status messages are kept; the oldest go first.
const maxStatus = 100

type statusEntry struct {
	at   time.Time
	text string
	// remedy says what to do, empty where the text does or nothing is to be done.
	remedy string
}

// statusLog is the list behind Settings, Status, Status Messages.
type statusLog struct{ entries []statusEntry }

// report puts a message on the status list and into the log. A message that
// repeats the last one only renews its time.
func (p *Phone) report(err error, id text.ID, args ...any) { p.reportOf(id, err, id, args...) }

// reportOf is report where the remedy is that of a cause.
func (p *Phone) reportOf(cause text.ID, err error, id text.ID, args ...any) {
	message := plain(text.Get(id, args...), maxStatusText)
	entry := statusEntry{p.cfg.Now(), message, text.Remedy(cause)}
	if n := len(p.status.entries); n > 0 && p.status.entries[n-1].text == message {
		p.status.entries[n-1] = entry
	} else {
		p.status.entries = append(p.status.entries, entry)
	}
	if extra := len(p.status.entries) - maxStatus; extra > 0 {
		p.status.entries = append(p.status.entries[:0:0], p.status.entries[extra:]...)
	}
	level := slog.LevelInfo
	attrs := []slog.Attr{}
	if err != nil {
		level = slog.LevelWarn
		attrs = append(attrs, slog.String("cause", plain(err.Error(), maxStatusText)))
	}
	p.log.LogAttrs(p.ctx, level, plain(text.English(id, args...), maxStatusText), attrs...)
}
