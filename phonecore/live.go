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
}

// openLive opens a page that is refreshed at once, and then for as long as it
// is on the screen.
func (p *Phone) openLive(page *menu.Page, refresh func()) {
	p.live.pages = append(p.live.pages, livePage{page, refresh})
	p.openPage(page)
	p.keepLive()
}

// keepLive follows the page on the screen, after each event.
func (p *Phone) keepLive() {
	l := &p.live
	l.pages = slices.DeleteFunc(l.pages, func(x livePage) bool { return !slices.Contains(p.pages, x.page) })
	top := p.pages.Top()
	if top == l.shown {
		return
	}
	l.t.stop()
	l.shown = top
	p.refreshLive()
}

func (p *Phone) refreshLive() {
	for _, x := range p.live.pages {
		if x.page == p.live.shown {
			x.refresh()
			p.live.t = p.after(liveEvery, p.refreshLive)
		}
	}
}
