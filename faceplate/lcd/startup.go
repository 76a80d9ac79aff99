package lcd

import (
	"image"

	"deskset/phonecore/view"
)

// The lines of the start-up screen.
const (
	bannerBaseline  = 36
	copyrightTop    = 54
	copyrightPitch  = 13
	copyrightRows   = 4
	messageX        = 24
	messageBaseline = 112
	progressTop     = 118
	progressHeight  = 9
)

// startUp draws the copyright screen with what the phone is doing.
func (r *Renderer) startUp(s *view.Screen) {
	middle := setting{face: faceLarge, grey: greyFull, baseline: bannerBaseline, align: alignCentre}
	box := columns(margin, Width-margin)
	if r.width(s.Title, faceLarge) > box.Dx() {
		middle.face = faceBold
	}
	r.text(box, s.Title, middle)

	middle.face = faceSmall
	r.spans = appendSpans(r.spans[:0], s.Text, faceSmall, box.Dx())
	for i, line := range r.spans[:min(copyrightRows, len(r.spans))] {
		middle.baseline = copyrightTop + i*copyrightPitch
		r.text(box, s.Text[line.text][line.from:line.to], middle)
	}
	r.message(s.Message)
	r.progress(s.Progress)
	if s.Prompt != "" {
		r.prompt(s, Width-margin)
	}
	if s.Soft != ([view.NumSoftKeys]string{}) {
		r.softKeys(&s.Soft)
	}
}

// message draws what the phone is doing, flush with the bar, or over the whole
// width if it needs that.
func (r *Renderer) message(s string) {
	box := columns(messageX, Width-messageX)
	if r.width(s, faceNormal) > box.Dx() {
		box = columns(margin, Width-margin)
	}
	r.text(box, s, setting{face: faceNormal, grey: greyFull, baseline: messageBaseline})
}

// progress draws the bar, filled from the left.
func (r *Renderer) progress(p view.Progress) {
	if !p.Shown {
		return
	}
	box := image.Rect(messageX, progressTop, Width-messageX, progressTop+progressHeight)
	r.back.frame(box, greyFull)
	inner := box.Inset(2)
	done := inner.Dx() * max(0, min(p.Done, 1000)) / 1000
	r.back.fill(inner, greyLight)
	r.back.fill(image.Rect(inner.Min.X, inner.Min.Y, inner.Min.X+done, inner.Max.Y), greyFull)
}
