package samples

import (
	"strings"

	"deskset/phonecore/view"
)

// limits is what strains the layouts: long texts, other scripts, full panes.
func limits() []Sample {
	long := phone("long-texts", view.LineLabel{Icon: view.IconConnected, Selected: true},
		"A prompt that is much too long for the width of the glass", soft("Supercalifragilistic", "W", "gjpqy", "ÄÖÜÅÇ"),
		view.Row{Icon: view.IconConnected, Text: "Augusta Ada King, Countess of Lovelace", Right: "10:12:41", Style: view.StyleBold, Highlight: true},
		view.Row{Text: "augusta.ada.king@analytical-engines.example.com"},
		view.Row{Text: "Beside a label of the greatest length", Right: "0:41"},
		view.Row{Text: "gjpqy ÄÖÜ ÅÇÉ ñãõ ßøæ ðþ žšč"},
		view.Row{Text: "Another row that is long"},
		view.Row{Text: "This row has no label at its side, so it is long"})
	long.View.Screen.Status = view.StatusRow{
		Left: "Wednesday, 21 November 2026, 10:45a", Right: "A phone label without end", Icon: view.IconLocked,
	}
	long.View.Screen.Lines[2].Text = "Reception, main building"

	many := phone("many-rows", view.LineLabel{Icon: view.IconHold}, "7 calls", soft("Resume", "NewCall"))
	for i := range 7 {
		many.View.Screen.Rows = append(many.View.Screen.Rows, view.Row{
			Icon: view.IconHold, Text: "Call " + strings.Repeat("I", i+1), Right: "0:01", Highlight: i == 6,
		})
	}
	many.View.Screen.Selected = 6

	return []Sample{
		long, many,
		sample("scripts", view.Screen{
			Layout: view.LayoutMenu, Title: "Directory Ærøskøbing", Selected: 1, Soft: soft("Wählen", "Löschen", "Précéd.", "Další"),
			Items: []view.Item{
				{Number: 1, Label: "Zażółć gęślą jaźń", Value: "Polski"},
				{Number: 2, Label: "Ада Лавлейс", Value: "Русский"},
				{Number: 3, Label: "Ἀθηνᾶ Παπαδοπούλου", Value: "Ελληνικά"},
				{Number: 4, Label: "עדה לאבלייס (5550199)", Value: "עברית"},
				{Number: 5, Label: "山田太郎 やまだ", Value: "日本語"},
				{Number: 6, Label: "김철수", Value: "한국어 \U0001f600"},
			},
		}),
		sample("latin", view.Screen{
			Layout: view.LayoutText, Title: "Latin-1", Text: latin(), Soft: soft("", "", "", "Exit"),
		}),
	}
}

// latin lists every printable rune of Latin-1.
func latin() []string {
	var b strings.Builder
	for r := rune('!'); r <= 0xff; r++ {
		if r < 0x7f || r > 0xa0 && r != 0xad {
			b.WriteRune(r)
		}
		if r%16 == 15 {
			b.WriteByte(' ')
		}
	}
	return []string{b.String()}
}
