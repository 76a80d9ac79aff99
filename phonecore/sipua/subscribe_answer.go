package sipua

import (
	"errors"
	"time"

	"deskset/phonecore/sipua/transaction"
	"deskset/phonecore/sipua/wire"
)

// answered takes the end of a SUBSCRIBE.
func (s *Subscription) answered(x *exchange, res *wire.Message, err error) {
	s.x = nil
	switch {
	case s.leaving != nil:
		s.leaving()
	case errors.Is(err, transaction.ErrTimeout):
		s.notRefreshed(408, err.Error(), 0)
	case err != nil:
		s.notRefreshed(503, brief(err), 0)
	case res.Status/100 == 2:
		s.accepted(x, res)
	case res.Status == 423:
		s.tooBrief(res)
	default:
		if res.Status == 401 || res.Status == 407 {
			x.give()
		}
		s.refused(res)
	}
}

// accepted takes a 2xx. Until a NOTIFY comes its dialog is a guess: a SUBSCRIBE
// may be forked, and the first NOTIFY decides.
func (s *Subscription) accepted(x *exchange, res *wire.Message) {
	granted, ok := wire.Seconds(res.Header.Get("Expires"))
	if !ok {
		granted = s.expires
	}
	if granted <= 0 {
		s.lost(res.Status, "the server granted no time", 0)
		return
	}
	s.brief = 0
	if s.dlg == nil {
		s.since = time.Now()
		s.dlg = dialogOfResponse(x.sent, res, x.to[0])
	} else {
		s.dlg.retarget(res)
	}
	s.lasts(granted)
	if s.heard {
		s.report(Subscribed{State: SubActive, Code: res.Status, Reason: res.Reason})
	}
}

// lasts sets when to refresh.
func (s *Subscription) lasts(granted time.Duration) {
	s.until = time.Now().Add(min(granted, expiresMax))
	s.timer.Stop()
	s.timer = s.a.after(refresh(granted, s.a.o.Timers.RegisterDelta), s.refresh)
}

// tooBrief raises the time as 423 asks (section 4.1.2.1).
func (s *Subscription) tooBrief(res *wire.Message) {
	least, ok := wire.Seconds(res.Header.Get("Min-Expires"))
	s.brief++
	if !ok || least <= s.expires || least > expiresMax || s.brief > maxBrief {
		s.lost(res.Status, res.Reason, 0)
		return
	}
	s.expires = least
	if s.dlg != nil {
		s.refresh()
		return
	}
	s.begin()
}

// refused takes any other answer. To a refresh, some statuses say that the
// server knows nothing of the subscription (RFC 5057 section 5.1): it is begun
// anew.
func (s *Subscription) refused(res *wire.Message) {
	after, _ := wire.Seconds(res.Header.Get("Retry-After"))
	switch {
	case s.dlg != nil && unknownDialog[res.Status]:
		s.again(res.Status, res.Reason, after)
	case retried(res.Status) || s.dlg != nil:
		s.notRefreshed(res.Status, res.Reason, after)
	default:
		s.wait(Subscribed{Code: res.Status, Reason: res.Reason, Retry: s.a.backOff(&s.failures, refusalBase, refusalMax)})
	}
}

var unknownDialog = map[int]bool{404: true, 405: true, 410: true, 416: true, 480: true, 481: true, 482: true, 484: true, 485: true, 489: true, 501: true, 604: true}

// notRefreshed: the subscription holds until its time is over, and is asked for
// again before that (section 4.1.2.2).
func (s *Subscription) notRefreshed(code int, reason string, after time.Duration) {
	left := time.Until(s.until)
	if s.leaving != nil {
		s.leaving()
		return
	}
	if s.dlg == nil || left < backoffMin {
		s.lost(code, reason, after)
		return
	}
	s.n.Stop()
	wait := max(after, s.a.backOff(&s.failures, backoffBase, backoffMax))
	s.timer.Stop()
	s.timer = s.a.after(min(wait, left), s.refresh)
}

// again begins anew after an end that says nothing against it: at once if the
// subscription has lasted, else after a while.
func (s *Subscription) again(code int, reason string, after time.Duration) {
	if time.Since(s.since) < settled || after > 0 {
		s.lost(code, reason, after)
		return
	}
	s.failures = 0
	s.wait(Subscribed{Code: code, Reason: reason, Retry: time.Duration(s.a.o.Rand() * float64(nextMax))})
}

// lost tries again, later each time.
func (s *Subscription) lost(code int, reason string, after time.Duration) {
	wait := max(backoffMin, s.a.backOff(&s.failures, backoffBase, backoffMax), min(after, retryAfterMax))
	s.wait(Subscribed{Code: code, Reason: reason, Retry: wait})
}

func (s *Subscription) wait(n Subscribed) {
	s.stop()
	s.dlg, s.heard = nil, false
	n.State = SubFailed
	s.timer = s.a.after(n.Retry, s.begin)
	s.report(n)
}

// over is the end for good.
func (s *Subscription) over(code int, reason string) {
	done := s.leaving
	s.end()
	s.state = SubTrying // so that it is told
	s.report(Subscribed{State: SubEnded, Code: code, Reason: reason})
	if done != nil {
		done()
	}
}
