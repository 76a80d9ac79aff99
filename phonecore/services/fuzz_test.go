package services

import (
	"net/url"
	"testing"
	"unicode"
	"unicode/utf8"
)

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"<CiscoIPPhoneMenu><Title>T</Title><MenuItem><Name>a\nb</Name><URL>Dial:1</URL></MenuItem><SoftKeyItem><Position>2</Position></SoftKeyItem></CiscoIPPhoneMenu>",
		"<?xml version='1.0' encoding='iso-8859-1'?><CiscoIPPhoneText><Text>\xfc</Text></CiscoIPPhoneText>",
		"<CiscoIPPhoneImage><LocationX>-1</LocationX><Width>5</Width><Height>2</Height><Depth>2</Depth><Data>E401E402</Data></CiscoIPPhoneImage>",
		"<CiscoIPPhoneIconMenu><MenuItem><IconIndex>9</IconIndex></MenuItem><IconItem><Index>9</Index><Width>16</Width><Height>10</Height><Data>00</Data></IconItem></CiscoIPPhoneIconMenu>",
		"<CiscoIPPhoneInput><InputItem><QueryStringParam>a</QueryStringParam><InputFlags>AP</InputFlags></InputItem></CiscoIPPhoneInput>",
		`<CiscoIPPhoneExecute><ExecuteItem Priority="2" URL="RTPRx:10.0.0.1:20480"/></CiscoIPPhoneExecute>`,
		"<CiscoIPPhoneStatus><Timer>-9</Timer><Text>&#x202e;</Text></CiscoIPPhoneStatus>", "\xff\xfe<\x00", "",
	} {
		f.Add(seed, "text/xml")
		f.Add(seed, "text/plain; charset=utf-16")
	}
	f.Fuzz(func(t *testing.T, data, contentType string) {
		o, notes, err := Parse("fuzz", contentType, []byte(data))
		if (o == nil) == (err == nil) {
			t.Fatalf("%v, %v", o, err)
		}
		if err != nil {
			clean(t, err.Error(), 400)
			return
		}
		for _, n := range notes {
			clean(t, n.Text, 400)
		}
		head := Common(o)
		clean(t, head.Title, maxTitle)
		for i, s := range head.SoftKeys {
			if s.Position < 1 || i > 0 && s.Position <= head.SoftKeys[i-1].Position {
				t.Fatalf("positions %+v", head.SoftKeys)
			}
		}
		switch o := o.(type) {
		case Menu:
			if len(o.Items) > maxItems {
				t.Fatal(len(o.Items))
			}
		case Image:
			if i := o.Image; i.Width > paneWidth || i.Height > paneHeight || len(i.Pixels) != i.Width*i.Height {
				t.Fatalf("%d x %d: %d", i.Width, i.Height, len(i.Pixels))
			}
		case Text:
			if utf8.RuneCountInString(o.Text) > maxText {
				t.Fatal(len(o.Text))
			}
		}
	})
}

func clean(t *testing.T, text string, most int) {
	t.Helper()
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > most {
		t.Fatalf("%d bytes: %.200q", len(text), text)
	}
	for _, c := range text {
		if unicode.Is(unicode.C, c) {
			t.Fatalf("%q", text)
		}
	}
}

func FuzzURI(f *testing.F) {
	for _, seed := range []string{"http://h/a?b#c", "//h", "Dial:1:2", "Key:Line1", "RTPMRx:239.1.1.1:20480:5", "RTPRx:::::", "Play:x", "QueryStringParam:a b", "SoftKey:<<", "http://a:b@c/"} {
		f.Add(seed)
	}
	base, _ := url.Parse("http://pbx.example/a/b?c")
	f.Fuzz(func(t *testing.T, text string) {
		uri, err := ParseURI(text, base)
		if err != nil {
			clean(t, err.Error(), 400)
		}
		switch uri := uri.(type) {
		case Fetch:
			if s := uri.URL.Scheme; s != "http" && s != "https" || uri.URL.Hostname() == "" {
				t.Fatalf("%q: %v", text, uri.URL)
			}
			p := &Page{URL: uri.URL}
			if _, err := p.Submit(Input{Items: []InputItem{{Param: text}}}, []string{text}); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
		case Dial:
			clean(t, uri.Number, maxDial)
		case Play:
			clean(t, uri.File, maxName)
		case Stream:
			if uri.Addr.Port() != 0 && (uri.Addr.Port()%2 != 0 || uri.Addr.Port() < firstPort) || uri.Volume < -1 || uri.Volume > 100 {
				t.Fatalf("%q: %+v", text, uri)
			}
		}
	})
}
