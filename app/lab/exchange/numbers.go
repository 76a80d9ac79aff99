package exchange

import (
	"time"

	"deskset/app/lab/talk"
	"deskset/audio/codec"
)

// Number is what may be dialled, and what happens then. Exactly one of Status,
// Redirect, NoAnswer and Service is set.
type Number struct {
	Digits, Does string
	Status       int // the INVITE is refused with it
	Reason       string
	Redirect     string // 302 to another number
	NoAnswer     bool   // rings until the caller gives up
	Queued       bool   // waits in a queue before it rings
	Service      talk.Service
	Codec        codec.Name // the only one that is spoken; empty is G.711
	CallBack     bool       // after the call, the lab calls the caller
	Mailbox      bool       // after the call, a message waits for the caller, or none any more
	// SendTo is the number that the caller is handed to after a while, by SendBy.
	SendTo, SendBy string
	Stays          bool // refuses to be transferred
}

// Numbers is the one table of what the exchange answers to.
var Numbers = []Number{
	{Digits: "0", Does: "a menu says what each number does; press one of them", Service: talk.Menu},
	{Digits: "1", Does: "echo: you hear yourself", Service: talk.Echo},
	{Digits: "2", Does: "reads the digits that you press back to you", Service: talk.ReadBack},
	{Digits: "3", Does: "milliwatt: 1004 Hz at 0 dBm0", Service: talk.Milliwatt},
	{Digits: "31", Does: "music", Service: talk.Music},
	{Digits: "32", Does: "music in G.711 A-law alone", Service: talk.Music, Codec: codec.PCMA},
	{Digits: "33", Does: "music in G.722 alone", Service: talk.Music, Codec: codec.G722},
	{Digits: "34", Does: "music in Opus alone", Service: talk.Music, Codec: codec.Opus},
	{Digits: "35", Does: "music in G.729 alone", Service: talk.Music, Codec: codec.G729},
	{Digits: "4", Does: "busy (486)", Status: 486, Reason: "Busy Here"},
	{Digits: "44", Does: "not found (404)", Status: 404, Reason: "Not Found"},
	{Digits: "45", Does: "temporarily unavailable (480)", Status: 480, Reason: "Temporarily Unavailable"},
	{Digits: "46", Does: "service unavailable (503)", Status: 503, Reason: "Service Unavailable"},
	{Digits: "47", Does: "declined (603)", Status: 603, Reason: "Decline"},
	{Digits: "48", Does: "number incomplete (484)", Status: 484, Reason: "Address Incomplete"},
	{Digits: "49", Does: "waits in a queue (182), then echoes", Queued: true, Service: talk.Echo},
	{Digits: "5", Does: "rings and never answers", NoAnswer: true},
	{Digits: "6", Does: "redirects (302) to 1", Redirect: "1"},
	{Digits: "7", Does: "calls you back in five seconds", Service: talk.CallBack, CallBack: true},
	{Digits: "91", Does: "calls you back as a forwarded call: Diversion, asserted identity", Service: talk.CallBack, CallBack: true},
	{Digits: "92", Does: "calls you back so that your phone answers by itself", Service: talk.CallBack, CallBack: true},
	{Digits: "93", Does: "calls you back anonymously", Service: talk.CallBack, CallBack: true},
	{Digits: "94", Does: "calls you back with another ring (Alert-Info)", Service: talk.CallBack, CallBack: true},
	{Digits: "8", Does: "voice mail: after the call a message waits for you, after the next one none", Service: talk.Music, Mailbox: true},
	{Digits: "81", Does: "transfers you (REFER) to 31 after two seconds", Service: talk.Milliwatt, SendTo: "31", SendBy: sendRefer},
	{Digits: "82", Does: "transfers you (BYE with Also) to 31 after two seconds", Service: talk.Milliwatt, SendTo: "31", SendBy: sendAlso},
	{Digits: "83", Does: "has 31 take your call over (Replaces) after two seconds", Service: talk.Milliwatt, SendTo: "31", SendBy: sendReplaces},
	{Digits: "84", Does: "music that refuses to be transferred (603)", Service: talk.Music, Stays: true},
}

// Times of the numbers.
const (
	ringTime     = 300 * time.Millisecond
	queueTime    = 2 * time.Second
	callBackTime = 5 * time.Second
	noAnswerTime = 10 * time.Minute // then 480, if the caller never gives up
	callRingTime = time.Minute      // how long the lab's own calls ring
)

// callBackNumber is whom the lab's own calls are from, if no other manner of
// calling is asked for.
const callBackNumber = "7"

func lookup(digits string) (Number, bool) {
	for _, n := range Numbers {
		if n.Digits == digits {
			return n, true
		}
	}
	return Number{}, false
}
