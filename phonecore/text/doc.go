// Package text is the one catalogue of what the phone says: every word on the
// LCD that is not a name, a number or a parameter stands here, so that wording
// is changed, and one day translated, in one place. The guide's own words are
// used where the guide gives them (chapter 2, "Verifying Startup"; chapter 3).
package text
