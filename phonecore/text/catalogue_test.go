package text

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// use sets a language for one test.
func use(t *testing.T, code string) {
	t.Helper()
	Use(code)
	t.Cleanup(func() { Use("") })
}

func TestEveryTextHasWords(t *testing.T) {
	for id := None + 1; id < numTexts; id++ {
		if tables[0][id] == "" {
			t.Errorf("text %d has no English words", id)
		}
	}
}

// TestEveryTextIsTranslated names the texts that a language lacks. Until they
// are there the phone shows them in English, so that a new text needs no
// translator at once: only CI insists.
func TestEveryTextIsTranslated(t *testing.T) {
	lacks := t.Logf
	if os.Getenv("CI") != "" {
		lacks = t.Errorf
	}
	for i, tongue := range tongues[1:] {
		for id := None + 1; id < numTexts; id++ {
			if tables[i+1][id] == "" {
				lacks("%s lacks %d: %q", tongue.english, id, tables[0][id])
			}
		}
	}
}

func TestNoTextStandsInTwoPartsOfALanguage(t *testing.T) {
	for _, tongue := range tongues {
		seen := map[ID]bool{}
		for _, part := range tongue.parts {
			for id, s := range part {
				if seen[id] || id == None || id >= numTexts || s == "" {
					t.Errorf("%s: %d %q twice, out of range or empty", tongue.english, id, s)
				}
				seen[id] = true
			}
		}
	}
	for _, part := range tongues[0].parts {
		for id := range part {
			if id < numIDs {
				t.Errorf("text %d has its English words in two places", id)
			}
		}
	}
}

var verb = regexp.MustCompile(`%(\[\d+\])?[#+ -]*\d*(\.\d+)?[a-z%]`)

// verbs are those of a format by the argument that they take.
func verbs(format string) []string {
	var list []string
	next := 1
	for _, v := range verb.FindAllStringSubmatch(format, -1) {
		if strings.HasSuffix(v[0], "%") {
			continue
		}
		at := "[" + string(rune('0'+next)) + "]"
		if v[1] != "" {
			at = v[1]
			next = int(at[1]-'0') + 1
		} else {
			next++
		}
		list = append(list, at+v[0][len(v[0])-1:])
	}
	slices.Sort(list)
	return list
}

func TestTranslationsTakeTheSameArguments(t *testing.T) {
	for i, tongue := range tongues[1:] {
		for id, format := range tables[i+1] {
			want, got := verbs(tables[0][id]), verbs(format)
			if format != "" && !slices.Equal(got, want) {
				t.Errorf("%s %d: %q takes %v, %q takes %v", tongue.english, id, format, got, tables[0][id], want)
			}
			if strings.Contains(Get(ID(id), make([]any, len(want))...), "EXTRA") {
				t.Errorf("text %d leaves arguments over", id)
			}
		}
	}
}

func TestRemediesNeedNoArguments(t *testing.T) {
	for message, remedy := range remedies {
		if v := verbs(tables[0][remedy]); len(v) > 0 || Remedy(message) == "" {
			t.Errorf("%q: remedy %q takes %v", tables[0][message], tables[0][remedy], v)
		}
	}
	if got := Remedy(StatusStarted); got != "" {
		t.Errorf("no trouble has the remedy %q", got)
	}
}

// TestTextsAreCleanAndInLatin1 keeps what the LCD's fonts have.
func TestTextsAreCleanAndInLatin1(t *testing.T) {
	for i, tongue := range tongues {
		for id, s := range tables[i] {
			for _, r := range s {
				if !unicode.IsPrint(r) || r > unicode.MaxLatin1 {
					t.Errorf("%s %d: %q holds %q", tongue.english, id, s, r)
				}
			}
			if strings.HasPrefix(s, " ") || strings.Contains(s, "  ") {
				t.Errorf("%s %d: %q has blanks too many", tongue.english, id, s)
			}
		}
	}
}

func TestGetOfAnUnknownTextDoesNotPanic(t *testing.T) {
	if got := Get(numTexts + 7); got == "" {
		t.Error("want some text")
	}
}

func TestLanguageInUse(t *testing.T) {
	use(t, "de")
	if got := Get(MenuSettings); got != "Einstellungen" || InUse().Name != "Deutsch" {
		t.Errorf("%q in %v", got, InUse())
	}
	if got := English(MenuSettings); got != "Settings" {
		t.Errorf("English: %q", got)
	}
	Use("fr")
	if got := InUse().Code; got != "en" {
		t.Errorf("a language that there is not: %q", got)
	}
}

func TestMissingTextIsShownInEnglish(t *testing.T) {
	use(t, "de")
	kept := tables[1][MenuSettings]
	defer func() { tables[1][MenuSettings] = kept }()
	tables[1][MenuSettings] = ""
	if got := Get(MenuSettings); got != "Settings" {
		t.Errorf("%q", got)
	}
}

func TestCountFollowsTheLanguage(t *testing.T) {
	for _, c := range []struct {
		code string
		n    int
		want string
	}{
		{"en", 1, "1 missed call"}, {"en", 0, "0 missed calls"}, {"en", 2, "2 missed calls"},
		{"de", 1, "1 Anruf in Abwesenheit"}, {"de", 3, "3 Anrufe in Abwesenheit"},
		{"es", 1, "1 llamada perdida"}, {"es", 5, "5 llamadas perdidas"},
	} {
		use(t, c.code)
		if got := Count(MissedCall, MissedCalls, c.n); got != c.want {
			t.Errorf("%s %d: %q, want %q", c.code, c.n, got, c.want)
		}
	}
}

func TestMatch(t *testing.T) {
	for wish, want := range map[string]string{
		"german": "de", "Deutsch": "de", "de": "de", "de-AT": "de", "de_CH.UTF-8": "de", "de_DE@euro": "de",
		"spanish": "es", "español": "es", "es_MX.UTF-8": "es", "es-419": "es",
		"english": "en", "English": "en", "en_GB": "en", " en_US.UTF-8 ": "en",
		"": "", "C": "", "POSIX": "", "C.UTF-8": "", "fr_FR": "", "klingon": "", "\x00": "", "de;rm -rf": "",
	} {
		if code, ok := Match(wish); code != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", wish, code, ok, want)
		}
	}
}
