package services

import (
	"fmt"
	"mime"
	"slices"
	"strings"

	"deskset/provisioning/param"
	"deskset/provisioning/xmltree"
)

// Parse reads what a server sent: a CiscoIPPhone object, or running text if
// its type is text/plain. name is that of the source in the notes, which tell
// what was wrong, cut or left out.
//
// It is as lenient as servers need: names in any case, no title, entities and
// CDATA, Latin 1 with and without a declaration, missing end tags. It fails
// with ErrNoObject, ErrUnsupported or ErrMalformed.
func Parse(name, contentType string, data []byte) (Object, []param.Problem, error) {
	text := decode(data, contentType)
	root, problems := xmltree.Parse(name, text)
	r := &reader{name: name, notes: problems}
	n := objectIn(root)
	if n == nil {
		if kind, _, _ := mime.ParseMediaType(contentType); kind == "text/plain" && len(text) > 0 {
			return Text{Text: r.cut(root, "Text", r.lines(string(text), maxText+1), maxText)}, r.notes, nil
		}
		return nil, r.notes, fmt.Errorf("%w%s", ErrNoObject, foundInstead(root))
	}
	kind := strings.ToLower(n.Name[len(prefix):])
	read, known := readers[kind]
	if !known {
		return nil, r.notes, fmt.Errorf("%w: <%s>", ErrUnsupported, line(n.Name, maxName))
	}
	object, err := read(r, n)
	if err == nil && len(problems) > 0 && isEmpty(object) {
		err = fmt.Errorf("%w: %w", ErrMalformed, problems[0])
	}
	if err != nil {
		return nil, r.notes, err
	}
	return object, r.notes, nil
}

const prefix = "CiscoIPPhone"

// objectIn finds the object among the elements of the top level.
func objectIn(root *xmltree.Node) *xmltree.Node {
	for _, kid := range root.Kids {
		if len(kid.Name) > len(prefix) && strings.EqualFold(kid.Name[:len(prefix)], prefix) {
			return kid
		}
	}
	return nil
}

func foundInstead(root *xmltree.Node) string {
	if len(root.Kids) == 0 {
		return ""
	}
	return fmt.Sprintf(": it begins with <%s>", line(root.Kids[0].Name, maxName))
}

// readers by the name of the object. The File variants of later phones have
// their pictures in PNG files of colours: what of them is text is shown.
var readers = map[string]func(*reader, *xmltree.Node) (Object, error){
	"menu":            (*reader).menu,
	"text":            (*reader).text,
	"input":           (*reader).input,
	"directory":       (*reader).directory,
	"image":           (*reader).image,
	"graphicmenu":     (*reader).graphicMenu,
	"iconmenu":        (*reader).iconMenu,
	"status":          (*reader).status,
	"execute":         (*reader).execute,
	"response":        (*reader).response,
	"error":           (*reader).errorObject,
	"iconfilemenu":    (*reader).textOfFileMenu,
	"graphicfilemenu": (*reader).textOfFileMenu,
	"statusfile":      (*reader).status,
}

// isEmpty tells whether nothing is left of an object.
func isEmpty(o Object) bool {
	head := Common(o)
	if len(head.SoftKeys) > 0 {
		return false
	}
	switch o := o.(type) {
	case Menu:
		return !slices.ContainsFunc(o.Items, named)
	case IconMenu:
		return !slices.ContainsFunc(o.Items, named)
	case Text:
		return o.Text == ""
	case Directory:
		return len(o.Entries) == 0
	case Execute:
		return len(o.Items) == 0
	}
	return false
}

func named(i Item) bool { return i.Name != "" }

func (r *reader) menu(n *xmltree.Node) (Object, error) {
	return Menu{Head: r.head(n), Items: r.items(n, maxItems)}, nil
}

func (r *reader) text(n *xmltree.Node) (Object, error) {
	return Text{Head: r.head(n), Text: r.cut(n, "Text", r.lines(n.Value("Text"), maxText+1), maxText)}, nil
}

func (r *reader) input(n *xmltree.Node) (Object, error) {
	in := Input{Head: r.head(n), URL: r.url(n, n.Value("URL"))}
	for _, f := range r.most(n.All("InputItem"), maxInputs) {
		kind, password := r.inputKind(f)
		item := InputItem{
			Name: r.line(f, "DisplayName", maxTitle), Param: r.line(f, "QueryStringParam", maxTitle),
			Default: r.line(f, "DefaultValue", maxEntered), Kind: kind, Password: password,
		}
		if item.Param == "" {
			r.note(f, param.CodeSyntax, "a field without a QueryStringParam is left out")
			continue
		}
		in.Items = append(in.Items, item)
	}
	if len(in.Items) == 0 {
		return nil, fmt.Errorf("%w: an Input without a field", ErrMalformed)
	}
	return in, nil
}

func (r *reader) directory(n *xmltree.Node) (Object, error) {
	d := Directory{Head: r.head(n)}
	for _, e := range r.most(n.All("DirectoryEntry"), maxEntries) {
		entry := Entry{Name: r.line(e, "Name", maxName), Number: line(e.Value("Telephone"), maxNumber+1)}
		if len(entry.Number) > maxNumber {
			r.note(e, param.CodeTooLarge, fmt.Sprintf("the number of an entry is left out: it has more than %d characters", maxNumber))
			entry.Number = "" // half a number is another one
		}
		if entry != (Entry{}) {
			d.Entries = append(d.Entries, entry)
		}
	}
	return d, nil
}

func (r *reader) image(n *xmltree.Node) (Object, error) {
	picture := r.picture(n, paneWidth, paneHeight)
	if picture == nil {
		return nil, fmt.Errorf("%w: an Image without a picture (want Width, Height and Data)", ErrMalformed)
	}
	return Image{Head: r.head(n), Image: *picture}, nil
}

func (r *reader) graphicMenu(n *xmltree.Node) (Object, error) {
	picture := r.picture(n, paneWidth, paneHeight)
	if picture == nil {
		return nil, fmt.Errorf("%w: a GraphicMenu without a picture (want Width, Height and Data)", ErrMalformed)
	}
	return GraphicMenu{Head: r.head(n), Image: *picture, Items: r.items(n, maxGraphicItems)}, nil
}

func (r *reader) iconMenu(n *xmltree.Node) (Object, error) {
	menu := IconMenu{Head: r.head(n), Items: r.items(n, maxIconItems)}
	for _, icon := range r.most(n.All("IconItem"), maxIcons) {
		index := r.number(icon, "Index", -1)
		if index < 0 || index >= maxIcons {
			r.note(icon, param.CodeBadValue, fmt.Sprintf("an icon's index is not 0 to %d; left out", maxIcons-1))
			continue
		}
		menu.Icons[index] = r.picture(icon, iconWidth, iconHeight)
	}
	return menu, nil
}

// textOfFileMenu is a menu without its pictures.
func (r *reader) textOfFileMenu(n *xmltree.Node) (Object, error) {
	menu := Menu{Head: r.head(n), Items: r.items(n, maxItems)}
	if len(menu.Items) == 0 {
		return nil, fmt.Errorf("%w: <%s> without text", ErrUnsupported, line(n.Name, maxName))
	}
	for i := range menu.Items {
		menu.Items[i].Icon = -1
	}
	r.note(n, param.CodeBadValue, "pictures in files are for later phones; the text is shown")
	return menu, nil
}

func (r *reader) status(n *xmltree.Node) (Object, error) {
	s := Status{Text: r.line(n, "Text", maxTitle), Seconds: r.number(n, "Timer", -1), Image: r.picture(n, statusWidth, statusHeight)}
	s.Timed = s.Seconds >= 0
	s.Seconds = max(s.Seconds, 0)
	if s == (Status{}) {
		return nil, fmt.Errorf("%w: an empty Status", ErrMalformed)
	}
	return s, nil
}

func (r *reader) execute(n *xmltree.Node) (Object, error) {
	var e Execute
	for _, item := range r.most(n.All("ExecuteItem"), maxExecute) {
		url, _ := item.Attr("URL")
		priority := PriorityNow
		if text, ok := item.Attr("Priority"); ok {
			priority = Priority(r.parseNumber(item, "Priority", text, 0))
		}
		if priority < PriorityNow || priority > PriorityIfIdle {
			r.note(item, param.CodeBadValue, "Priority is not 0, 1 or 2; taken as 0")
			priority = PriorityNow
		}
		e.Items = append(e.Items, ExecuteItem{URL: r.url(item, url), Priority: priority})
	}
	return e, nil
}

func (r *reader) response(n *xmltree.Node) (Object, error) {
	var response Response
	for _, item := range r.most(n.All("ResponseItem"), maxExecute) {
		status, _ := item.Attr("Status")
		data, _ := item.Attr("Data")
		url, _ := item.Attr("URL")
		response.Items = append(response.Items, ResponseItem{
			Status: r.parseNumber(item, "Status", status, 0), Data: line(data, maxText), URL: line(url, maxURL),
		})
	}
	return response, nil
}

func (r *reader) errorObject(n *xmltree.Node) (Object, error) {
	number, _ := n.Attr("Number")
	return ErrorObject{Number: r.parseNumber(n, "Number", number, 0), Text: line(n.Text, maxName)}, nil
}
