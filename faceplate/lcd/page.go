package lcd

import (
	"image"

	"deskset/phonecore/view"
)

// TextRows is how many lines a page of [view.LayoutText] shows at once.
const TextRows = (paneBottom - paneTop) / textPitch

// The phone scrolls by the same number: it must be so at compile time.
var _ = [1]struct{}{}[TextRows-view.TextRows]

// The lines of running text.
const (
	textPitch    = 15
	textBaseline = 12 // within the line
	textX        = margin + 1
	textWidth    = contentEdge - textX
)

// page draws running text. Screen.First counts lines as they stand on the
// glass; see [Wrap].
func (r *Renderer) page(s *view.Screen) {
	r.titleRow(s)
	r.spans = appendSpans(r.spans[:0], s.Text, faceNormal, textWidth)
	first := firstInView(s.First, -1, TextRows, len(r.spans))
	r.lines(s.Text, first, TextRows, image.Pt(textX, paneTop+1), textWidth)
	r.scrollBar(first, TextRows, len(r.spans))
	r.prompt(s, Width-margin)
	r.softKeys(&s.Soft)
}

// lines draws the lines in r.spans from first on, at most count, the first one
// with its upper left corner at at.
func (r *Renderer) lines(text []string, first, count int, at image.Point, room int) {
	for i, s := range r.spans[first:min(first+count, len(r.spans))] {
		r.text(columns(at.X, at.X+room), text[s.text][s.from:s.to], setting{
			face: faceNormal, grey: greyFull, baseline: at.Y + i*textPitch + textBaseline,
		})
	}
}

// The largest picture that a service may send, in pixels.
const (
	imageWidth  = 133
	imageHeight = 65
)

// imagePage draws a picture: in the middle of the pane if it is alone, at the
// left if there is text beside it.
func (r *Renderer) imagePage(s *view.Screen) {
	r.titleRow(s)
	const top = paneTop + (paneBottom-paneTop-imageHeight)/2
	window := image.Rect(0, top, imageWidth, top+imageHeight).Add(image.Pt((Width-imageWidth)/2, 0))
	if len(s.Text) > 0 {
		window = image.Rect(textX, top, textX+imageWidth, top+imageHeight)
		from := window.Max.X + 8
		r.spans = appendSpans(r.spans[:0], s.Text, faceNormal, Width-margin-from)
		first := firstInView(s.First, -1, TextRows, len(r.spans))
		r.lines(s.Text, first, TextRows, image.Pt(from, paneTop+1), Width-margin-from)
	}
	r.picture(window, s.Image)
	r.prompt(s, Width-margin)
	r.softKeys(&s.Soft)
}

// picture draws an image into its window and cuts off what stands out.
func (r *Renderer) picture(window image.Rectangle, img *view.Image) {
	if img == nil || img.Width <= 0 || img.Height <= 0 || len(img.Pixels)/img.Width < img.Height {
		return
	}
	x, y := clamp(img.X), clamp(img.Y)
	if x < 0 {
		x = (window.Dx() - img.Width) / 2
	}
	if y < 0 {
		y = (window.Dy() - img.Height) / 2
	}
	for row := max(0, -y); row < min(img.Height, window.Dy()-y); row++ {
		for col := max(0, -x); col < min(img.Width, window.Dx()-x); col++ {
			at := (window.Min.Y+y+row)*Width + window.Min.X + x + col
			r.back.Pix[at] = img.Pixels[row*img.Width+col] & 3
		}
	}
}

// clamp keeps a place within reach of sums.
func clamp(n int) int { return max(-1, min(n, Width)) }
