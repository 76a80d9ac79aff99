// Package boot is the documented start-up (guide chapter 2, "Initialization
// Process Overview" and "Verifying Startup") as a table of stages: each gets
// what the stages before it learned, learns more, and reports what it did and
// whether it was real, taken from the host, or simulated.
//
// Stages run on a goroutine of their own, because they wait for the network;
// the phone's event loop gets a [Progress] for every step and the [Values] at
// the end. No stage stops the start-up: what fails is reported, and the phone
// goes on with what it has in flash, as the instrument does.
package boot
