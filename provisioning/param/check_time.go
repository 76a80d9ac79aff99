package param

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

var (
	months = []string{
		"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December",
	}
	weekdays = []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
)

// nameOrNumber takes one of Choices by its name, the name's first three
// letters or more, or its number from 1.
func nameOrNumber(p *Param, text string) (checked, error) {
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(p.Choices) {
		return checked{text: p.Choices[n-1]}, nil
	}
	for _, name := range p.Choices {
		if len(text) >= 3 && len(text) <= len(name) && strings.EqualFold(name[:len(text)], text) {
			return checked{text: name}, nil
		}
	}
	return checked{}, fmt.Errorf("want a name, its first three letters, or a number from 1 to %d", len(p.Choices))
}

// timeOfDay takes 2, 02, 02:00 or 02/00 and gives 02:00.
func timeOfDay(_ *Param, text string) (checked, error) {
	hours, minutes, err := hoursMinutes(text)
	if err != nil || hours > 23 {
		return checked{}, errors.New("want a time of day, like 2 or 02:00")
	}
	return checked{text: fmt.Sprintf("%02d:%02d", hours, minutes)}, nil
}

// dstOffset takes hours from -12 to 12, or hours and minutes as 0:30 or 00/30.
// Whole hours come out as a number.
func dstOffset(_ *Param, text string) (checked, error) {
	sign, digits := "", text
	if digits[0] == '-' || digits[0] == '+' {
		sign, digits = strings.Trim(text[:1], "+"), text[1:]
	}
	hours, minutes, err := hoursMinutes(digits)
	switch {
	case err != nil, hours > 12, hours == 12 && minutes > 0:
		return checked{}, errors.New("want hours from -12 to 12, or hours and minutes like 0:30")
	case hours == 0 && minutes == 0:
		return checked{text: "0"}, nil
	case minutes == 0:
		return checked{text: sign + strconv.Itoa(hours)}, nil
	}
	return checked{text: fmt.Sprintf("%s%d:%02d", sign, hours, minutes)}, nil
}

var errTime = errors.New("not a time")

func hoursMinutes(text string) (hours, minutes int, err error) {
	h, m := text, "0"
	if i := strings.IndexAny(text, ":/"); i >= 0 {
		h, m = text[:i], text[i+1:]
	}
	hours, minutes = twoDigits(h), twoDigits(m)
	if hours < 0 || minutes < 0 || minutes > 59 {
		return 0, 0, errTime
	}
	return hours, minutes, nil
}

// twoDigits gives -1 for anything but one or two digits.
func twoDigits(s string) int {
	if len(s) < 1 || len(s) > 2 || strings.Trim(s, "0123456789") != "" {
		return -1
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// mediaPort clamps to the range and rounds down to an even port: RTP takes the
// even one, RTCP the next (RFC 3550 section 11).
func mediaPort(p *Param, text string) (checked, error) {
	c, err := p.checkInt(text)
	if err != nil || c.text[len(c.text)-1]%2 == 0 {
		return c, err
	}
	n, err := strconv.Atoi(c.text)
	if err != nil {
		return c, err
	}
	even := strconv.Itoa(n - 1)
	return checked{even, "want an even port; using " + even, true}, nil
}
