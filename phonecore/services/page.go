package services

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"deskset/provisioning/param"
)

// Page is what Fetch got.
type Page struct {
	// URL is where the page came from in the end; it holds no user.
	URL    *url.URL
	Object Object
	// Refresh is the server's wish for the next page.
	Refresh Refresh
	// Expired pages are not kept for the way back (header Expires).
	Expired bool
	// Notes tell, for the log, what of the page was wrong or cut.
	Notes []param.Problem

	device string
}

// Refresh of a page. The zero value is none.
type Refresh struct {
	// URL is the page to get; nil for no refresh.
	URL *url.URL
	// After is when, in whole seconds; 0 waits for the Update key.
	After time.Duration
}

// Resolve reads the URL of an item of the page.
func (p *Page) Resolve(text string) (URI, error) {
	return ParseURI(expand(text, p.device), p.URL)
}

// Press tells what a soft key or key does whose URL is pressed while an item
// is highlighted whose URL is item, empty for none. Where one of the two is a
// QueryStringParam its data go to the URL of the other.
func (p *Page) Press(pressed, item string) (URI, error) {
	action, err := p.Resolve(pressed)
	if err != nil {
		return nil, err
	}
	data, isData := action.(Query)
	if item == "" {
		if isData {
			return nil, fmt.Errorf("%w: no item is selected for the data of the key", ErrURI)
		}
		return action, nil
	}
	chosen, itemErr := p.Resolve(item)
	switch chosen := chosen.(type) {
	case Fetch:
		if isData {
			return Fetch{withQuery(chosen.URL, data.Data)}, nil
		}
	case Query:
		if fetch, ok := action.(Fetch); ok {
			return Fetch{withQuery(fetch.URL, chosen.Data)}, nil
		}
	}
	switch {
	case isData && itemErr != nil:
		return nil, itemErr
	case isData:
		return nil, refuse(item, "it takes no data of a key")
	}
	return action, nil
}

// Submit makes the address of a filled-in form: the names and values in the
// order of its fields behind what the address has already. values beyond the
// fields are ignored, missing ones are empty.
func (p *Page) Submit(form Input, values []string) (Fetch, error) {
	target := Fetch{p.URL}
	if form.URL != "" {
		uri, err := p.Resolve(form.URL)
		if err != nil {
			return Fetch{}, err
		}
		var ok bool
		if target, ok = uri.(Fetch); !ok {
			return Fetch{}, refuse(form.URL, "a form wants http:// or https://")
		}
	}
	var pairs []string
	for i, item := range form.Items {
		value := ""
		if i < len(values) {
			value = values[i]
		}
		pairs = append(pairs, escape(item.Param)+"="+escape(value))
	}
	return Fetch{withQuery(target.URL, strings.Join(pairs, "&"))}, nil
}

// escape writes blanks as %20, which every server reads, and not as +.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// withQuery puts data behind a URL's query.
func withQuery(u *url.URL, data string) *url.URL {
	with := *u
	with.ForceQuery = false
	if with.RawQuery != "" {
		with.RawQuery += "&"
	}
	with.RawQuery += strings.ReplaceAll(data, " ", "%20")
	return &with
}

// expand replaces the variable that servers put into URLs, before anything
// reads its # as the beginning of a fragment.
func expand(text, device string) string {
	return strings.ReplaceAll(text, "#DEVICENAME#", escape(device))
}

// Plan is what is to be done of an Execute.
type Plan struct {
	// Now is done at once, WhenIdle as soon as the phone is idle.
	Now, WhenIdle []URI
	// Refused tells for the log what is not done.
	Refused []error
}

// Plan sorts the actions of an Execute. Priorities count for pages alone; the
// phone's own actions happen at once. One page is fetched at most, and the
// keys of the page that is shown cannot be pressed.
func (p *Page) Plan(e Execute, idle bool) Plan {
	var plan Plan
	pages := 0
	for _, item := range e.Items {
		uri, err := p.Resolve(item.URL)
		_, isPage := uri.(Fetch)
		if isPage {
			pages++
		}
		switch uri.(type) {
		case Soft, Query:
			err = refuse(item.URL, "no action for an Execute")
		}
		switch {
		case err != nil:
			plan.Refused = append(plan.Refused, err)
		case pages > 1 && isPage:
			plan.Refused = append(plan.Refused, refuse(item.URL, "an Execute gets one page at most"))
		case !isPage || item.Priority == PriorityNow || idle:
			plan.Now = append(plan.Now, uri)
		case item.Priority == PriorityWhenIdle:
			plan.WhenIdle = append(plan.WhenIdle, uri)
		default:
			plan.Refused = append(plan.Refused, refuse(item.URL, "the phone is not idle"))
		}
	}
	return plan
}
