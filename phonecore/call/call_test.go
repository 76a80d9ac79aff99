package call

import "testing"

func TestSelectionPrefersWhatNeedsAPerson(t *testing.T) {
	var l List
	held := &Call{State: Held, Line: 1}
	talking := &Call{State: Connected, Line: 1}
	ringing := &Call{State: RingIn, Line: 2}
	for _, c := range []*Call{held, talking, ringing} {
		l.Add(c)
	}
	if l.Selected() != ringing {
		t.Error("a ringing call should be selected first")
	}
	l.Remove(ringing)
	if l.Selected() != talking {
		t.Error("then the connected one")
	}
	l.Remove(talking)
	if l.Selected() != held || l.Active() != nil {
		t.Error("then the held one, which is not active")
	}
	l.Remove(held)
	if l.Selected() != nil || l.Len() != 0 {
		t.Error("an empty list selects nothing")
	}
}

func TestScrollingStopsAtTheEnds(t *testing.T) {
	var l List
	l.SelectNext(+1) // harmless on an empty list
	a, b := &Call{State: Connected}, &Call{State: Held}
	l.Add(a)
	l.Add(b)
	for _, step := range []struct {
		by   int
		want *Call
	}{{+1, b}, {+1, b}, {-1, a}, {-1, a}} {
		if l.SelectNext(step.by); l.Selected() != step.want {
			t.Fatalf("after %+d: wrong selection", step.by)
		}
	}
}

func TestLineKeyMeansTheRingingCallOfItsLine(t *testing.T) {
	var l List
	l.Add(&Call{State: Held, Line: 1})
	ringing := &Call{State: RingIn, Line: 1}
	l.Add(ringing)
	if l.OnLine(1) != ringing || l.OnLine(2) != nil {
		t.Error("OnLine should prefer the ringing call and know its line")
	}
}
