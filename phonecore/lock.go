package phonecore

import (
	"crypto/subtle"
	"time"

	"deskset/phonecore/call"
	"deskset/phonecore/edit"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
)

// lock keeps the settings from being changed by accident (guide 3-1): they are
// locked whenever the phone has started, and **# unlocks and locks them.
type lock struct {
	unlocked bool
	// stars were pressed one after the other just now.
	stars int
	// pause is how long the next wrong password costs, until the end of what
	// the last one did.
	pause time.Duration
	until time.Time
}

// A wrong password makes the person wait, each time twice as long.
const (
	firstWrong = time.Second
	lastWrong  = 30 * time.Second
)

// unlockStars is how many stars begin the code **#.
const unlockStars = 2

// pressed looks for **# among the keys; true takes the key away from what it
// would do else. "There is no indication an action has taken place" (guide
// 3-2). Where the keys mean something of their own (a call, an open line, the
// editing panel) the code is not looked for.
func (l *lock) pressed(p *Phone, k view.Key) bool {
	stars := l.stars
	l.stars = 0
	switch {
	case !p.takesCode():
	case k == view.KeyStar:
		l.stars = min(stars+1, unlockStars)
	case k == view.KeyPound && stars == unlockStars:
		l.unlocked = !l.unlocked
		p.closeCode()
		return true
	}
	return false
}

// takesCode tells whether **# can be meant: in a menu, or on hook with no
// number begun.
func (p *Phone) takesCode() bool {
	if page := p.pages.Top(); page != nil {
		return page.Field == nil && !p.helping
	}
	c := p.calls.Active()
	idle := c == nil || c.State == call.Failed
	return idle && !p.helping && (!p.entry.open || !p.entry.offHook && onlyStars(p.entry.text))
}

func onlyStars(s string) bool {
	for _, r := range s {
		if r != '*' {
			return false
		}
	}
	return true
}

// closeCode takes the stars off the display again.
func (p *Phone) closeCode() {
	if len(p.pages) == 0 && p.entry.open {
		p.closeEntry()
		p.settle()
	}
}

// padlock is the icon of the settings' pages.
func (p *Phone) padlock() view.Icon {
	if p.lock.unlocked {
		return view.IconUnlocked
	}
	return view.IconLocked
}

// openLock is the item that later releases have instead of **#: it locks at
// once, and asks for phone_password to unlock.
func (p *Phone) openLock() {
	if p.lock.unlocked {
		p.lock.unlocked = false
		p.remark(text.Get(text.LockedNow))
		return
	}
	p.openPanel(panel{
		name: "menu.unlock", title: text.Get(text.MenuUnlock), rules: edit.Secret(maxPassword),
		hints: func() []string { return []string{text.Get(text.UnlockPassword)} },
		done:  p.unlock,
	})
}

// maxPassword is the length of phone_password (the reference, section 3).
const maxPassword = 31

// unlock tries a password.
func (p *Phone) unlock(password string) (trouble string) {
	now := time.Now()
	if wait := p.lock.until.Sub(now); wait > 0 {
		return text.Get(text.UnlockWait, wait.Round(time.Second))
	}
	if subtle.ConstantTimeCompare([]byte(password), []byte(p.params.Text("phone_password"))) != 1 {
		p.lock.pause = min(max(2*p.lock.pause, firstWrong), lastWrong)
		p.lock.until = now.Add(p.lock.pause)
		return text.Get(text.UnlockWrong)
	}
	p.lock = lock{unlocked: true}
	p.remark(text.Get(text.UnlockedNow))
	return ""
}
