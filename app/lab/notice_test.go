package lab

import (
	"context"
	"errors"
	"testing"

	"github.com/icholy/digest"

	"deskset/app/lab/exchange"
)

func TestPhoneIsToldToReset(t *testing.T) {
	l := start(t, Options{Backup: true})
	if _, err := l.Notify(t.Context(), "5551212", Reset); !errors.Is(err, exchange.ErrNotRegistered) {
		t.Errorf("%v", err)
	}
	a := agentAt(t, l, l.Backup(), 1, "tcp") // at the other server, over its connection
	if res := a.register(); res.StatusCode != 200 {
		t.Fatal(res)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	told := make(chan error, 1)
	go func() {
		status, err := l.Notify(ctx, "5551212", Reset)
		if err == nil && status != 200 {
			err = errors.New("not 200")
		}
		told <- err
	}()
	// The phone wants to know who says so; icholy/digest checks the answer.
	challenge := digest.Challenge{Realm: "phone", Nonce: "abc", Algorithm: "SHA-256", QOP: []string{"auth"}}
	a.reply(a.request("NOTIFY"), 401, "Unauthorized", "p", "", "WWW-Authenticate: "+challenge.String())
	req := a.request("NOTIFY")
	got, err := digest.ParseCredentials(req.GetHeader("Authorization").Value())
	if err != nil {
		t.Fatal(err)
	}
	want, err := digest.Digest(&challenge, digest.Options{
		Method: "NOTIFY", URI: got.URI, Username: a.account.User, Password: a.account.Password, Count: got.Nc, Cnonce: got.Cnonce,
	})
	if err != nil || got.Response != want.Response || got.URI != req.Recipient.String() {
		t.Errorf("%v: %+v, want %+v", err, got, want)
	}
	a.reply(req, 200, "OK", "p", "")
	if err := <-told; err != nil {
		t.Error(err)
	}
}
