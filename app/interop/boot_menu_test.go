//go:build linux

package interop_test

import (
	"regexp"
	"strings"

	"deskset/app/interop"
)

// openPage goes to a page by the names of the items on the way, from the
// settings on, as a person does who reads the screen.
func openPage(phone *interop.Deskset, screen string, items ...string) {
	phone.Do("press settings", "screen menu.settings")
	for _, item := range items {
		phone.Do("expect "+item, "press "+itemNumber(showScreen(phone), item))
	}
	phone.Do("screen " + screen)
}

// itemNumber is the digit in front of an item of a menu; "0" opens nothing.
func itemNumber(screen, item string) string {
	m := regexp.MustCompile(`([0-9]) ` + regexp.QuoteMeta(item)).FindStringSubmatch(screen)
	if m == nil {
		return "0"
	}
	return m[1]
}

// showScreen is what the phone shows now.
func showScreen(phone *interop.Deskset) string {
	before := len(phone.Screens())
	phone.Do("show")
	return phone.Screens()[before:]
}

// oneLine takes the frame and the line breaks away from a screen.
func oneLine(screen string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(screen, "│", "")), " ")
}
