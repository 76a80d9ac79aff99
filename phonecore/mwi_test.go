package phonecore

import (
	"strings"
	"testing"
	"time"

	"deskset/audio/tone"
	"deskset/phonecore/sipua/siptest"
	"deskset/phonecore/sipua/wire"
	"deskset/phonecore/view"
)

func TestSummaryIsRead(t *testing.T) {
	for body, want := range map[string]summary{
		"Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.example.com\r\nVoice-Message: 2/8 (0/2)\r\n": {true, 2, "sip:alice@vmail.example.com"},
		"messages-waiting : YES\nvoice-message:4/0":                                                             {true, 4, ""},
		"Messages-Waiting: yes\r\nFax-Message: 1/0\r\n":                                                         {true, -1, ""},
		"Messages-Waiting: yes\r\nVoice-Message: 0/3\r\n":                                                       {true, 0, ""},
		"Messages-Waiting: no\r\nVoice-Message: 3/0\r\n":                                                        {false, 0, ""},
		"Voice-Message: 1/0 (0/0)\r\n":                                                                          {true, 1, ""},
		"Voice-Message: 0/7\r\n":                                                                                {false, 0, ""},
		"Messages-Waiting: yes\r\nVoice-Message: 99999999/0\r\n":                                                {true, maxMessages, ""},
		"Messages-Waiting: yes\r\nVoice-Message: -1/many\r\n":                                                   {true, -1, ""},
		"Messages-Waiting: yes\r\nMessage-Account: \x1b[2Jx\u202ey\r\n":                                         {true, -1, "[2Jxy"},
	} {
		got, err := parseSummary([]byte(body))
		if err != nil || got.waiting != want.waiting || got.voice != want.voice || !strings.Contains(got.account, want.account) || strings.Contains(got.account, "\x1b") {
			t.Errorf("%q: %+v, %v; want %+v", body, got, err, want)
		}
	}
	for _, body := range []string{"", "\r\n\r\n", "<xml/>", "Voice-Message:", strings.Repeat("a: b\n", 1000) + "Messages-Waiting: yes\n"} {
		if got, err := parseSummary([]byte(body)); err == nil {
			t.Errorf("%.30q: %+v", body, got)
		}
	}
}

func FuzzSummary(f *testing.F) {
	for _, seed := range []string{
		"Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/2)\r\n", "Messages-Waiting: no\r\n", "Voice-Message:1", ":::\n\r\x00", "Message-Account: \u202e\x1b",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := parseSummary(body)
		if s.voice < -1 || s.voice > maxMessages || !s.waiting && s.voice > 0 || err != nil && s != (summary{}) {
			t.Errorf("%+v, %v", s, err)
		}
		if strings.ContainsAny(s.account, "\x00\x1b\r\n") || len([]rune(s.account)) > maxWords {
			t.Errorf("account %q", s.account)
		}
	})
}

// messages sends an unsolicited summary and checks the answer.
func (d *desk) messages(peer *siptest.Peer, user, body string, want string) {
	d.t.Helper()
	peer.SendTo(phoneAddr, peer.Request("NOTIFY", "sip:"+user+"@192.0.2.44", siptest.With("Event", "message-summary"), siptest.With("Content-Type", summaryType), withBody(body)))
	if got := siptest.Kind(peer.Next()); got != want {
		d.t.Errorf("%q was answered by %s, want %s", body, got, want)
	}
	d.wait(time.Millisecond)
}

func TestMessagesOfAServerThatTellsUnasked(t *testing.T) {
	asked(t, func(d *desk, c *counted, server *siptest.Peer) {
		d.messages(server, "5551212", "Messages-Waiting: yes\r\nVoice-Message: 2/0\r\n", "200")
		d.expect("idle", "You have 2 voice messages")
		v := d.view()
		if v.Lamps[view.LampMessage] != view.LampOn || v.Screen.Lines[0].Icon != view.IconMessage || v.Screen.Lines[1].Icon != view.IconOnHook {
			t.Errorf("lamp %v, icons %v", v.Lamps[view.LampMessage], v.Screen.Lines)
		}
		d.messages(server, "5551213", "Messages-Waiting: yes\r\nVoice-Message: 1/0\r\n", "200")
		d.expect("idle", "You have 3 voice messages")
		d.messages(server, "5551212", "Messages-Waiting: no\r\n", "200")
		d.expect("idle", "You have a voice message")
		d.messages(server, "5551213", "Messages-Waiting: yes\r\n", "200")
		d.expect("idle", "You have voice messages")
		// By the account, where the NOTIFY is addressed to no line.
		d.messages(server, "phone", "Messages-Waiting: no\r\nMessage-Account: sip:5551213@192.0.2.1\r\n", "200")
		if v := d.view(); v.Lamps[view.LampMessage] != view.LampOff || strings.Contains(screenText(v.Screen), "voice") {
			t.Errorf("not cleared:\n%s", screenText(v.Screen))
		}
		d.messages(server, "5551212", "nonsense", "400")
		d.expectStatus("Message waiting (from 192.0.2.2): no line Messages-Waiting")
		d.messages(d.peer(), "5551212", "Messages-Waiting: yes\r\n", "403")
		d.expect("idle")
		if d.view().Lamps[view.LampMessage] != view.LampOff {
			t.Error("a stranger lit the lamp")
		}
	})
}

func TestAnIncomingCallBlinksOverTheMessageLamp(t *testing.T) {
	asked(t, func(d *desk, c *counted, server *siptest.Peer) {
		d.messages(server, "5551212", "Messages-Waiting: yes\r\n", "200")
		ada := d.peer()
		invite := ada.Request("INVITE", "sip:5551212@"+phoneAddr, siptest.SDP(peerSDP))
		ada.SendTo(phoneAddr, invite)
		ada.Await("180")
		if d.view().Lamps[view.LampMessage] != view.LampBlinking {
			t.Error("does not blink")
		}
		d.soft("Reject")
		if d.view().Lamps[view.LampMessage] != view.LampOn {
			t.Error("not steady again")
		}
	})
}

func TestDialToneStuttersWhileMessagesWait(t *testing.T) {
	asked(t, func(d *desk, c *counted, server *siptest.Peer) {
		hear := func(want tone.Name) {
			t.Helper()
			if got := d.heard().tone; got != want {
				t.Errorf("tone %v, want %v", got, want)
			}
		}
		d.press(view.KeySpeaker)
		hear(tone.Dial)
		d.messages(server, "5551212", "Messages-Waiting: yes\r\n", "200")
		hear(tone.Stutter)
		d.press(view.Key1)
		hear(tone.None)
		d.soft("EndCall")
		d.press(view.LineKey(2)) // its mailbox is empty
		hear(tone.Dial)
	}, withFlags("stutter_msg_waiting", "1"))
}

func TestMessagesKeyCallsTheMailboxOnTheLineThatHasMessages(t *testing.T) {
	asked(t, func(d *desk, c *counted, server *siptest.Peer) {
		d.messages(server, "5551213", "Messages-Waiting: yes\r\n", "200")
		ada := d.peer()
		d.press(view.KeyMessages)
		if from := ada.Await("INVITE").From().URI; !strings.Contains(from, "5551213") {
			t.Errorf("called from %s", from)
		}
	}, withFlags("messages_uri", "sip:ada@192.0.2.9"))
	onDesk(t, func(d *desk) {
		d.press(view.KeyMessages)
		d.expect("idle", "That key is not active here")
	})
}

// mailbox is a server that accepts registrations and is subscribed to.
type mailbox struct {
	*siptest.Peer
	d *desk
}

func withMailbox(t *testing.T, f func(m *mailbox), flags ...string) {
	t.Helper()
	f0 := twoLines.with("")
	for name, text := range f0 {
		f0[name] = strings.ReplaceAll(text, "192.0.2.1\n", "192.0.2.3\n")
	}
	// The server is there before the phone is.
	onDesk(t, func(d *desk) {
		m := &mailbox{siptest.NewPeer(t, d.net.Network, "192.0.2.3:5060"), d}
		f(m)
	}, withFiles(f0), withFlags(flags...))
}

// registered answers the REGISTERs of both lines.
func (m *mailbox) registered() {
	for range 2 {
		m.Reply(m.Await("REGISTER"), 200, siptest.With("Expires", "3600"))
	}
}

func TestPhoneSubscribesOnceItIsRegistered(t *testing.T) {
	withMailbox(t, func(m *mailbox) {
		m.registered()
		subs := []*wire.Message{m.Await("SUBSCRIBE"), m.Await("SUBSCRIBE")}
		for _, sub := range subs {
			for _, field := range []string{"Event: message-summary", "Accept: application/simple-message-summary", "Expires: 3600"} {
				if !strings.Contains(string(sub.Encode()), field) {
					t.Errorf("lacks %s:\n%s", field, sub.Encode())
				}
			}
			ok := m.Reply(sub, 200, siptest.With("Expires", "3600"))
			m.SendTo(phoneAddr, m.Within(sub, ok, "NOTIFY", siptest.With("Event", "message-summary"), siptest.With("Subscription-State", "active"),
				siptest.With("Content-Type", summaryType), withBody("Messages-Waiting: yes\r\nVoice-Message: 3/1\r\n")))
			m.Await("200")
		}
		m.d.wait(time.Second)
		m.d.expect("idle", "You have 6 voice messages")
	}, "messages_uri", "8000")
}

func TestPhoneWithoutAMailboxSubscribesToNothing(t *testing.T) {
	withMailbox(t, func(m *mailbox) {
		m.registered()
		m.Quiet(30 * time.Minute)
	})
}

func TestServerThatDoesNotSubscribeIsLeftAlone(t *testing.T) {
	withMailbox(t, func(m *mailbox) {
		m.registered()
		for range 2 {
			m.Reply(m.Await("SUBSCRIBE"), 489)
		}
		m.Quiet(4 * time.Minute)
		// It may still tell of its own accord.
		m.d.messages(m.Peer, "5551212", "Messages-Waiting: yes\r\n", "200")
		m.d.expect("idle", "You have voice messages")
	}, "messages_uri", "8000")
}

func withBody(text string) siptest.Option {
	return func(m *wire.Message) { m.SetBody(summaryType, []byte(text)) }
}
