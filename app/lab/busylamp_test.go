package lab

import (
	"strings"
	"testing"
)

// The lab tells what its numbers are doing (RFC 4235), to who subscribes.
func TestNumberIsWatched(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	a := registered(t, l, 1, "udp")
	w := a.newCall("5")
	res := a.do(w, "SUBSCRIBE", "", "Event: dialog", "Expires: 600", "Contact: "+a.contact())
	if res.StatusCode != 200 || res.GetHeader("Expires").Value() != "600" {
		t.Fatal(res)
	}
	told := func(state, dialog string) {
		t.Helper()
		n := a.request("NOTIFY")
		body := string(n.Body())
		if !strings.HasPrefix(n.GetHeader("Subscription-State").Value(), state) || strings.Contains(body, "<dialog ") != (dialog != "") ||
			!strings.Contains(body, "<state>"+dialog+"</state>") && dialog != "" || !strings.Contains(body, `state="full"`) {
			t.Errorf("want %s, %q:\n%s", state, dialog, n)
		}
		a.reply(n, 200, "OK", "", "")
	}
	told("active;expires=", "")

	caller := registered(t, l, 2, "udp")
	c := caller.newCall("5")
	if res := caller.do(c, "INVITE", "", "Contact: "+caller.contact()); res.StatusCode != 180 {
		t.Fatal(res)
	}
	told("active;expires=", "early")
	caller.send(c, "CANCEL", "")
	caller.response(200)
	told("active;expires=", "")

	// A refresh tells anew; with no time it is the end.
	w.to, w.target = res.To().Value(), res.Contact().Address.String()
	for _, last := range []struct{ expires, state string }{{"600", "active;expires="}, {"0", "terminated;reason=timeout"}} {
		a.send(w, "SUBSCRIBE", "", "Event: dialog", "Expires: "+last.expires, "Contact: "+a.contact())
		a.response(200)
		told(last.state, "")
	}
	a.send(w, "SUBSCRIBE", "", "Event: dialog", "Expires: 600", "Contact: "+a.contact())
	a.response(481)
}
