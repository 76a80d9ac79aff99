package services

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"deskset/phonecore/view"
)

func parse(t *testing.T, text string) Object {
	t.Helper()
	o, _, err := Parse("test", "text/xml", []byte(text))
	if err != nil {
		t.Fatalf("%.80s: %v", text, err)
	}
	return o
}

func TestEveryObjectIsRead(t *testing.T) {
	head := Head{Title: "T", Prompt: "P"}
	square := view.Image{Width: 4, Height: 1, X: -1, Y: -1, Pixels: []byte{1, 3, 2, 0}}
	placed := square
	placed.X, placed.Y = 7, 60
	const picture = "<LocationX>7</LocationX><LocationY>60</LocationY><Width>4</Width><Height>1</Height><Depth>2</Depth><Data>2D</Data>"
	tests := []struct {
		text string
		want Object
	}{
		{"<CiscoIPPhoneMenu><Title>T</Title><Prompt>P</Prompt><MenuItem><Name>One</Name><URL>http://h/?a=1&amp;b=2</URL></MenuItem></CiscoIPPhoneMenu>",
			Menu{head, []Item{{"One", "http://h/?a=1&b=2", -1}}}},
		{"<CiscoIPPhoneText><Title>T</Title><Text>one\r\n\r\n  two\tthree </Text><Prompt>P</Prompt></CiscoIPPhoneText>",
			Text{head, "one\n\ntwo three"}},
		{"<CiscoIPPhoneInput><Title>T</Title><Prompt>P</Prompt><URL method='POST'>find</URL><InputItem><DisplayName>Who</DisplayName>" +
			"<QueryStringParam>q</QueryStringParam><DefaultValue>a</DefaultValue><InputFlags>UP</InputFlags></InputItem></CiscoIPPhoneInput>",
			Input{head, "find", []InputItem{{"Who", "q", "a", InputUpper, true}}}},
		{"<CiscoIPPhoneDirectory><Title>T</Title><Prompt>P</Prompt><DirectoryEntry><Name>Anna</Name><Telephone>+49 30 1</Telephone></DirectoryEntry></CiscoIPPhoneDirectory>",
			Directory{head, []Entry{{"Anna", "+49 30 1"}}}},
		{"<CiscoIPPhoneImage><Title>T</Title><Prompt>P</Prompt>" + picture + "</CiscoIPPhoneImage>", Image{head, placed}},
		{"<CiscoIPPhoneGraphicMenu><Title>T</Title><Prompt>P</Prompt>" + picture + "<MenuItem><Name>N</Name><URL>Key:Info</URL></MenuItem></CiscoIPPhoneGraphicMenu>",
			GraphicMenu{head, placed, []Item{{"N", "Key:Info", -1}}}},
		{"<CiscoIPPhoneIconMenu><Title>T</Title><Prompt>P</Prompt><MenuItem><IconIndex>2</IconIndex><Name>N</Name></MenuItem>" +
			"<IconItem><Index>2</Index><Width>4</Width><Height>1</Height><Depth>2</Depth><Data>2D</Data></IconItem></CiscoIPPhoneIconMenu>",
			IconMenu{head, []Item{{"N", "", 2}}, [maxIcons]*view.Image{2: &square}}},
		{"<CiscoIPPhoneStatus><Text>Line</Text><Timer>0</Timer>" + picture + "</CiscoIPPhoneStatus>", Status{"Line", true, 0, &view.Image{Width: 4, Height: 1, X: 7, Y: -1, Pixels: square.Pixels}}},
		{`<CiscoIPPhoneExecute><ExecuteItem Priority="1" URL="http://h/"/><ExecuteItem URL="Play:a.raw"/></CiscoIPPhoneExecute>`,
			Execute{[]ExecuteItem{{"http://h/", PriorityWhenIdle}, {"Play:a.raw", PriorityNow}}}},
		{`<CiscoIPPhoneResponse><ResponseItem Status="0" Data="Success" URL="Key:Soft1"/></CiscoIPPhoneResponse>`,
			Response{[]ResponseItem{{0, "Success", "Key:Soft1"}}}},
		{`<CiscoIPPhoneError Number="4">no</CiscoIPPhoneError>`, ErrorObject{4, "no"}},
		{"<CiscoIPPhoneIconFileMenu><Title>T</Title><Prompt>P</Prompt><MenuItem><IconIndex>1</IconIndex><Name>N</Name></MenuItem></CiscoIPPhoneIconFileMenu>",
			Menu{head, []Item{{"N", "", -1}}}},
		{"<CiscoIPPhoneStatusFile><Text>Line</Text><URL>http://h/a.png</URL></CiscoIPPhoneStatusFile>", Status{Text: "Line"}},
	}
	for _, tt := range tests {
		for _, text := range []string{tt.text, "\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>\r\n" + tt.text + "\n", strings.Replace(tt.text, "CiscoIPPhone", "ciscoipphone", 2)} {
			if got := parse(t, text); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%.100s:\n got %+v\nwant %+v", text, got, tt.want)
			}
		}
	}
}

func TestWhatIsNoObjectIsRefused(t *testing.T) {
	tests := []struct {
		contentType, text string
		want              error
	}{
		{"text/html", "<!DOCTYPE html><html><body>log in</body></html>", ErrNoObject},
		{"text/xml", "", ErrNoObject},
		{"text/xml", "hello", ErrNoObject},
		{"text/xml", "<CiscoIPPhone/>", ErrNoObject},
		{"text/xml", "<CiscoIPPhoneImageFile><URL>http://h/a.png</URL></CiscoIPPhoneImageFile>", ErrUnsupported},
		{"text/xml", "<CiscoIPPhoneGraphicFileMenu><URL>http://h/a.png</URL></CiscoIPPhoneGraphicFileMenu>", ErrUnsupported},
		{"text/xml", "<CiscoIPPhoneFuture><Title>x</Title></CiscoIPPhoneFuture>", ErrUnsupported},
		{"text/xml", "<CiscoIPPhoneImage><Title>x</Title></CiscoIPPhoneImage>", ErrMalformed},
		{"text/xml", "<CiscoIPPhoneGraphicMenu/>", ErrMalformed},
		{"text/xml", "<CiscoIPPhoneInput><URL>x</URL></CiscoIPPhoneInput>", ErrMalformed},
		{"text/xml", "<CiscoIPPhoneStatus/>", ErrMalformed},
		{"text/xml", "<CiscoIPPhoneMenu><Tit", ErrMalformed},
		{"text/xml", "<CiscoIPPhoneMenu><Title>T</Title><MenuItem><Na", ErrMalformed},
		{"text/xml", "<CiscoIPPhoneText><Title", ErrMalformed},
	}
	for _, tt := range tests {
		if o, _, err := Parse("x", tt.contentType, []byte(tt.text)); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, %v, want %v", tt.text, o, err, tt.want)
		}
	}
}

func TestServersMistakesAreForgiven(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"end tags missing", "<CiscoIPPhoneMenu><MenuItem><Name>a<URL>x</URL></MenuItem><MenuItem><Name>b</Name></CiscoIPPhoneMenu>", "a b"},
		{"upper case", "<CISCOIPPHONEMENU><MENUITEM><NAME>a</NAME></MENUITEM></CISCOIPPHONEMENU>", "a"},
		{"lone ampersand", "<CiscoIPPhoneMenu><MenuItem><Name>AT&T</Name></MenuItem></CiscoIPPhoneMenu>", "AT&T"},
		{"character data", "<CiscoIPPhoneMenu><MenuItem><Name><![CDATA[a <b>]]></Name></MenuItem></CiscoIPPhoneMenu>", "a <b>"},
		{"no end", "<CiscoIPPhoneMenu><MenuItem><Name>a</Name></MenuItem>", "a"},
		{"comment before it", "<?xml version='1.0'?><!-- x --><!DOCTYPE a><CiscoIPPhoneMenu><MenuItem><Name>a</Name></MenuItem></CiscoIPPhoneMenu>", "a"},
		{"control characters", "<CiscoIPPhoneMenu><MenuItem><Name>a\x1b[2J\u202eb</Name></MenuItem></CiscoIPPhoneMenu>", "a[2Jb"},
		{"three lines", "<CiscoIPPhoneMenu><MenuItem><Name>\n one\n\ntwo\r\nthree\nfour </Name></MenuItem></CiscoIPPhoneMenu>", "one/two/three four"},
	}
	for _, tt := range tests {
		var names []string
		for _, item := range parse(t, tt.text).(Menu).Items {
			names = append(names, strings.ReplaceAll(item.Name, "\n", "/"))
		}
		if got := strings.Join(names, " "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestEncodings(t *testing.T) {
	page := func(declaration, word string) string {
		return declaration + "<CiscoIPPhoneText><Text>" + word + "</Text></CiscoIPPhoneText>"
	}
	wide := func(text string, little bool) string {
		var b strings.Builder
		for _, c := range text {
			if little {
				b.Write([]byte{byte(c), byte(c >> 8)})
			} else {
				b.Write([]byte{byte(c >> 8), byte(c)})
			}
		}
		return b.String()
	}
	tests := []struct{ name, contentType, text, want string }{
		{"UTF-8", "text/xml", page(`<?xml version="1.0" encoding="UTF-8"?>`, "Jürgen €"), "Jürgen €"},
		{"nothing declared, Latin 1", "text/xml", page("", "J\xfcrgen"), "Jürgen"},
		{"declared UTF-8, but Latin 1", "text/xml; charset=utf-8", page(`<?xml version="1.0" encoding="utf-8"?>`, "J\xfcrgen"), "Jürgen"},
		{"declared Latin 1", "text/xml", page(`<?xml version='1.0' encoding='ISO-8859-1'?>`, "J\xfcrgen \x80"), "Jürgen €"},
		{"header", "text/xml; charset=iso-8859-2", page("", "\xa3\xf3d\xbc"), "Łódź"},
		{"the declaration before the header", "text/xml; charset=iso-8859-1", page(`<?xml version="1.0" encoding="UTF-8"?>`, "ü"), "ü"},
		{"Latin 9", "text/xml", page(`<?xml version="1.0" encoding="iso-8859-15" ?>`, "\xa4"), "€"},
		{"UTF-16 with a mark", "text/xml", "\xff\xfe" + wide(page(`<?xml version="1.0" encoding="UTF-16"?>`, "Łódź"), true), "Łódź"},
		{"UTF-16 big endian without a mark", "text/xml", wide(page("", "Łódź"), false), "Łódź"},
		{"UTF-16 only declared", "text/xml", page(`<?xml version="1.0" encoding="UTF-16"?>`, "ü"), "ü"},
		{"references", "text/xml", page("", "&#252;&#x20AC;&lt;&amp;"), "ü€<&"},
	}
	for _, tt := range tests {
		o, _, err := Parse("x", tt.contentType, []byte(tt.text))
		if text, ok := o.(Text); err != nil || !ok || text.Text != tt.want {
			t.Errorf("%s: %+v, %v, want %q", tt.name, o, err, tt.want)
		}
	}
	if o, _, err := Parse("x", "text/plain; charset=iso-8859-1", []byte("line 1\r\nJ\xfcrgen")); err != nil || !reflect.DeepEqual(o, Text{Text: "line 1\nJürgen"}) {
		t.Errorf("plain text: %+v, %v", o, err)
	}
}

func TestLimits(t *testing.T) {
	items := func(n int) string {
		return strings.Repeat("<MenuItem><Name>"+strings.Repeat("n", 70)+"</Name><URL>"+strings.Repeat("u", 300)+"</URL></MenuItem>", n)
	}
	menu, notes, err := Parse("x", "", []byte("<CiscoIPPhoneMenu><Title>"+strings.Repeat("ä", 40)+"</Title>"+items(120)+"</CiscoIPPhoneMenu>"))
	m, ok := menu.(Menu)
	if err != nil || !ok || len(m.Items) != 100 || len(m.Items[0].Name) != 64 || len(m.Items[0].URL) != 300 || m.Title != strings.Repeat("ä", 32) {
		t.Errorf("%d items, %v", len(m.Items), err)
	}
	if len(notes) != maxNotes {
		t.Errorf("%d notes", len(notes))
	}
	if m := parse(t, "<CiscoIPPhoneIconMenu>"+items(40)+"</CiscoIPPhoneIconMenu>").(IconMenu); len(m.Items) != 32 {
		t.Errorf("%d items of an icon menu", len(m.Items))
	}
	text := parse(t, "<CiscoIPPhoneText><Text>"+strings.Repeat("ä\n", 3000)+"</Text></CiscoIPPhoneText>").(Text)
	if n := len([]rune(text.Text)); n > 4000 || n < 3990 {
		t.Errorf("%d characters", n)
	}
	entries := strings.Repeat("<DirectoryEntry><Name>a</Name><Telephone>"+strings.Repeat("1", 65)+"</Telephone></DirectoryEntry>", 40)
	if d := parse(t, "<CiscoIPPhoneDirectory>"+entries+"</CiscoIPPhoneDirectory>").(Directory); len(d.Entries) != 32 || d.Entries[0].Number != "" {
		t.Errorf("%d entries, first %+v", len(d.Entries), d.Entries[0])
	}
	if e := parse(t, "<CiscoIPPhoneExecute>"+strings.Repeat(`<ExecuteItem URL="Key:Info" Priority="7"/>`, 5)+"</CiscoIPPhoneExecute>").(Execute); len(e.Items) != 3 || e.Items[0].Priority != PriorityNow {
		t.Errorf("%+v", e)
	}
	fields := strings.Repeat("<InputItem><QueryStringParam>q</QueryStringParam><InputFlags>Q</InputFlags></InputItem>", 7)
	if in := parse(t, "<CiscoIPPhoneInput>"+fields+"</CiscoIPPhoneInput>").(Input); len(in.Items) != 5 || in.Items[0].Kind != InputText {
		t.Errorf("%+v", in)
	}
}

func TestSoftKeysAndKeys(t *testing.T) {
	soft := func(position, name string) string {
		return "<SoftKeyItem><Name>" + name + "</Name><Position>" + position + "</Position><URL>SoftKey:Exit</URL></SoftKeyItem>"
	}
	head := Common(parse(t, "<CiscoIPPhoneText>"+soft("3", "c")+soft("1", "a")+soft("", "b")+soft("3", "d")+soft("99", "e")+
		"<KeyItem><Key>KeyPad5</Key><URL>Dial:1</URL></KeyItem><KeyItem><Key>NavLeft</Key></KeyItem></CiscoIPPhoneText>"))
	var got []string
	for _, s := range head.SoftKeys {
		got = append(got, fmt.Sprint(s.Position, s.Name))
	}
	if want := "1a 2b 3c 4d 5e"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	if want := []KeyAction{{Key: view.Key5, URL: "Dial:1"}}; !reflect.DeepEqual(head.Keys, want) {
		t.Errorf("%+v", head.Keys)
	}
}
