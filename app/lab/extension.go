package lab

// Extension is a number of the lab, and what it does.
type Extension struct {
	Number string
	Does   string
}

// Extensions lists the numbers that may be called.
func Extensions() []Extension { return nil }
