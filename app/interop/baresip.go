//go:build linux

package interop

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// BaresipConfig says what the other phone is like.
type BaresipConfig struct {
	Account Account
	// Proxy is where it registers, host:port; Domain the host of its address.
	Proxy, Domain string
	// Tone is what it speaks, in Hz.
	Tone float64
	// Manual leaves incoming calls ringing until Accept.
	Manual bool
	// Codecs in its words; empty means PCMU and PCMA.
	Codecs string
	// Transport "udp" (the zero value) or "tcp".
	Transport string
	// Cards, if not nil, are its sound devices instead of the tone.
	Cards *BaresipCards
	// Encryption is "srtp" (offered) or "srtp-mand" (demanded); empty means
	// plain media.
	Encryption string
	// Mux lets RTCP take the port of RTP (RFC 5761), if the other likes.
	Mux bool
}

// BaresipCards are PulseAudio devices by their names.
type BaresipCards struct {
	Server, Source, Sink string
	// Tuned sets it up for the least delay that it can do without gaps.
	Tuned bool
}

// Baresip is a real phone without a face: it speaks a tone, records what it
// hears, and is told what to do over TCP.
type Baresip struct {
	*Process
	Account Account
	dir     string
	conn    net.Conn

	mu     sync.Mutex
	events []BaresipEvent
	tokens int
	answer map[string]baresipMessage
}

// BaresipEvent is what it tells of its own accord.
type BaresipEvent struct {
	Type    string `json:"type"` // REGISTER_OK, CALL_INCOMING, CALL_ESTABLISHED, CALL_CLOSED ...
	Class   string `json:"class"`
	Param   string `json:"param"`
	PeerURI string `json:"peeruri"`
}

type baresipMessage struct {
	BaresipEvent
	Event    bool   `json:"event"`
	Response bool   `json:"response"`
	OK       bool   `json:"ok"`
	Data     string `json:"data"`
	Token    string `json:"token"`
}

// StartBaresip runs a phone until the test ends and waits until it is
// registered.
func StartBaresip(t testing.TB, c BaresipConfig) *Baresip {
	t.Helper()
	need(t, "peers", "baresip")
	b := &Baresip{Account: c.Account, dir: t.TempDir(), answer: map[string]baresipMessage{}}
	if err := WriteTone(filepath.Join(b.dir, "tone.wav"), 8000, c.Tone, 2*time.Minute); err != nil {
		t.Fatal(err)
	}
	control := FreePort(t)
	for name, text := range map[string]string{
		"config": c.config(b.dir, FreePort(t), control), "accounts": c.account(), "contacts": "",
		".asoundrc": c.Cards.alsa(),
	} {
		if err := os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("baresip", "-v", "-f", b.dir)
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "HOME="+b.dir)
	b.Process = start(t, cmd)
	WaitFor(t, 20*time.Second, "baresip's control port", func() bool {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", control))
		if err == nil {
			b.conn = conn
		}
		return err == nil
	})
	var reading sync.WaitGroup
	reading.Go(b.read)
	t.Cleanup(func() { b.conn.Close(); reading.Wait() })
	b.waitRegistered()
	return b
}

func (c BaresipConfig) account() string {
	answer, codecs, transport := "auto", "PCMU/8000/1,PCMA/8000/1", "udp"
	if c.Manual {
		answer = "manual"
	}
	if c.Codecs != "" {
		codecs = c.Codecs
	}
	if c.Transport != "" {
		transport = c.Transport
	}
	encryption := ""
	if c.Encryption != "" {
		encryption = ";mediaenc=" + c.Encryption
	}
	return fmt.Sprintf("<sip:%s@%s;transport=%s>;auth_user=%s;auth_pass=%s;outbound=\"sip:%s;transport=%s\";regint=60;answermode=%s;audio_codecs=%s;ptime=20%s\n",
		c.Account.User, c.Domain, transport, c.Account.User, c.Account.Password, c.Proxy, transport, answer, codecs, encryption)
}

// config lets it play the tone as its microphone and write both directions to
// WAV files (module sndfile); no sound card is touched.
func (c BaresipConfig) config(dir string, sip, control int) string {
	if c.Cards != nil {
		return c.Cards.config(dir, sip, control)
	}
	mux := "no"
	if c.Mux {
		mux = "yes"
	}
	return fmt.Sprintf(`poll_method epoll
rtcp_mux %s
sip_listen 127.0.0.1:%d
audio_source aufile,%s/tone.wav
audio_player aubridge,nowhere
audio_alert aubridge,nowhere
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
audio_level no
ausrc_format s16
auplay_format s16
auenc_format s16
audec_format s16
audio_buffer 20-160
rtp_ports 20000-28000
rtcp_enable yes
jitter_buffer_type fixed
jitter_buffer_delay 2-10
net_interface 127.0.0.1
call_max_calls 4
module_path /usr/lib/baresip/modules
module g711.so
module g722.so
module opus.so
module aubridge.so
module aufile.so
module sndfile.so
module srtp.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:%d
snd_path %s
`, mux, sip, dir, control, dir)
}

// config leaves all that makes a delay as baresip's own template has it, unless
// it is tuned.
func (c *BaresipCards) config(dir string, sip, control int) string {
	buffer, delay := "20-160", "5-10"
	if c.Tuned {
		buffer, delay = "10-40", "1-2"
	}
	return fmt.Sprintf(`poll_method epoll
sip_listen 127.0.0.1:%d
audio_source alsa,source
audio_player alsa,sink
audio_alert aubridge,nowhere
ausrc_srate 48000
auplay_srate 48000
audio_level no
ausrc_format s16
auplay_format s16
auenc_format s16
audec_format s16
audio_buffer %s
rtp_ports 20000-28000
rtcp_enable yes
jitter_buffer_type fixed
jitter_buffer_delay %s
net_interface 127.0.0.1
call_max_calls 4
module_path /usr/lib/baresip/modules
module g711.so
module g722.so
module opus.so
module auresamp.so
module aubridge.so
module alsa.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:%d
`, sip, buffer, delay, control)
}

// alsa is its .asoundrc: baresip reaches PulseAudio through ALSA.
func (c *BaresipCards) alsa() string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf("pcm.source { type pulse server %[1]q device %[2]q }\npcm.sink { type pulse server %[1]q device %[3]q }\n", c.Server, c.Source, c.Sink)
}

// read takes netstrings of JSON from the control connection.
func (b *Baresip) read() {
	in := bufio.NewReader(b.conn)
	for {
		length, err := in.ReadString(':')
		if err != nil {
			return
		}
		n, err := strconv.Atoi(strings.TrimSuffix(length, ":"))
		if err != nil || n < 0 || n > 1<<20 {
			return
		}
		text := make([]byte, n+1) // and the comma
		if _, err := io.ReadFull(in, text); err != nil {
			return
		}
		var m baresipMessage
		if json.Unmarshal(text[:n], &m) != nil {
			continue
		}
		b.mu.Lock()
		if m.Response {
			b.answer[m.Token] = m
		} else {
			b.events = append(b.events, m.BaresipEvent)
		}
		b.mu.Unlock()
	}
}

// Do gives a command of baresip's menu and waits for its answer.
func (b *Baresip) Do(command, params string) string {
	b.t.Helper()
	b.mu.Lock()
	b.tokens++
	token := strconv.Itoa(b.tokens)
	b.mu.Unlock()
	text, err := json.Marshal(map[string]string{"command": command, "params": params, "token": token})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(b.conn, "%d:%s,", len(text), text); err != nil {
		b.t.Fatalf("baresip %s: %v", command, err)
	}
	var m baresipMessage
	WaitFor(b.t, 20*time.Second, "baresip's answer to "+command, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		var ok bool
		m, ok = b.answer[token]
		return ok
	})
	if !m.OK {
		b.t.Fatalf("baresip %s %s: %s", command, params, m.Data)
	}
	return m.Data
}

// Dial calls a SIP URI, Accept answers, Hangup ends.
func (b *Baresip) Dial(uri string) { b.t.Helper(); b.Do("dial", uri) }

// Accept answers an incoming call.
func (b *Baresip) Accept() { b.t.Helper(); b.Do("accept", "") }

// Hangup ends the call.
func (b *Baresip) Hangup() { b.t.Helper(); b.Do("hangup", "") }

// waitRegistered reads the log: the first registration may be granted before
// the control connection stands, and its event is lost then.
func (b *Baresip) waitRegistered() {
	b.t.Helper()
	WaitFor(b.t, 25*time.Second, "baresip to register", func() bool {
		return strings.Contains(b.Log(), "200 OK") && strings.Contains(b.Log(), "binding")
	})
}

// Wait waits for the next event of a type that no earlier Wait has given.
func (b *Baresip) Wait(kind string) BaresipEvent {
	b.t.Helper()
	var found BaresipEvent
	WaitFor(b.t, 25*time.Second, "baresip's "+kind, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		for i, e := range b.events {
			if e.Type == kind {
				found, b.events = e, b.events[i+1:]
				return true
			}
		}
		return false
	})
	return found
}

// Heard is the recording of what it heard in its last call, once it has ended.
func (b *Baresip) Heard() Sound { b.t.Helper(); return b.recording("dec") }

// Said is the recording of what it sent.
func (b *Baresip) Said() Sound { b.t.Helper(); return b.recording("enc") }

func (b *Baresip) recording(direction string) Sound {
	b.t.Helper()
	var s Sound
	WaitFor(b.t, 20*time.Second, "baresip's recording "+direction, func() bool {
		paths, _ := filepath.Glob(filepath.Join(b.dir, "dump-*-"+direction+".wav"))
		if len(paths) == 0 {
			return false
		}
		var err error
		s, err = ReadSound(paths[len(paths)-1])
		return err == nil && len(s.Samples) > 0
	})
	return s
}
