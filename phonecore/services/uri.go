package services

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"deskset/phonecore/view"
)

// ErrURI: a URI is not one that the phone carries out.
var ErrURI = errors.New("not an address or action of this phone")

// URI is what an item does: Fetch, Dial, EditDial, Key, Soft, Init, Play,
// PlayStop, Stream, StreamStop or Query.
type URI interface{ uri() }

// Fetch gets a page over http or https.
type Fetch struct{ URL *url.URL }

// Dial calls a number, EditDial puts it up for editing first.
type (
	Dial     struct{ Number string }
	EditDial struct{ Number string }
)

// Key presses a key of the phone.
type Key struct{ Key view.Key }

// Soft does what the phone's own soft key does on the page that is shown.
type Soft struct{ Action SoftAction }

// Init resets a feature.
type Init struct{ What InitTarget }

// Play plays an audio file of the TFTP server; PlayStop ends it.
type (
	Play     struct{ File string }
	PlayStop struct{}
)

// Stream receives (RTPRx, RTPMRx) or sends (RTPTx, RTPMTx) one-way voice,
// G.711 µ-law of 20 ms.
type Stream struct {
	Send, Multicast bool
	// Addr is the peer's or the group's. Its port is the local one for a
	// unicast stream that is received; 0 then lets the phone choose.
	Addr netip.AddrPort
	// Volume in per cent, -1 for the present one.
	Volume int
}

// StreamStop ends the stream of a direction.
type StreamStop struct{ Send bool }

// Query is data for the URL of another item; see [Page.Press].
type Query struct{ Data string }

func (Fetch) uri()      {}
func (Dial) uri()       {}
func (EditDial) uri()   {}
func (Key) uri()        {}
func (Soft) uri()       {}
func (Init) uri()       {}
func (Play) uri()       {}
func (PlayStop) uri()   {}
func (Stream) uri()     {}
func (StreamStop) uri() {}
func (Query) uri()      {}

// SoftAction is a function of the phone's own soft keys.
type SoftAction uint8

// The soft keys of pages.
const (
	SoftBack SoftAction = iota
	SoftCancel
	SoftExit
	SoftNext
	SoftSearch
	SoftSelect
	SoftSubmit
	SoftUpdate
	SoftDial
	SoftEditDial
	SoftErase // <<
)

var softActions = map[string]SoftAction{
	"back": SoftBack, "cancel": SoftCancel, "exit": SoftExit, "next": SoftNext, "search": SoftSearch, "select": SoftSelect,
	"submit": SoftSubmit, "update": SoftUpdate, "dial": SoftDial, "editdial": SoftEditDial, "<<": SoftErase,
}

// InitTarget is what Init resets.
type InitTarget uint8

// CallHistory is erased; the others are closed.
const (
	InitCallHistory InitTarget = iota
	InitServices
	InitMessages
	InitDirectories
)

var initTargets = map[string]InitTarget{
	"callhistory": InitCallHistory, "services": InitServices, "messages": InitMessages, "directories": InitDirectories,
}

// Ports of streams; only even ones.
const (
	firstPort = 20480
	lastPort  = 32768
)

// maxDial is the length of a number that can be dialled.
const maxDial = 128

// ParseURI reads a URI. base is the page's address for one that is relative;
// nil if there is no page. Everything that is not known is refused with
// ErrURI, above all other schemes than http and https.
func ParseURI(text string, base *url.URL) (URI, error) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxURL {
		return nil, refuse(text, "it is empty or too long")
	}
	scheme, rest, found := strings.Cut(text, ":")
	if parse, known := schemes[strings.ToLower(scheme)]; found && known {
		return parse(text, strings.TrimSpace(rest))
	}
	return parseFetch(text, base)
}

// schemes of the phone's own URIs.
var schemes = map[string]func(whole, rest string) (URI, error){
	"dial":     parseDial,
	"editdial": parseEditDial,
	"key":      parseKey,
	"softkey":  parseSoft,
	"init":     parseInit,
	"play":     parsePlay,
	"rtprx":    func(whole, rest string) (URI, error) { return parseStream(whole, rest, Stream{}) },
	"rtptx":    func(whole, rest string) (URI, error) { return parseStream(whole, rest, Stream{Send: true}) },
	"rtpmrx":   func(whole, rest string) (URI, error) { return parseStream(whole, rest, Stream{Multicast: true}) },
	"rtpmtx": func(whole, rest string) (URI, error) {
		return parseStream(whole, rest, Stream{Send: true, Multicast: true})
	},
	"querystringparam": parseQuery,
}

// refuse names a URI without its query and user, which may hold passwords.
func refuse(text, why string) error {
	text, _, _ = strings.Cut(text, "?")
	if scheme, rest, ok := strings.Cut(text, "//"); ok {
		if at := strings.LastIndexByte(rest, '@'); at >= 0 {
			text = scheme + "//" + rest[at+1:]
		}
	}
	return fmt.Errorf("%w: %q: %s", ErrURI, line(text, maxName), why)
}

func parseFetch(text string, base *url.URL) (URI, error) {
	// A blank in a URL is common in files written by hand.
	u, err := url.Parse(strings.ReplaceAll(text, " ", "%20"))
	if err != nil {
		return nil, refuse(text, "it cannot be read")
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, refuse(text, "want http://, https:// or an action of the phone")
	case u.Opaque != "" || u.Hostname() == "":
		return nil, refuse(text, "it names no server")
	}
	u.Fragment, u.RawFragment = "", ""
	// What is put together of two may be no URL: the host of "//::" is.
	if u, err = url.Parse(u.String()); err != nil || u.Hostname() == "" || len(u.String()) > maxURL {
		return nil, refuse(text, "it cannot be read")
	}
	return Fetch{u}, nil
}

// dialled takes what can be dialled: digits, or an address such as
// sip:name@host. Later phones put options behind a colon.
func dialled(whole, rest string) (string, error) {
	number := line(rest, maxDial+1)
	if !strings.HasPrefix(strings.ToLower(number), "sip:") {
		number, _, _ = strings.Cut(number, ":")
	}
	number = strings.TrimSpace(number)
	if number == "" || len(number) > maxDial || strings.ContainsAny(number, "<>?\"\\") {
		return "", refuse(whole, "want a number")
	}
	return number, nil
}

func parseDial(whole, rest string) (URI, error) {
	number, err := dialled(whole, rest)
	if err != nil {
		return nil, err
	}
	return Dial{number}, nil
}

func parseEditDial(whole, rest string) (URI, error) {
	number, err := dialled(whole, rest)
	if err != nil {
		return nil, err
	}
	return EditDial{number}, nil
}

func parseKey(_, rest string) (URI, error) {
	key, err := keyNamed(rest)
	if err != nil {
		return nil, err
	}
	return Key{key}, nil
}

func parseSoft(whole, rest string) (URI, error) {
	action, known := softActions[strings.ToLower(rest)]
	if !known {
		return nil, refuse(whole, "no such soft key")
	}
	return Soft{action}, nil
}

func parseInit(whole, rest string) (URI, error) {
	what, known := initTargets[strings.ToLower(rest)]
	if !known {
		return nil, refuse(whole, "want CallHistory, Services, Messages or Directories")
	}
	return Init{what}, nil
}

// parsePlay takes the name of a file: nothing that leads out of the server's
// directory.
func parsePlay(whole, rest string) (URI, error) {
	if strings.EqualFold(rest, "Stop") {
		return PlayStop{}, nil
	}
	if rest == "" || len(rest) > maxName || rest != line(rest, maxName) || strings.ContainsAny(rest, `/\:`) || strings.Contains(rest, "..") {
		return nil, refuse(whole, "want the name of a file")
	}
	return Play{rest}, nil
}

func parseStream(whole, rest string, s Stream) (URI, error) {
	if strings.EqualFold(rest, "Stop") {
		return StreamStop{Send: s.Send}, nil
	}
	fields := strings.Split(rest, ":")
	addr, err := netip.ParseAddr(strings.TrimSpace(fields[0]))
	switch {
	case err != nil || !addr.Is4() || addr.IsUnspecified():
		return nil, refuse(whole, "want an IPv4 address")
	case addr.IsMulticast() != s.Multicast:
		return nil, refuse(whole, "a multicast address belongs to RTPMRx and RTPMTx, and no other to them")
	case len(fields) > 4:
		return nil, refuse(whole, "want ADDRESS:PORT:VOLUME")
	}
	port, volume := field(fields, 1, 0), field(fields, 2, -1)
	portNeeded := s.Send || s.Multicast
	switch {
	case port == 0 && portNeeded, port != 0 && (port < firstPort || port > lastPort || port%2 != 0):
		return nil, refuse(whole, fmt.Sprintf("want an even port from %d to %d", firstPort, lastPort))
	case volume < -1 || volume > 100:
		return nil, refuse(whole, "want a volume from 0 to 100")
	}
	s.Addr, s.Volume = netip.AddrPortFrom(addr, uint16(port)), volume
	return s, nil
}

// field is a number, or another one if it is not there; what is no number is
// out of every range.
func field(fields []string, i, or int) int {
	if i >= len(fields) || strings.TrimSpace(fields[i]) == "" {
		return or
	}
	v, err := strconv.ParseUint(strings.TrimSpace(fields[i]), 10, 16)
	if err != nil {
		return 1 << 16
	}
	return int(v)
}

func parseQuery(whole, rest string) (URI, error) {
	data := strings.TrimLeft(rest, "?&")
	if data == "" || strings.ContainsAny(data, "#") {
		return nil, refuse(whole, "want NAME=VALUE")
	}
	return Query{data}, nil
}
