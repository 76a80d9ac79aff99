package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pin/tftp/v3"
)

func fetch(t *testing.T, l *Lab, name string) (string, error) {
	t.Helper()
	c, err := tftp.NewClient(l.TFTP().String())
	if err != nil {
		t.Fatal(err)
	}
	c.SetTimeout(300 * time.Millisecond)
	c.SetRetries(1)
	c.SetBackoff(func(int) time.Duration { return 0 })
	w, err := c.Receive(name, "octet")
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	_, err = w.WriteTo(&b)
	return b.String(), err
}

func TestFilesOfThePhoneAreServed(t *testing.T) {
	l := start(t, Options{MAC: "00:50:3e:ff:d8:42", Image: "P0S3-08-12-00"})
	if l.MAC() != DefaultMAC {
		t.Errorf("MAC %s", l.MAC())
	}
	one, two := l.Accounts()[0], l.Accounts()[1]
	for name, want := range map[string][]string{
		"OS79XX.TXT": {"P0S3-08-12-00\r\n"},
		"SIPDefault.cnf": {
			`image_version: "P0S3-08-12-00"`, "proxy1_address: 127.0.0.1\n", fmt.Sprintf("proxy1_port: %d\n", l.Proxy().Port()),
			"proxy_register: 1\n", "timer_register_expires: 3600\n",
		},
		"SIP00503EFFD842.cnf": {
			"line1_name: 5551212\n", `line1_password: "` + one.Password + `"`,
			"line2_name: 5551213\n", `line2_password: "` + two.Password + `"`,
		},
		"RINGLIST.DAT": {"Lab Bell\tlabbell.pcm\r\n", "Lab Marimba\tlabmarimba.pcm\r\n"},
	} {
		text, err := fetch(t, l, name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, line := range want {
			if !strings.Contains(text, line) {
				t.Errorf("%s has no %q:\n%s", name, line, text)
			}
		}
	}
	for _, r := range rings {
		pcm, err := fetch(t, l, r.File)
		if err != nil || len(pcm)%240 != 0 || len(pcm) < 8000 || len(pcm) > 16080 {
			t.Errorf("%s: %d bytes, %v", r.File, len(pcm), err)
		}
	}
	for _, name := range []string{"SIP00503EFFD843.cnf", "sipdefault.cnf", "../lab.go", "", strings.Repeat("x", 400)} {
		if text, err := fetch(t, l, name); err == nil || !strings.Contains(err.Error(), "code: 1") || !strings.Contains(err.Error(), "File not found") {
			t.Errorf("%.20q: %q, %v", name, text, err)
		}
	}
	if got := l.Requests(); !slices.Contains(got, "OS79XX.TXT") {
		t.Errorf("requests: %v", got)
	}
	if one.Password == two.Password || len(one.Password) < 16 {
		t.Error("passwords are not random")
	}
}

func TestNothingIsWrittenByTFTP(t *testing.T) {
	l := start(t, Options{})
	c, err := tftp.NewClient(l.TFTP().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send("SIPDefault.cnf", "octet"); err == nil {
		t.Error("a file may be written")
	}
}

func TestBadOptionsAreRefused(t *testing.T) {
	for name, o := range map[string]Options{
		"of no-switch, wrong-vlan": {Fault: "lossy-tftp, earthquake"},
		"image \"no name\"":        {Image: "no name"},
		"directory of files":       {Root: "/nowhere"},
		"want twelve hexadecimal":  {MAC: "0050"},
		"without quotes":           {Image: "a\"\nproxy1_address: 192.0.2.1"},
	} {
		if l, err := Start(context.Background(), o); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%+v: %v, %v", o, l, err)
		}
	}
}

func TestLabEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	l, err := Start(ctx, Options{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	<-l.ended
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Error(err)
	}
	l.CallMe("5551212", "", 0)
	if err := l.SetFault("wrong-vlan"); err != nil {
		t.Error(err)
	}
	if l.Registrations() != nil || l.Digits() != nil {
		t.Error("a closed lab answers")
	}
}

func TestHostileDatagramsHarmNobody(t *testing.T) {
	l := start(t, Options{})
	a := registered(t, l, 1, "udp")
	c, e := a.connect("1", "0")
	var sockets []io.Writer
	for _, to := range []string{l.Proxy().String(), l.TFTP().String(), e.to.String()} {
		conn, err := net.Dial("udp", to)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		sockets = append(sockets, conn)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := rand.New(rand.NewPCG(1, 2))
	for _, seed := range []string{
		"INVITE sip:1@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:1@b>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContact: <sip:a@127.0.0.1:9>\r\nContent-Length: 0\r\n\r\n",
		"REGISTER sip:lab.deskset SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: sip:a@b\r\nTo: sip:a@b\r\nCall-ID: x\r\nCSeq: 2 REGISTER\r\nAuthorization: Digest username=\"5551212\", realm=\"lab.deskset\", nonce=\"x\", response=\"\"\r\n\r\n",
		"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK0\r\nFrom: <sip:a>\r\nTo: <sip:b>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n",
		"\x00\x01SIPDefault.cnf\x00octet\x00blksize\x008\x00tsize\x00-1\x00",
		"\x80\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x07voice",
	} {
		for range 1500 {
			data := []byte(seed)
			for range r.IntN(4) {
				switch at := r.IntN(len(data)); r.IntN(3) {
				case 0:
					data[at] = byte(r.Uint32())
				case 1:
					data = append(data[:at:at], data[min(at+r.IntN(20), len(data)):]...)
				default:
					data = append(data[:at:at], append(bytes.Repeat(data[at:at+1], r.IntN(300)), data[at:]...)...)
				}
				if len(data) == 0 {
					data = []byte{0}
				}
			}
			_, _ = sockets[r.IntN(len(sockets))].Write(data)
		}
	}
	// The flood has filled sockets: ask until one question gets through.
	probe := newAgent(t, l, 2, "udp")
	until(t, func() bool {
		probe.send(probe.newCall("x"), "OPTIONS", "")
		select {
		case <-probe.in:
			return true
		case <-time.After(50 * time.Millisecond):
			return false
		}
	})
	if res := a.register(); res.StatusCode != 200 {
		t.Errorf("register: %s", res)
	}
	e.forget()
	e.speak(200*time.Millisecond, 440)
	e.hear(100 * time.Millisecond)
	a.hangUp(c)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 20<<20 {
		t.Errorf("grown by %d bytes", grown)
	}
}

func TestLabAloneTellsWhereItIs(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errs bytes.Buffer
	if code := Main(ctx, nil, &out, &errs); code != 0 || !strings.Contains(out.String(), "TFTP server") || !strings.Contains(out.String(), "5551212") {
		t.Errorf("code %d, %s%s", code, out.String(), errs.String())
	}
	out.Reset()
	if code := Main(ctx, []string{"-fault", "list"}, &out, &errs); code != 0 || !strings.Contains(out.String(), "tftp-timeout") {
		t.Errorf("code %d, %s", code, out.String())
	}
	out.Reset()
	code := Main(ctx, []string{"-backup", "-http", "-upgrade", "-sep", "-root", t.TempDir(), "-fault", "reset,tftp-size"}, &out, &errs)
	for _, want := range []string{"Backup proxy", "HTTP server      http://127.0.0.1:", "Own files", "reset,tftp-size", upgradeImage} {
		if code != 0 || !strings.Contains(out.String(), want) {
			t.Errorf("code %d, no %q in %s", code, want, out.String())
		}
	}
	for _, args := range [][]string{{"-root", "/nowhere"}, {"-fault", "x"}, {"-nonsense"}, {"more"}, {"-listen", "x"}} {
		if code := Main(ctx, args, &out, &errs); code == 0 {
			t.Errorf("%v: code 0", args)
		}
	}
}
