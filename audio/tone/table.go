package tone

import "time"

// Country chooses a row of the tone table (ISO 3166).
type Country string

// The countries of the table.
const (
	US Country = "US"
	UK Country = "UK"
	DE Country = "DE"
)

// step is one piece of a cadence: components that sound together, none for a
// pause, for a time; 0 means until it is stopped.
type step struct {
	sines []Sine
	lasts time.Duration
}

// cadence is a tone in time: its steps, and the step at which it goes on after
// the last. A loop past the last step means that the tone ends.
type cadence struct {
	steps []step
	loop  int
}

const ms = time.Millisecond

// once is a loop that no cadence is long enough for.
const once = 1 << 10

// Levels of GR-506-CORE section 17 for the United States, per component.
const (
	dialLevel   = -13
	ringLevel   = -19
	busyLevel   = -24
	noticeLevel = -13
)

func pair(hz1, hz2, dBm0 float64) []Sine { return []Sine{{hz1, dBm0}, {hz2, dBm0}} }

func single(hz, dBm0 float64) []Sine { return []Sine{{hz, dBm0}} }

func steady(sines []Sine) cadence { return cadence{steps: []step{{sines: sines}}} }

// bursts alternates sound and pause; times are on, off, on, off ...
func bursts(sines []Sine, times ...time.Duration) cadence {
	var c cadence
	for i, t := range times {
		if i%2 == 0 {
			c.steps = append(c.steps, step{sines, t})
		} else {
			c.steps = append(c.steps, step{nil, t})
		}
	}
	return c
}

// stutter repeats bursts and then, if last is given, goes over to it for good.
func stutter(count int, burst cadence, last ...step) cadence {
	var c cadence
	for range count {
		c.steps = append(c.steps, burst.steps...)
	}
	c.steps = append(c.steps, last...)
	c.loop = once
	return c
}

// table holds every tone of every country. Tones of the phone's own (beep-bonk,
// zip) are the same everywhere; a country lists what differs from the United
// States.
var table = map[Country]map[Name]cadence{
	// Reference section 8; GR-506-CORE.
	US: {
		Dial:         steady(pair(350, 440, dialLevel)),
		OutsideDial:  steady(pair(450, 548, dialLevel)),
		Ringback:     bursts(pair(440, 480, ringLevel), 2000*ms, 4000*ms),
		Busy:         bursts(pair(480, 620, busyLevel), 500*ms, 500*ms),
		Reorder:      bursts(pair(480, 620, busyLevel), 250*ms, 250*ms),
		CallWaiting:  bursts(single(440, noticeLevel), 300*ms, 9700*ms),
		Stutter:      stutter(10, bursts(pair(350, 440, dialLevel), 100*ms, 100*ms), step{sines: pair(350, 440, dialLevel)}),
		Confirmation: stutter(3, bursts(pair(350, 440, dialLevel), 100*ms, 100*ms)),
		BeepBonk:     {steps: []step{{single(1000, -16), 100 * ms}, {single(500, -16), 150 * ms}}, loop: once},
		Zip:          {steps: []step{{single(620, -16), 40 * ms}, {single(880, -16), 40 * ms}, {single(1240, -16), 40 * ms}}, loop: once},
	},
	// ITU-T E.180 Supplement 2.
	UK: {
		Dial:        steady(pair(350, 440, dialLevel)),
		OutsideDial: steady(pair(350, 440, dialLevel)),
		Ringback:    bursts(pair(400, 450, ringLevel), 400*ms, 200*ms, 400*ms, 2000*ms),
		Busy:        bursts(single(400, ringLevel), 375*ms, 375*ms),
		Reorder:     bursts(single(400, ringLevel), 400*ms, 350*ms, 225*ms, 525*ms),
		CallWaiting: bursts(single(400, noticeLevel), 100*ms, 4900*ms),
	},
	// ITU-T E.180 Supplement 2.
	DE: {
		Dial:        steady(single(425, dialLevel)),
		OutsideDial: steady(single(425, dialLevel)),
		Ringback:    bursts(single(425, ringLevel), 1000*ms, 4000*ms),
		Busy:        bursts(single(425, ringLevel), 480*ms, 480*ms),
		Reorder:     bursts(single(425, ringLevel), 240*ms, 240*ms),
		CallWaiting: bursts(single(425, noticeLevel), 200*ms, 200*ms, 200*ms, 5000*ms),
	},
}

// lookup finds a tone of a country, or that of the United States.
func lookup(country Country, n Name) cadence {
	if c, ok := table[country][n]; ok {
		return c
	}
	return table[US][n]
}
