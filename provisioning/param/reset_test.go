package param

import "testing"

// The three cases of the guide (2-5; 3-17, note), for every parameter: a value
// wins, an empty or UNPROVISIONED one resets to the default, an absent one
// changes nothing. The origin tells them apart.
func TestPresentEmptyAndAbsentDifferForEveryParameter(t *testing.T) {
	for _, p := range All() {
		switch {
		case p.Local:
			continue // no file sets it
		case p.Name == "timer_t1", p.Name == "timer_t2", p.Name == "start_media_port", p.Name == "end_media_port":
			continue // one depends on the other; they have tests of their own
		}
		stored, written := twoValues(t, p)
		for _, tt := range []struct {
			layer Layer
			want  Value
		}{
			{file(FromDefaultFile, p.Name, written), Value{written, FromDefaultFile, "SIPDefault.cnf:1"}},
			{file(FromDefaultFile, p.Name, ""), Value{p.Default(Profile3), FromDefault, "SIPDefault.cnf:1"}},
			{file(FromDefaultFile, p.Name, " unprovisioned"), Value{p.Default(Profile3), FromDefault, "SIPDefault.cnf:1"}},
			{file(FromDefaultFile), Value{stored, FromFlash, "flash:1"}},
		} {
			s, _ := Merge(Profile3, file(FromFlash, p.Name, stored), tt.layer)
			if got := s.Value(p.Name); got != tt.want {
				t.Errorf("%s: %+v, want %+v", p.Name, got, tt.want)
			}
		}
	}
}

// twoValues finds two values that a parameter takes as they are.
func twoValues(t *testing.T, p Param) (a, b string) {
	t.Helper()
	var good []string
	for _, text := range append(p.Choices, "opus", "g722", "1", "0", "2", "20000", "30000", "100", "110", "192.0.2.1", "192.0.2.2", "02:30", "03:30") {
		if c, err := p.check(text); err == nil && c.text == text && c.advice == "" {
			good = append(good, text)
		}
	}
	if len(good) < 2 {
		t.Fatalf("%s takes %q only", p.Name, good)
	}
	return good[0], good[1]
}
