// Package services is the phone's side of its XML services: the CiscoIPPhone
// objects that a web server sends, the internal URIs in them, and the client
// that gets them (reference 7960-behaviour section 6). It shows nothing and
// knows no words for people: pages are built on its values and errors.
//
//	client := services.NewClient(services.Options{Device: "SEP000102030405", Log: log})
//	defer client.Close()
//	page, err := client.Fetch(ctx, servicesURL)
//	switch object := page.Object.(type) {
//	case services.Menu:
//		uri, err := page.Resolve(object.Items[selected].URL)
//		switch uri := uri.(type) {
//		case services.Fetch: // the next page: client.Fetch(ctx, uri.URL.String())
//		case services.Dial: // a call to uri.Number
//
// What it reads is cut to what fits on the instrument; what was cut or left
// out stands in [Page.Notes]. Only http and https are fetched; sizes, times and
// redirections are bounded. A user's name and password go to the one server
// that asked (RFC 7617 Basic, RFC 7616 Digest) and into no log and no error.
//
// When a server asks for them, Fetch fails with an [Error] whose Err is
// [ErrAccess] and whose Realm is what to ask the person for; the answer goes to
// [Client.Authorize], then the page is fetched again.
package services
