package fetch

import (
	"errors"
	"hash/maphash"
	"io"
)

// errChanged: what a server sent in a second try does not go on from what was
// written in the first.
var errChanged = errors.New("the file is not the one that was begun with")

// resume lets a download begin anew without its writer noticing: what has been
// written is compared, by a hash, with the beginning of the next try and left
// out. Neither protocol can be asked for the rest of a file with certainty, and
// a writer cannot be asked to take back.
type resume struct {
	w        io.Writer
	progress func(done, total int64)
	written  int64
	hash     maphash.Hash // of what has been written
	told     int64        // the highest progress so far

	// What follows is of this try.
	at    int64        // bytes so far
	again maphash.Hash // of those that had been written before
}

func newResume(w io.Writer, progress func(done, total int64)) *resume {
	r := &resume{w: w, progress: progress}
	r.again.SetSeed(r.hash.Seed())
	return r
}

// begin starts a try.
func (r *resume) begin() {
	r.at = 0
	r.again.Reset()
}

// tell passes progress on, which never goes back.
func (r *resume) tell(done, total int64) {
	if r.told = max(r.told, done); r.progress != nil {
		r.progress(r.told, total)
	}
}

// Write implements io.Writer.
func (r *resume) Write(b []byte) (int, error) {
	known := int(min(int64(len(b)), r.written-r.at))
	if err := r.compare(b[:known]); err != nil || known == len(b) {
		return known, err
	}
	n, err := r.w.Write(b[known:])
	r.hash.Write(b[known : known+n])
	r.written += int64(n)
	r.at += int64(n)
	return known + n, err
}

// compare takes what has been written before; at its end it must be the same.
func (r *resume) compare(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	r.again.Write(b)
	r.at += int64(len(b))
	if r.at == r.written && r.again.Sum64() != r.hash.Sum64() {
		return errChanged
	}
	return nil
}

// finish tells whether a try that ended well brought all that was written
// before it.
func (r *resume) finish() error {
	if r.at < r.written {
		return errChanged
	}
	return nil
}
