package lcd

import "deskset/phonecore/view"

// Shortened draws a view and gives the texts that did not fit their place: they
// end in an ellipsis on the glass. What wraps or scrolls is not among them.
func Shortened(v *view.View) (texts []string) {
	r := New()
	r.shortened = func(s string) { texts = append(texts, s) }
	r.Draw(&Bitmap{}, v)
	return texts
}
