package lab

// Faults lists the names that Options.Fault knows, with what each does.
func Faults() []string { return nil }
