// Package xmlservice is a small XML service for phones, made in memory: a menu
// whose items show each kind of CiscoIPPhone object that a phone of this age
// knows, with and without faults. Trainers browse it, tests fetch it:
//
//	mux.Handle("/services/", http.StripPrefix("/services", xmlservice.Handler(people)))
//
// and services_url is then http://SERVER/services/menu. All addresses in the
// pages are relative, so it works under any path. What is protected opens for
// the user "guest" with the password "guest".
package xmlservice

import (
	"crypto/subtle"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Person is an entry of the directory.
type Person struct{ Name, Number string }

// Demonstration credentials of the page "private".
const user, password = "guest", "guest"

// maxFound is how many entries a phone shows.
const maxFound = 32

// Handler serves the pages; people are found by the directory's search.
func Handler(people []Person) http.Handler {
	mux := http.NewServeMux()
	for path, page := range map[string]func(*http.Request) string{
		"menu":      menu,
		"text":      text,
		"search":    search,
		"directory": func(r *http.Request) string { return directory(people, r.URL.Query()) },
		"picture":   func(*http.Request) string { return object("Image", "Sine wave", "Exit to leave", pixels(sine())) },
		"graphic":   graphic,
		"icons":     icons,
		"messages":  messages,
		"read":      func(r *http.Request) string { return messageShown("Read", r) },
		"delete":    func(r *http.Request) string { return messageShown("Deleted", r) },
		"execute": func(*http.Request) string {
			return `<CiscoIPPhoneExecute><ExecuteItem Priority="0" URL="Key:Info"/></CiscoIPPhoneExecute>`
		},
		"error": func(*http.Request) string {
			return `<CiscoIPPhoneError Number="3">This page shows an error.</CiscoIPPhoneError>`
		},
		"broken":  func(*http.Request) string { return "<CiscoIPPhoneMenu><Title>Broken</Title><MenuItem><Na" },
		"private": func(*http.Request) string { return object("Text", "Private", "", element("Text", "You are let in.")) },
		"clock":   clock,
	} {
		mux.HandleFunc("GET /"+path, func(w http.ResponseWriter, r *http.Request) {
			if path == "private" && !allowed(r) {
				w.Header().Set("WWW-Authenticate", `Basic realm="Private page", charset="UTF-8"`)
				http.Error(w, "who are you?", http.StatusUnauthorized)
				return
			}
			if path == "clock" {
				w.Header().Set("Refresh", "5; url=clock")
				w.Header().Set("Expires", "-1")
			}
			w.Header().Set("Content-Type", "text/xml; charset=utf-8")
			fmt.Fprint(w, xml.Header, page(r))
		})
	}
	for path, to := range map[string]string{"moved": "text", "loop": "loop", "{$}": "menu"} {
		mux.HandleFunc("GET /"+path, func(w http.ResponseWriter, _ *http.Request) {
			// Not http.Redirect: it knows nothing of the path under which this is.
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
		})
	}
	return mux
}

func allowed(r *http.Request) bool {
	u, p, _ := r.BasicAuth()
	return subtle.ConstantTimeCompare([]byte(u), []byte(user))&subtle.ConstantTimeCompare([]byte(p), []byte(password)) == 1
}

// element writes <name>value</name>.
func element(name, value string) string {
	var b strings.Builder
	b.WriteString("<" + name + ">")
	_ = xml.EscapeText(&b, []byte(value)) // a Builder does not fail
	b.WriteString("</" + name + ">")
	return b.String()
}

func object(kind, title, prompt string, inside ...string) string {
	return "<CiscoIPPhone" + kind + ">" + element("Title", title) + element("Prompt", prompt) + strings.Join(inside, "") + "</CiscoIPPhone" + kind + ">"
}

// items are pairs of a name and an address.
func items(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		b.WriteString("<MenuItem>" + element("Name", pairs[i]) + element("URL", pairs[i+1]) + "</MenuItem>")
	}
	return b.String()
}

func softKey(position int, name, address string) string {
	return "<SoftKeyItem>" + element("Name", name) + element("Position", fmt.Sprint(position)) + element("URL", address) + "</SoftKeyItem>"
}

func menu(*http.Request) string {
	return object("Menu", "Lab services", "Choose a page", items(
		"Text", "text", "Directory search", "search", "Picture", "picture", "Picture menu", "graphic", "Menu with icons", "icons",
		"Messages (soft keys)", "messages", "Clock (refreshes)", "clock", "Private page", "private", "Press the i key", "execute",
		"Call the echo", "Dial:1", "Moved page", "moved", "Endless redirection", "loop", "Error object", "error", "Broken page", "broken", "Missing page", "nowhere"))
}

func text(r *http.Request) string {
	return object("Text", "About this service", "Scroll to read", element("Text",
		"This page comes from the lab's own web server.\n\nA service sends its pages as XML, and the phone shows them: umlauts (äöüß), "+
			"signs (<, >, &) and line breaks too.\n\nYour phone says it is a "+r.Header.Get("X-CiscoIPPhoneModelName")+"."))
}

func search(*http.Request) string {
	field := func(name, param, flags string) string {
		return "<InputItem>" + element("DisplayName", name) + element("QueryStringParam", param) + element("DefaultValue", "") + element("InputFlags", flags) + "</InputItem>"
	}
	return object("Input", "Directory search", "Enter a name or number", element("URL", "directory"), field("Name", "name", "A"), field("Number", "number", "T"))
}

// directory finds people whose name holds the one and whose number begins with
// the other that was entered.
func directory(people []Person, query url.Values) string {
	var found []string
	for _, p := range people {
		if strings.Contains(strings.ToLower(p.Name), strings.ToLower(query.Get("name"))) && strings.HasPrefix(p.Number, query.Get("number")) && len(found) < maxFound {
			found = append(found, "<DirectoryEntry>"+element("Name", p.Name)+element("Telephone", p.Number)+"</DirectoryEntry>")
		}
	}
	if len(found) == 0 {
		return object("Text", "Directory", "", element("Text", "Nobody found."), softKey(1, "Search", "search"), softKey(2, "Exit", "SoftKey:Exit"))
	}
	return object("Directory", "Directory", fmt.Sprintf("%d found", len(found)), found...)
}

func graphic(*http.Request) string {
	return object("GraphicMenu", "Picture menu", "Press 1, 2 or 3", pixels(boxes(3)), items("Text", "text", "Picture", "picture", "Echo", "Dial:1"))
}

func icons(*http.Request) string {
	var b strings.Builder
	for i, name := range []string{"Nothing read", "Half of it read", "All read"} {
		b.WriteString("<MenuItem>" + element("Name", name) + element("URL", "text") + element("IconIndex", fmt.Sprint(i)) + "</MenuItem>")
		b.WriteString("<IconItem>" + element("Index", fmt.Sprint(i)) + pixels(gauge(i, 2)) + "</IconItem>")
	}
	return object("IconMenu", "Menu with icons", "Choose one", b.String())
}

func messages(*http.Request) string {
	return object("Menu", "Messages", "Two messages", items("First message", "QueryStringParam:message=1", "Second message", "QueryStringParam:message=2"),
		softKey(1, "Read", "read"), softKey(2, "Delete", "delete"), softKey(3, "Exit", "SoftKey:Exit"))
}

func messageShown(what string, r *http.Request) string {
	return object("Text", "Message", "", element("Text", what+": message "+r.URL.Query().Get("message")))
}

func clock(*http.Request) string {
	return object("Text", "Clock", "New every 5 seconds", element("Text", time.Now().Format("15:04:05")))
}
