package menu

import (
	"testing"

	"deskset/phonecore/view"
)

func list(n int) *Page {
	return &Page{Items: func() []view.Item {
		items := make([]view.Item, n)
		for i := range items {
			items[i].Number = i + 1
		}
		return items
	}}
}

func TestSelectionNeverLeavesTheView(t *testing.T) {
	p := list(17)
	for _, step := range []int{+1, +1, +5, +9, +9, -1, -7, -20, +3} {
		p.Move(step)
		if p.Selected < p.First || p.Selected >= p.First+view.NumRows || p.Selected < 0 || p.Selected > 16 {
			t.Fatalf("after %+d: selected %d, first %d", step, p.Selected, p.First)
		}
	}
}

func TestDigitSelectsAndOpens(t *testing.T) {
	p := list(9)
	opened := -1
	p.Open = func(i int) { opened = i }
	if !p.Choose(8) || opened != 7 || p.Selected != 7 {
		t.Errorf("Choose(8): opened %d, selected %d", opened, p.Selected)
	}
	if p.Choose(10) || p.Choose(0) {
		t.Error("a number without an item was chosen")
	}
}

func TestEmptyListAndTextAreHarmless(t *testing.T) {
	list(0).Move(+1)
	text := &Page{Text: func() []string { return nil }}
	text.Move(+5)
	text.Move(-5)
	if text.First != 0 || text.Choose(1) {
		t.Errorf("first = %d", text.First)
	}
	var s Stack
	s.Pop()
	if s.Top() != nil {
		t.Error("an empty stack has no top")
	}
}
