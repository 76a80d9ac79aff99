// Package text is the one catalogue of what the phone says: every word on the
// LCD that is not a name, a number or a parameter stands here, so that wording
// is changed and translated in one place.
//
// An ID names a text. english.go has the English words of those in
// catalogue.go, ours_english.go of those in ours.go. A language has the same
// IDs in files of its own and a row in the table of language.go; a text that
// it lacks is shown in English. What is in a translation:
//
//   - the verbs of the English text, which may change places (%[2]s);
//   - the guide's words for what a person looks up in the guide or finds in a
//     file stay as they are: "TFTP Timeout", "Load ID", names of parameters;
//   - soft keys, titles and prompts fit their place: see the tests of app/.
//
// The guide's own words are used where the guide gives them (chapter 2,
// "Verifying Startup"; chapter 3).
package text
