package xmltree

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"deskset/provisioning/fieldtest"
)

// show writes a tree as name@attr=value[kids]text.
func show(n *Node) string {
	var b strings.Builder
	b.WriteString(n.Name)
	for _, a := range n.Attrs {
		fmt.Fprintf(&b, "@%s=%s", a.Name, a.Value)
	}
	if len(n.Kids) > 0 {
		var kids []string
		for _, k := range n.Kids {
			kids = append(kids, show(k))
		}
		fmt.Fprintf(&b, "[%s]", strings.Join(kids, " "))
	}
	if n.Text != "" {
		fmt.Fprintf(&b, "'%s'", n.Text)
	}
	return b.String()
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, text, want string
		problems         int
	}{
		{"well-formed", `<?xml version="1.0"?><a x="1"><b>two</b><c/></a>`, "[a@x=1[b'two' c]]", 0},
		{"byte order mark, CRLF, comment", "\xef\xbb\xbf<a>\r\n<!-- <b/> -->\r\n text\r\n</a>", "[a'text']", 0},
		{"entities", `<a x="&lt;&#65;&quot;">a &amp; b&nbsp;&copy; AT&T &#0;</a>`, `[a@x=<A"'a & b&nbsp;&copy; AT&T &#0;']`, 0},
		{"cdata", `<a>x<![CDATA[<b>&amp;]]></a>`, "[a'x <b>&amp;']", 0},
		{"attribute twice", `<T TONE="1" TONE="2"/>`, "[T@TONE=1@TONE=2]", 0},
		{"single quotes, blanks around =", `<a x = 'it is "y"' />`, `[a@x=it is "y"]`, 0},
		{"angle brackets in a value", `<a x="<sip:%s@h>"/>`, "[a@x=<sip:%s@h>]", 0},
		{"doubled bracket, no root", `<TEMPLATE MATCH="1"/>>`, "[TEMPLATE@MATCH=1]'>'", 0},
		{"end tag with a number", `<d><loadInformation model="x">y</loadInformation434><c/></d>`, "[d[loadInformation@model=x'y' c]]", 1},
		{"wrong number on both", `<d><P2><x/></P1><c/></d>`, "[d[P2[x] c]]", 1},
		{"stray end tag", `<d><line><x>1</x></line></line><c/></d>`, "[d[line[x'1'] c]]", 1},
		{"missing end tag", `<d><a><b>1</a><c/></d>`, "[d[a[b'1'] c]]", 1},
		{"missing quote", `<IMAGE VERSION="P0S3-8-12-00 SYNC="1"/>`, "[IMAGE@VERSION=P0S3-8-12-00@SYNC=1]", 1},
		{"quote never ends", "<a x=\"1/>\n<b/>", "[a@x=1 b]", 1},
		{"bare value", `<a x=1 y=2/>`, "[a@x=1@y=2]", 2},
		{"attribute without value", `<a x y="1">z</a>`, "[a@x=@y=1'z']", 1},
		{"start tag not closed", `<a><b <c/></a>`, "[a[b[c]]]", 2},
		{"nothing closed", `<a><b>`, "[a[b]]", 1},
		{"comment never ends", `<a/><!-- x`, "[a]", 1},
		{"lone bracket", `<a>1 < 2</a>`, "[a'1 < 2']", 0},
		{"template code", `<a>{% if x %}<b>{{y}}</b>{% endif %}</a>`, "[a[b'{{y}}']'{% if x %} {% endif %}']", 0},
		{"latin 1", "<a>M\xfcller</a>", "[a'Müller']", 0},
		{"empty", "", "", 0},
		{"no xml", "just text", "'just text'", 0},
		{"utf-16", "\xff\xfe<\x00", "", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root, problems := Parse("f.xml", []byte(tt.text))
			if got := show(root); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if len(problems) != tt.problems {
				t.Errorf("problems %v, want %d", problems, tt.problems)
			}
		})
	}
}

func TestProblemsNameTheLine(t *testing.T) {
	_, problems := Parse("f.xml", []byte("<a>\n<b>\n<c/>\n</line>\n</a>"))
	if got := fmt.Sprint(problems); got != "[f.xml:4: </line> closes nothing, ignored f.xml:5: <b> of line 2 is not closed]" {
		t.Error(got)
	}
}

func TestPasswordsThatLookLikeTagsAreNotQuoted(t *testing.T) {
	for _, text := range []string{
		"<authPassword>ca<nary</authPassword>", "<authPassword canary</authPassword>", "<authPassword>a</canary></authPassword>",
		"<authPassword><canary x=y canary></authPassword>", "<phonePassword><canary>", "<authPassword =canary>", "<l><authPassword><canary></l>",
	} {
		_, problems := Parse("f.xml", []byte(text))
		if got := fmt.Sprint(problems); len(problems) == 0 || strings.Contains(got, "nary") {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func TestNamesAreNotCaseSensitive(t *testing.T) {
	root, _ := Parse("f.xml", []byte(`<Device><Line Button="1"><Name>x</NAME></line></device>`))
	line := root.Find("device", "line")
	if button, ok := line.Attr("BUTTON"); button != "1" || !ok || root.Value("device", "line", "name") != "x" {
		t.Errorf("tree %s", show(root))
	}
	if root.Find("no", "such").Value("thing") != "" || root.Find("no").All("x") != nil {
		t.Error("what is missing must be empty")
	}
}

func TestHostileFilesAreBounded(t *testing.T) {
	for name, piece := range map[string]string{
		"deep": "<a>", "wide": "<a/>", "brackets": "<", "quotes": `<a b="`, "attributes": ` a="`, "ends": "</a>", "ends and starts": "<a></b>",
		"comments": "<!---->", "text": "<a>x<b/>", "open tags": "<a ", "entities": "&#",
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			root, problems := Parse("f.xml", []byte("<x "+strings.Repeat(piece, maxSize/len(piece))))
			if took := time.Since(began); took > parseTime {
				t.Errorf("took %v", took)
			}
			if nodes, depth := measure(root); nodes > maxNodes+1 || depth > maxDepth || len(problems) > maxProblems {
				t.Errorf("%d nodes, depth %d, %d problems", nodes, depth, len(problems))
			}
		})
	}
}

func measure(n *Node) (nodes, depth int) {
	nodes = 1
	for _, k := range n.Kids {
		kn, kd := measure(k)
		nodes += kn
		depth = max(depth, kd+1)
	}
	return nodes, depth
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`<?xml version="1.0"?><DIALTEMPLATE><TEMPLATE MATCH="9,*" TONE="a" TONE="b"/></DIALTEMPLATE>`,
		`<a x="P0S3 SYNC="1"/>`, `<a><b></c2></a></a>`, `<![CDATA[<!-- &#x41; &amp`, "<a x='\n<b></a", "\xef\xbb\xbf<a\xff>",
	} {
		f.Add([]byte(seed))
	}
	for _, folder := range []string{"device", "default", "dialplan", "syncinfo"} {
		for _, data := range fieldtest.Folder(folder) {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		root, problems := Parse("f.xml", data)
		if nodes, depth := measure(root); nodes > maxNodes+1 || depth > maxDepth || len(problems) > maxProblems {
			t.Errorf("%d nodes, depth %d, %d problems", nodes, depth, len(problems))
		}
	})
}

func TestLongTextIsCutNotLost(t *testing.T) {
	root, problems := Parse("x", []byte("<a>"+strings.Repeat("ä", maxText)+"<!-- -->more</a>"))
	if got := root.Value("a"); len(got) < maxText-8 || len(got) > maxText || strings.Trim(got, "ä ") != "" || len(problems) == 0 {
		t.Errorf("%d bytes, %d problems", len(got), len(problems))
	}
}
