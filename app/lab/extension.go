package lab

import "deskset/app/lab/exchange"

// Extension is a number of the lab, and what it does.
type Extension struct {
	Number string
	Does   string
}

// Extensions lists the numbers that may be called.
func Extensions() []Extension {
	var all []Extension
	for _, n := range exchange.Numbers {
		all = append(all, Extension{n.Digits, n.Does})
	}
	return all
}
