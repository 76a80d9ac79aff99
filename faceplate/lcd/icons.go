package lcd

import (
	"fmt"
	"image"
	"strings"

	"deskset/assets/icons"
	"deskset/phonecore/view"
)

// iconSize is the width and height of an icon.
const iconSize = 12

// A picture is one icon, a grey for each pixel.
type picture [iconSize * iconSize]uint8

// iconNames says which picture an icon shows, and which in the other half of
// the blinking period if that differs.
var iconNames = [view.NumIcons][2]string{
	view.IconOnHook:        {"on-hook"},
	view.IconOffHook:       {"off-hook"},
	view.IconRinging:       {"ringing.1", "ringing.2"},
	view.IconHold:          {"hold"},
	view.IconNotRegistered: {"not-registered"},
	view.IconSpeedDial:     {"speed-dial"},
	view.IconForwarded:     {"forwarded"},
	view.IconMuted:         {"muted"},
	view.IconLocked:        {"locked"},
	view.IconUnlocked:      {"unlocked"},
	view.IconEncrypted:     {"encrypted"},
	view.IconMessage:       {"message"},
	view.IconConnected:     {"connected"},
	view.IconRingOut:       {"ring-out"},
	view.IconPending:       {"pending"},
	view.IconRunning:       {"running"},
	view.IconDone:          {"done"},
	view.IconFailed:        {"failed"},
	view.IconSkipped:       {"skipped"},
}

// pictures holds what iconNames names; nil for none.
var pictures = loadPictures()

// loadPictures panics for bad data: it is embedded, so a test finds it first.
func loadPictures() (out [view.NumIcons][2]*picture) {
	byName, err := parsePictures(icons.LCD)
	if err != nil {
		panic(err)
	}
	for icon, names := range iconNames {
		for phase, name := range names {
			if name != "" && byName[name] == nil {
				panic(fmt.Sprintf("lcd: no picture is named %q", name))
			}
			out[icon][phase] = byName[name]
		}
	}
	return out
}

func parsePictures(text string) (map[string]*picture, error) {
	out := map[string]*picture{}
	var now *picture
	row := iconSize
	for i, line := range strings.Split(text, "\n") {
		switch {
		case row < iconSize:
			if err := now.setRow(row, line); err != nil {
				return nil, fmt.Errorf("icons/lcd.txt:%d: %w", i+1, err)
			}
			row++
		case line != "" && !strings.HasPrefix(line, "#"):
			now, row = &picture{}, 0
			out[line] = now
		}
	}
	if row < iconSize {
		return nil, fmt.Errorf("icons/lcd.txt: the last picture has %d rows, want %d", row, iconSize)
	}
	return out, nil
}

func (p *picture) setRow(row int, line string) error {
	if len(line) != iconSize {
		return fmt.Errorf("row %q: want %d pixels", line, iconSize)
	}
	for x := range line {
		grey := strings.IndexByte(".+x#", line[x])
		if grey < 0 {
			return fmt.Errorf("pixel %q: want one of . + x #", line[x])
		}
		p[row*iconSize+x] = uint8(grey)
	}
	return nil
}

// icon draws an icon with its upper left corner at x, y. Inverse draws it for
// a dark background.
func (r *Renderer) icon(clip image.Rectangle, x, y int, icon view.Icon, inverse bool) {
	if icon >= view.NumIcons {
		return
	}
	p := pictures[icon][0]
	if other := pictures[icon][1]; other != nil && !r.blinkOn {
		p = other
	}
	if p == nil {
		return
	}
	clip = clip.Intersect(glass)
	for i, grey := range p {
		at := image.Pt(x+i%iconSize, y+i/iconSize)
		if grey == greyNone || !at.In(clip) {
			continue
		}
		if inverse {
			grey = greyFull - grey
		}
		r.back.Pix[at.Y*Width+at.X] = grey
	}
}
