package directory

import (
	"reflect"
	"strings"
	"testing"
)

func TestTablesOfManyPrograms(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"ours", "Name,Label 1,Number 1,Label 2,Number 2\r\nAnna,work,1,Boat,2\r\nBob,,3,,\r\n", "Anna: work=1, Boat=2; Bob: =3"},
		{"Outlook", "First Name,Middle Name,Last Name,Company,Business Street,Business Fax,Business Phone,Home Phone,Mobile Phone,E-mail Address,E-mail Type,Account\n" +
			"Anna,B,Müller,Acme,Street 1,7,1,2,3,a@b,SMTP,123456\n,,,Acme,,,9,,,,,\n", "Anna B Müller: fax=7, work=1, home=2, mobile=3; Acme: work=9"},
		{"Google", "Name,Given Name,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,E-mail 1 - Value\nAnna Müller,Anna,* Mobile,1 ::: 11,Work,2,a@b\n", "Anna Müller: mobile=1, mobile=11, work=2"},
		{"German, semicolons, Latin 1", "Vorname;Nachname;Telefon gesch\xe4ftlich;Mobil\r\nJ\xfcrgen;M\xfcller;1;2\r\n", "Jürgen Müller: work=1, mobile=2"},
		{"Spanish", "Nombre,Apellidos,Teléfono,Móvil\nAna,Ruiz,1,2\n", "Ana Ruiz: =1, mobile=2"},
		{"tabs and a mark", "\xef\xbb\xbfName\tPhone\nAnna\t1\n", "Anna: =1"},
		{"UTF-16", "\xff\xfeN\x00a\x00m\x00e\x00,\x00T\x00e\x00l\x00\n\x00A\x00,\x001\x00", "A: =1"},
		{"sep=", "sep=;\nName;Tel\nA,B;1\n", "A,B: =1"},
		{"no heading", "Anna,+49 30 123\nBob,0171/456,789\n", "Anna: =+49 30 123; Bob: =0171/456, =789"},
		{"no heading, number first", "600,Echo\n601,Read back\n", "Echo: =600; Read back: =601"},
		{"quotes", "Name,Phone\n\"Müller, \"\"Anna\"\"\nDr.\",\"1\"\n", `Müller, "Anna" Dr.: =1`},
		{"bad quotes", "Name,Phone\nAn\"na,1\n", `An"na: =1`},
		{"apostrophe before a formula", "Name,Phone\n'=Sum,'+49123\n'plain,1\n", "=Sum: =+49123; 'plain: =1"},
		{"short and empty rows", "Name,Phone\n\nAnna\n,,,\nBob,2,3,4\n", "Bob: =2"},
		{"control characters", "Name,Phone\nA\x1b\u202eB,1\n", "AB: =1"},
		{"extension", "Name,Extension\nAnna,12\n", "Anna: =12"},
		{"nothing", "", ""},
		{"not a table", "<html>\n<body>", ""},
	}
	for _, tt := range tests {
		if got, problems := ParseCSV("x.csv", []byte(tt.text)); show(got) != tt.want {
			t.Errorf("%s:\n got %s\nwant %s\n%v", tt.name, show(got), tt.want, problems)
		}
	}
}

func TestCSVRoundTrip(t *testing.T) {
	text := WriteCSV(someEntries)
	got, problems := ParseCSV("x", text)
	if !reflect.DeepEqual(got, someEntries) || len(problems) != 0 {
		t.Errorf("\n got %s\nwant %s\n%v", show(got), show(someEntries), problems)
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		for cell := range strings.SplitSeq(line, ",") {
			if cell = strings.TrimPrefix(cell, `"`); strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") {
				t.Errorf("a formula: %s", cell)
			}
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("Name;Phone 1 - Type;Phone 1 - Value\n\"a\"\"b\";Work;1 ::: 2\n"))
	f.Add([]byte("sep=\t\nAnna\t123"))
	f.Add(WriteCSV(someEntries))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, _ := ParseCSV("x", data)
		again, _ := ParseCSV("x", WriteCSV(got))
		if !reflect.DeepEqual(got, again) {
			t.Fatalf("\n%q\n%q", show(got), show(again))
		}
	})
}
