package phonecore

import (
	"context"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"deskset/phonecore/services"
	"deskset/phonecore/view"
)

// pages is a web server in memory: bodies by path. A path that is not there is
// an error 404, "slow" one that never answers, "locked" wants a password.
type pages struct {
	mu     sync.Mutex
	bodies map[string]string
	asked  []string
	user   string
	closed bool
	// refresh is sent with every page.
	refresh time.Duration
	// hold keeps all answers back.
	hold bool
}

func (w *pages) Fetch(ctx context.Context, address string) (*services.Page, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.asked = append(w.asked, address)
	body, ok := w.bodies[u.Path]
	user, refresh, hold := w.user, w.refresh, w.hold
	w.mu.Unlock()
	fail := &services.Error{Address: "http://" + u.Host + u.Path}
	switch {
	case hold, u.Path == "/slow":
		<-ctx.Done()
		return nil, ctx.Err()
	case u.Path == "/locked" && user != "guest s3cret-canary":
		fail.Status, fail.Asked, fail.Realm, fail.Err = 401, true, "Vault", services.ErrAccess
		return nil, fail
	case !ok:
		fail.Status, fail.Err, fail.Remedy = 404, services.ErrNotFound, "ask its owner"
		return nil, fail
	}
	object, notes, err := services.Parse(address, "text/xml", []byte(body))
	if err != nil {
		fail.Err = err
		return nil, fail
	}
	page := &services.Page{URL: u, Object: object, Notes: notes}
	if refresh > 0 {
		page.Refresh = services.Refresh{URL: u, After: refresh}
	}
	return page, nil
}

func (w *pages) Authorize(_, user, password string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.user = user + " " + password
	return nil
}

func (w *pages) Close() error { w.closed = true; return nil }

// requests are the addresses asked for so far.
func (w *pages) requests() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.asked...)
}

const webURL = "http://192.0.2.80/menu"

// onWeb runs a test with a phone whose services and directory are in memory.
func onWeb(t *testing.T, bodies map[string]string, test func(*desk, *pages)) {
	t.Helper()
	for path, body := range bodies { // CiscoIPPhone is long
		kind, rest, _ := strings.Cut(body, ":")
		bodies[path] = "<CiscoIPPhone" + kind + ">" + rest + "</CiscoIPPhone" + kind + ">"
	}
	w := &pages{bodies: bodies}
	onDesk(t, func(d *desk) {
		d.wait(time.Second)
		test(d, w)
	}, withFlags("services_url", webURL, "directory_url", "http://192.0.2.80/people"), func(c *Config) {
		c.Web = func(services.Options) Web { return w }
	})
	if w.asked != nil && !w.closed {
		t.Error("the client was not closed")
	}
}

func item(name, address string) string {
	return "<MenuItem><Name>" + name + "</Name><URL>" + address + "</URL></MenuItem>"
}

func TestServicesShowEveryKindOfPage(t *testing.T) {
	onWeb(t, map[string]string{
		"/menu": "Menu:<Title>Company</Title><Prompt>Choose one</Prompt>" + item("Canteen", "text") + item("Search", "search") +
			item("Plan", "plan") + item("Call Bob", "Dial:5550177") + item("Gone", "gone") + item("Run", "run") + item("Bad", "file:///etc/passwd"),
		"/text":   "Text:<Title>Canteen</Title><Text>Soup</Text>",
		"/search": "Input:<Title>Search</Title><URL>found</URL><InputItem><DisplayName>Name</DisplayName><QueryStringParam>n</QueryStringParam><InputFlags>A</InputFlags></InputItem><InputItem><DisplayName>PIN</DisplayName><QueryStringParam>p</QueryStringParam><InputFlags>NP</InputFlags></InputItem>",
		"/found":  "Directory:<Title>Found</Title><DirectoryEntry><Name>Ada</Name><Telephone>5550199</Telephone></DirectoryEntry>",
		"/plan":   "GraphicMenu:<Title>Plan</Title><Width>4</Width><Height>1</Height><Depth>2</Depth><Data>E4</Data>" + item("Desk", "text"),
		"/run":    `Execute:<ExecuteItem Priority="0" URL="text"/>`,
		"/people": "Directory:<DirectoryEntry><Name>Eve</Name><Telephone>5550100</Telephone></DirectoryEntry>",
		"/unused": "Text:",
	}, func(d *desk, w *pages) {
		d.press(view.KeyServices)
		d.expect("menu.services.menu", "Company", "Choose one", "Canteen", "Call Bob", "Select|Update|Back|Exit")
		d.dial("1")
		d.expect("menu.services.text", "Canteen", "Soup")
		d.soft("Back")
		d.dial("2")
		d.expect("menu.services.input", "Name", "PIN", "Submit|Edit|Back|Exit")
		d.soft("Edit")
		d.phone.Type("ad")
		d.soft("Validate")
		d.press(view.KeyScrollDown)
		d.soft("Edit")
		d.dial("12")
		d.soft("Validate")
		d.expect("menu.services.input", "ad", "********")
		d.soft("Submit")
		d.expect("menu.services.directory", "Ada 5550199", "Dial|EditDial|Back|Exit")
		if last := w.requests(); last[len(last)-1] != "http://192.0.2.80/found?n=ad&p=12" {
			t.Errorf("asked for %q", last)
		}
		d.soft("EditDial")
		d.expect("dialling", "5550199")
		d.soft("EndCall")

		d.press(view.KeyServices)
		d.dial("3")
		if s := d.view().Screen; s.Name != "menu.services.graphic" || s.Layout != view.LayoutImage || s.Image == nil || s.Image.Width != 4 {
			t.Errorf("%+v", s)
		}
		d.dial("1")
		d.expect("menu.services.text")
		d.soft("Exit")
		d.expect("idle")

		d.press(view.KeyServices)
		d.dial("5")
		d.expect("menu.services.error", "The server does not have this page (404)", "http://192.0.2.80/gone", "ask its owner")
		d.press(view.KeyServices) // closes the menus as well
		d.expect("idle")
		d.press(view.KeyServices)
		d.dial("6")
		d.expect("menu.services.text", "Soup")
		d.soft("Back")
		d.dial("7")
		d.expect("menu.services.menu", "The address cannot be used")
		d.dial("4")
		d.expectCalled("sip:5550177@192.0.2.1")
		d.soft("EndCall")

		d.press(view.KeyDirectories)
		d.dial("6")
		d.expect("menu.services.directory", "Eve")
		d.soft("Dial")
		d.expectCalled("sip:5550177@192.0.2.1", "sip:5550100@192.0.2.1")
	})
}

func TestServicesAskForUserAndPassword(t *testing.T) {
	onWeb(t, map[string]string{
		"/menu":   "Menu:" + item("Private", "locked"),
		"/locked": "Text:<Text>Let in</Text>",
	}, func(d *desk, w *pages) {
		d.press(view.KeyServices)
		d.dial("1")
		for _, password := range []string{"wrong", "s3cret-canary"} {
			d.expect("menu.services.user", "User for Vault")
			d.phone.Type("guest")
			d.soft("Validate")
			d.expect("menu.services.password", "Password for Vault")
			d.phone.Type(password)
			if s := d.view().Screen; strings.Contains(s.Edit.Text, "s") {
				t.Errorf("the password is shown: %q", s.Edit.Text)
			}
			d.soft("Validate")
		}
		d.expect("menu.services.text", "Let in")
		d.soft("Back")
		d.expect("menu.services.menu")
	})
}

func TestSlowServerIsLeft(t *testing.T) {
	onWeb(t, map[string]string{"/menu": "Menu:" + item("Slow", "slow")}, func(d *desk, w *pages) {
		d.press(view.KeyServices)
		d.dial("1")
		d.expect("menu.services.menu", "Requesting from 192.0.2.80")
		d.soft("Exit")
		d.expect("idle")
		d.press(view.KeyServices)
		d.dial("1")
		d.press(view.KeySpeaker) // a call is always possible
		d.expect("offhook")
	})
}

func TestARequestIsGivenUpAndThePageStays(t *testing.T) {
	onWeb(t, map[string]string{
		"/menu": "Menu:<Prompt>Choose one</Prompt>" + item("Slow", "slow") + item("Own", "own"),
		"/own": `Text:<Text>mine</Text><SoftKeyItem><Name>Wait</Name><URL>slow</URL><Position>1</Position></SoftKeyItem>` +
			`<SoftKeyItem><Name>Leave</Name><URL>SoftKey:Cancel</URL><Position>2</Position></SoftKeyItem>`,
	}, func(d *desk, w *pages) {
		d.press(view.KeyServices)
		d.dial("1")
		d.expect("menu.services.menu", "Requesting from 192.0.2.80", "||Cancel|Exit")
		d.soft("Cancel")
		d.expect("menu.services.menu", "Choose one", "Select|Update|Back|Exit")
		d.dial("2")
		d.expect("menu.services.text", "mine", "Wait|Leave|Exit")
		d.soft("Wait")
		d.expect("menu.services.text", "Requesting from", "||Cancel|Exit")
		d.soft("Cancel")
		d.expect("menu.services.text", "mine", "Wait|Leave|Exit")
		d.soft("Leave")
		d.expect("menu.services.menu")
	})
}

func TestAPageThatComesByItselfKeepsItsKeys(t *testing.T) {
	onWeb(t, map[string]string{"/menu": "Text:<Text>one</Text>"}, func(d *desk, w *pages) {
		w.refresh = 5 * time.Second
		d.press(view.KeyServices)
		d.wait(4 * time.Second)
		w.mu.Lock()
		w.hold = true
		w.mu.Unlock()
		d.wait(10 * time.Second)
		d.expect("menu.services.text", "one", "Requesting from", "|Update|Back|Exit")
		d.soft("Update")
		d.expect("menu.services.text", "Requesting from", "||Cancel|Exit")
		w.mu.Lock()
		w.hold = false
		w.bodies["/menu"] = "<CiscoIPPhoneText><Text>two</Text></CiscoIPPhoneText>"
		w.mu.Unlock()
		d.soft("Cancel")
		d.expect("menu.services.text", "one", "|Update|Back|Exit")
		d.wait(6 * time.Second) // it still refreshes itself
		d.expect("menu.services.text", "two")
	})
}

func TestTheFirstPageIsGivenUp(t *testing.T) {
	onWeb(t, map[string]string{}, func(d *desk, w *pages) {
		w.hold = true
		d.press(view.KeyDirectories)
		d.dial("6")
		d.expect("menu.services.loading", "Requesting from 192.0.2.80", "||Cancel|Exit")
		d.soft("Cancel")
		d.expect("menu.directories")
	})
}

func TestPageRefreshesItself(t *testing.T) {
	onWeb(t, map[string]string{"/menu": "Text:<Text>one</Text>"}, func(d *desk, w *pages) {
		w.refresh = 5 * time.Second
		d.press(view.KeyServices)
		d.expect("menu.services.text", "one")
		w.mu.Lock()
		w.bodies["/menu"] = "<CiscoIPPhoneText><Text>two</Text></CiscoIPPhoneText>"
		w.mu.Unlock()
		d.wait(6 * time.Second)
		d.expect("menu.services.text", "two")
		d.soft("Exit")
		n := len(w.requests())
		d.wait(time.Minute)
		if got := len(w.requests()); got != n || n != 2 {
			t.Errorf("%d requests, %d after leaving", n, got)
		}
	})
}

// hostile are pages that try to disturb: all their actions are for a person
// who does nothing but open them.
var hostile = map[string]string{
	"loop":   `Execute:<ExecuteItem Priority="0" URL="menu"/>`,
	"hangup": `Execute:<ExecuteItem URL="Key:Speaker"/><ExecuteItem URL="Key:Line1"/><ExecuteItem URL="Key:Soft2"/>`,
	"dial":   `Execute:<ExecuteItem URL="Dial:5550666"/>`,
	"erase":  `Execute:<ExecuteItem URL="Init:CallHistory"/>`,
	"trap":   `Menu:<Title>Trap</Title>` + item("x", "Key:Soft1") + `<SoftKeyItem><Name>Mine</Name><URL>Key:Soft1</URL><Position>1</Position></SoftKeyItem>`,
	"keys":   `Text:<Text>x</Text><KeyItem><Key>KeyPad1</Key><URL>Key:KeyPad1</URL></KeyItem><KeyItem><Key>Speaker</Key><URL>menu</URL></KeyItem>`,
	"empty":  `Menu:`,
	"fields": `Input:<URL>menu</URL>`,
}

func TestHostileServerDoesNotDisturbACall(t *testing.T) {
	for name, page := range hostile {
		t.Run(name, func(t *testing.T) {
			onWeb(t, map[string]string{"/menu": page}, func(d *desk, w *pages) {
				ada := d.peer()
				d.call(ada)
				d.press(view.KeyServices)
				d.wait(time.Minute)
				d.dial("1")
				d.press(view.KeySoft1)
				if len(w.requests()) > 10 {
					t.Errorf("%d requests", len(w.requests()))
				}
				ada.Quiet(time.Second)
				d.press(view.KeyServices)
				d.expect("connected")
			})
		})
	}
}

func TestEveryHostilePageHasAWayOut(t *testing.T) {
	for name, page := range hostile {
		t.Run(name, func(t *testing.T) {
			onWeb(t, map[string]string{"/menu": page}, func(d *desk, _ *pages) {
				d.press(view.KeyServices)
				if !strings.HasPrefix(d.view().Screen.Name, "menu.services") {
					return // it has led elsewhere
				}
				d.soft("Exit")
				d.expect("idle")
			})
		})
	}
}

// TestRandomKeysOnThePages presses keys at random on the pages of directories
// and services: there is always something on the screen and a way home.
func TestRandomKeysOnThePages(t *testing.T) {
	bodies := map[string]string{"/people": hostile["keys"], "/menu": "Menu:"}
	for name, page := range hostile {
		bodies["/"+name] = page
		bodies["/menu"] += item(name, name)
	}
	bodies["/menu"] += item("locked", "locked") + item("slow", "slow") + item("gone", "gone")
	bodies["/locked"] = "Text:<Text>in</Text>"
	onWeb(t, bodies, func(d *desk, _ *pages) {
		r := rand.New(rand.NewPCG(5, 9))
		keys := []view.Key{
			view.KeyDirectories, view.KeyServices, view.KeySettings, view.KeyScrollDown, view.KeyScrollUp, view.KeyInfo,
			view.KeySoft1, view.KeySoft1, view.KeySoft2, view.KeySoft3, view.KeySoft4,
			view.Key1, view.Key2, view.Key3, view.Key4, view.Key5, view.Key6, view.Key7, view.Key8, view.Key9, view.KeyStar, view.KeyPound,
		}
		for step := range 10000 {
			k := pick(r, keys)
			d.press(k)
			if step%50 == 0 {
				d.wait(3 * time.Second)
			}
			s := d.view().Screen
			if strings.Join(s.Soft[:], "") == "" || strings.TrimSpace(screenText(s)) == "" {
				t.Fatalf("step %d, after %v: nothing on %q", step, k, s.Name)
			}
			var open int
			d.on(func() { open = len(d.phone.pages) })
			if open > maxOpenPages+3 {
				t.Fatalf("%d pages are open", open)
			}
		}
		d.on(func() { d.phone.menuExit() })
		if name := d.view().Screen.Name; strings.HasPrefix(name, "menu") {
			t.Errorf("menus do not close: %s", name)
		}
	})
}
