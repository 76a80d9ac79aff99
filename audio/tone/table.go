package tone

import "time"

// Country chooses a row of the tone table (ISO 3166, but for the United Kingdom
// as everybody calls it).
type Country string

// The countries of the table.
const (
	US Country = "US"
	UK Country = "UK"
	DE Country = "DE"
	AT Country = "AT"
	CH Country = "CH"
	ES Country = "ES"
	FR Country = "FR"
	IT Country = "IT"
	NL Country = "NL"
)

// Countries lists those of the table, the default first.
func Countries() []Country { return []Country{US, UK, DE, AT, CH, ES, FR, IT, NL} }

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

// interrupted is the dial tone that tells of messages, and confirmed what says
// that something is done (GR-506-CORE sections 17.2.4 and 17.2.10), both made of
// a country's dial tone.
func interrupted(dial []Sine) cadence {
	return stutter(10, bursts(dial, 100*ms, 100*ms), step{sines: dial})
}

func confirmed(dial []Sine) cadence { return stutter(3, bursts(dial, 100*ms, 100*ms)) }

// everywhere holds the tones of the phone's own.
var everywhere = map[Name]cadence{
	BeepBonk: {steps: []step{{single(1000, -16), 100 * ms}, {single(500, -16), 150 * ms}}, loop: once},
	Zip:      {steps: []step{{single(620, -16), 40 * ms}, {single(880, -16), 40 * ms}, {single(1240, -16), 40 * ms}}, loop: once},
}

var (
	dialUS     = pair(350, 440, dialLevel)
	dialUK     = pair(350, 440, dialLevel)
	dialDE     = single(425, dialLevel)
	dialAT     = single(420, dialLevel)
	dialFR     = single(440, dialLevel)
	toneDE     = single(425, ringLevel)
	toneAT     = single(420, ringLevel)
	toneFR     = single(440, ringLevel)
	waiting425 = single(425, noticeLevel)
)

// fromDial adds to a country's tones those that are its dial tone's sound, as far
// as it has no others.
func fromDial(dial []Sine, tones map[Name]cadence) map[Name]cadence {
	for n, c := range map[Name]cadence{Dial: steady(dial), OutsideDial: steady(dial), Stutter: interrupted(dial), Confirmation: confirmed(dial)} {
		if _, own := tones[n]; !own {
			tones[n] = c
		}
	}
	return tones
}

// table holds the tones of every country. The United States': reference section
// 8 and GR-506-CORE; the others': ITU-T E.180 Supplement 2.
var table = map[Country]map[Name]cadence{
	US: fromDial(dialUS, map[Name]cadence{
		OutsideDial: steady(pair(450, 548, dialLevel)),
		Ringback:    bursts(pair(440, 480, ringLevel), 2000*ms, 4000*ms),
		Busy:        bursts(pair(480, 620, busyLevel), 500*ms, 500*ms),
		Reorder:     bursts(pair(480, 620, busyLevel), 250*ms, 250*ms),
		CallWaiting: bursts(single(440, noticeLevel), 300*ms, 9700*ms),
	}),
	UK: fromDial(dialUK, map[Name]cadence{
		Ringback:    bursts(pair(400, 450, ringLevel), 400*ms, 200*ms, 400*ms, 2000*ms),
		Busy:        bursts(single(400, ringLevel), 375*ms, 375*ms),
		Reorder:     bursts(single(400, ringLevel), 400*ms, 350*ms, 225*ms, 525*ms),
		CallWaiting: bursts(single(400, noticeLevel), 100*ms, 4900*ms),
		Stutter:     bursts(dialUK, 750*ms, 750*ms),
	}),
	DE: fromDial(dialDE, map[Name]cadence{
		Ringback:    bursts(toneDE, 1000*ms, 4000*ms),
		Busy:        bursts(toneDE, 480*ms, 480*ms),
		Reorder:     bursts(toneDE, 240*ms, 240*ms),
		CallWaiting: bursts(waiting425, 200*ms, 200*ms, 200*ms, 5000*ms),
	}),
	AT: fromDial(dialAT, map[Name]cadence{
		Ringback:    bursts(toneAT, 1000*ms, 5000*ms),
		Busy:        bursts(toneAT, 400*ms, 400*ms),
		Reorder:     bursts(toneAT, 200*ms, 200*ms),
		CallWaiting: bursts(single(420, noticeLevel), 40*ms, 1960*ms),
	}),
	CH: fromDial(dialDE, map[Name]cadence{
		Ringback:    bursts(toneDE, 1000*ms, 4000*ms),
		Busy:        bursts(toneDE, 500*ms, 500*ms),
		Reorder:     bursts(toneDE, 200*ms, 200*ms),
		CallWaiting: bursts(waiting425, 200*ms, 200*ms, 200*ms, 4000*ms),
	}),
	ES: fromDial(dialDE, map[Name]cadence{
		Ringback:    bursts(toneDE, 1500*ms, 3000*ms),
		Busy:        bursts(toneDE, 200*ms, 200*ms),
		Reorder:     bursts(toneDE, 200*ms, 200*ms, 200*ms, 200*ms, 200*ms, 600*ms),
		CallWaiting: bursts(waiting425, 175*ms, 175*ms, 175*ms, 3500*ms),
	}),
	FR: fromDial(dialFR, map[Name]cadence{
		Ringback:    bursts(toneFR, 1500*ms, 3500*ms),
		Busy:        bursts(toneFR, 500*ms, 500*ms),
		Reorder:     bursts(toneFR, 250*ms, 250*ms),
		CallWaiting: bursts(single(440, noticeLevel), 300*ms, 10000*ms),
	}),
	IT: fromDial(dialDE, map[Name]cadence{
		Dial:        bursts(dialDE, 200*ms, 200*ms, 600*ms, 1000*ms),
		Ringback:    bursts(toneDE, 1000*ms, 4000*ms),
		Busy:        bursts(toneDE, 500*ms, 500*ms),
		Reorder:     bursts(toneDE, 200*ms, 200*ms),
		CallWaiting: bursts(waiting425, 400*ms, 100*ms, 250*ms, 100*ms, 150*ms, 14000*ms),
	}),
	NL: fromDial(dialDE, map[Name]cadence{
		Ringback:    bursts(toneDE, 1000*ms, 4000*ms),
		Busy:        bursts(toneDE, 500*ms, 500*ms),
		Reorder:     bursts(toneDE, 250*ms, 250*ms),
		CallWaiting: bursts(waiting425, 500*ms, 9500*ms),
	}),
}

// lookup finds a tone of a country; one that the table does not have sounds as
// in the United States.
func lookup(country Country, n Name) cadence {
	if c, ok := everywhere[n]; ok {
		return c
	}
	tones, ok := table[country]
	if !ok {
		tones = table[US]
	}
	return tones[n]
}
