package text

import (
	"fmt"
	"strings"
	"sync/atomic"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// words are texts in one language.
type words map[ID]string

// tongue is a language with its texts, which may be divided by subject.
type tongue struct {
	tag language.Tag
	// name is the language's own, english what parameter files call it.
	name, english string
	parts         []words
}

// tongues are the languages in the order of the menu. The first is the one
// that has every text; what another lacks is shown in it.
var tongues = []tongue{
	{language.English, "English", "english", []words{englishStatus, englishOurs, englishForwarding, englishConference, englishProcessing, englishPages, englishFailures, englishTransfer, englishSecure, englishSound, englishVoice, englishRemedies}},
	{language.German, "Deutsch", "german", []words{german, germanStartUp, germanMenus, germanStatus, germanOurs, germanForwarding, germanConference, germanProcessing, germanPages, germanFailures, germanTransfer, germanSecure, germanSound, germanVoice, germanRemedies}},
	{language.Spanish, "Español", "spanish", []words{spanish, spanishStartUp, spanishMenus, spanishStatus, spanishOurs, spanishForwarding, spanishConference, spanishProcessing, spanishPages, spanishFailures, spanishTransfer, spanishSecure, spanishSound, spanishVoice, spanishRemedies}},
}

// table is a language's texts by ID.
type table [numTexts]string

var (
	tables  []table
	matcher language.Matcher
	// inUse is the index of the language in use. It is the process's and not a
	// phone's: a text is asked for in places that know no phone, and no process
	// but a test has two.
	inUse atomic.Int32
)

func init() {
	tables = make([]table, len(tongues))
	tags := make([]language.Tag, len(tongues))
	copy(tables[0][:], english[:])
	for i, t := range tongues {
		tags[i] = t.tag
		for _, part := range t.parts {
			for id, s := range part {
				tables[i][id] = s
			}
		}
	}
	matcher = language.NewMatcher(tags)
}

// Get gives a text with its arguments filled in, in the language in use.
func Get(id ID, args ...any) string { return tables[inUse.Load()].get(id, args) }

// English gives a text in English whatever the language in use: for the log,
// which others than the phone's user read.
func English(id ID, args ...any) string { return tables[0].get(id, args) }

func (t *table) get(id ID, args []any) string {
	if id >= numTexts {
		return fmt.Sprintf("text(%d)", uint16(id))
	}
	format := t[id]
	if format == "" {
		format = tables[0][id]
	}
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}

// Count chooses between the text for one thing and that for several, by the
// rules of the language in use; the text for several takes n as its argument.
// A language with more than two forms gets its further texts here.
func Count(one, several ID, n int) string {
	if plural.Cardinal.MatchPlural(tongues[inUse.Load()].tag, n, 0, 0, 0, 0) == plural.One {
		return Get(one)
	}
	return Get(several, n)
}

// Language is one that the phone speaks.
type Language struct {
	// Code is its tag (BCP 47), Name its own name.
	Code, Name string
}

func (t tongue) language() Language { return Language{t.tag.String(), t.name} }

// Languages lists those that there are, English first.
func Languages() []Language {
	list := make([]Language, len(tongues))
	for i, t := range tongues {
		list[i] = t.language()
	}
	return list
}

// Use makes a language, by its code, the one in use; one that there is not is
// English.
func Use(code string) {
	at := 0
	for i, t := range tongues {
		if t.tag.String() == code {
			at = i
		}
	}
	inUse.Store(int32(at))
}

// InUse is the language in use.
func InUse() Language { return tongues[inUse.Load()].language() }

// Match finds the language that a wish means: a name as the parameter language
// has it ("german"), its own name, a tag ("de-AT") or a locale of the
// environment ("de_DE.UTF-8").
func Match(wish string) (code string, ok bool) {
	wish = strings.TrimSpace(wish)
	for _, t := range tongues {
		if strings.EqualFold(wish, t.english) || strings.EqualFold(wish, t.name) {
			return t.tag.String(), true
		}
	}
	if end := strings.IndexAny(wish, ".@"); end >= 0 {
		wish = wish[:end]
	}
	tag, err := language.Parse(wish)
	if err != nil {
		return "", false
	}
	_, i, confidence := matcher.Match(tag)
	if confidence < language.High {
		return "", false
	}
	return tongues[i].tag.String(), true
}
