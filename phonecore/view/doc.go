// Package view holds what passes between the phone and a face: keys one way,
// views the other. It has values only, no behaviour of the phone, and imports
// nothing of the project, so every face (window, terminal, screenshot, test)
// sees exactly the same phone.
//
// A face sends [Key] presses and releases and draws the latest [View]. A View
// is immutable once published: a face must not change its slices.
package view
