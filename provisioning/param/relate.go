package param

import (
	"fmt"
	"strconv"
)

// relate checks what two parameters demand of each other and puts it right.
func relate(s *Set) []Problem {
	var problems []Problem
	for _, rule := range []func(*Set) (name, other, text string){timersGrow, mediaPortsGrow} {
		name, other, text := rule(s)
		if text == "" {
			continue
		}
		source, line := s.origin(name, other)
		problems = append(problems, Problem{
			Severity: Warning, Code: CodeConflict, Source: source, Line: line, Name: name, Text: text,
		})
	}
	return problems
}

// origin is where the stronger of two parameters was set, taken apart.
func (s *Set) origin(a, b string) (source string, line int) {
	v := s.Value(a)
	if w := s.Value(b); w.Origin > v.Origin {
		v = w
	}
	return v.Place()
}

// timersGrow: timer_t2 is "any positive integer greater than" timer_t1 (guide
// 3-9). It is raised to as many times T1 as by default.
func timersGrow(s *Set) (name, other, text string) {
	t1, t2 := s.Int("timer_t1"), s.Int("timer_t2")
	if t2 > t1 {
		return "", "", ""
	}
	const ratio = 8
	s.adjust("timer_t2", strconv.Itoa(t1*ratio))
	return "timer_t2", "timer_t1", fmt.Sprintf("want more than timer_t1, which is %d, not %d; using %d", t1, t2, t1*ratio)
}

// mediaPortsGrow: the range must have room; a wrong one gives way to the whole.
func mediaPortsGrow(s *Set) (name, other, text string) {
	start, end := s.Int("start_media_port"), s.Int("end_media_port")
	if end > start {
		return "", "", ""
	}
	low, high := table[mustIndex("start_media_port")].Min, table[mustIndex("end_media_port")].Max
	s.adjust("start_media_port", strconv.Itoa(low))
	s.adjust("end_media_port", strconv.Itoa(high))
	return "end_media_port", "start_media_port", fmt.Sprintf("want more than start_media_port, which is %d, not %d; using %d to %d", start, end, low, high)
}

// adjust replaces a text without touching where it came from.
func (s *Set) adjust(name, text string) { s.values[mustIndex(name)].Text = text }
