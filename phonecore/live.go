package phonecore

import (
	"slices"
	"time"

	"deskset/phonecore/menu"
)

// liveEvery is how often a live page is refreshed.
const liveEvery = time.Second

// live is the pages that show what changes by itself. Only the one on the
// screen is refreshed: an idle phone reads nothing.
type live struct {
	pages []livePage
	shown *menu.Page
	t     *timer
}

// livePage is a page and what brings it up to date.
type livePage struct {
	page    *menu.Page
	refresh func()
	every   time.Duration
	// leave, if not nil, is called when it is not on the screen any more.
	leave func()
}

// openLive opens a page that is refreshed at once, and then for as long as it
// is on the screen.
func (p *Phone) openLive(page *menu.Page, refresh func()) {
	p.openLively(livePage{page: page, refresh: refresh, every: liveEvery})
}

// openLively is openLive for a page that says how it lives.
func (p *Phone) openLively(l livePage) {
	p.live.pages = append(p.live.pages, l)
	p.openPage(l.page)
	p.keepLive()
}

// keepLive follows the page on the screen, after each event.
func (p *Phone) keepLive() {
	l := &p.live
	top := p.pages.Top()
	if top == l.shown {
		return
	}
	for _, x := range l.pages {
		if x.page == l.shown && x.leave != nil {
			x.leave()
		}
	}
	l.pages = slices.DeleteFunc(l.pages, func(x livePage) bool { return !slices.Contains(p.pages, x.page) })
	l.t.stop()
	l.shown = top
	p.refreshLive()
}

func (p *Phone) refreshLive() {
	for _, x := range p.live.pages {
		if x.page == p.live.shown {
			x.refresh()
			p.live.t = p.after(x.every, p.refreshLive)
		}
	}
}
