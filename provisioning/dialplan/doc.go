// Package dialplan reads dialplan.xml and matches dialled digits against it.
// The guide's release has no dial plan yet; the format is that of releases 2.0
// and later (the reference, section 3):
//
//	<DIALTEMPLATE>
//	  <TEMPLATE MATCH="9,1.........." TIMEOUT="0" USER="Phone" TONE="Bellcore-Outside"/>
//	  <TEMPLATE MATCH="*" TIMEOUT="5"/>
//	</DIALTEMPLATE>
//
// A pattern consists of digits, # and + that stand for themselves, "." for one
// dialled digit, * for one or more, \* for a star, and commas where a second
// dial tone is to be heard. It is matched while the number is being dialled:
//
//	plan, problems := dialplan.Parse("dialplan.xml", data)
//	r := plan.Match("9", 1) // r.Tone is set: play it
//
// Which template wins is not the first in the file: the one that matches most
// literal characters does; then one without wildcards before one with dots
// before one with a star. A template that would match more than it does so far
// holds back a shorter one that is complete.
//
// Where later firmware hesitates, # dials at once, as all manuals say: unless a
// template matches it literally, it ends the number and is not sent.
package dialplan
