package phonecore

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"deskset/phonecore/flash"
	"deskset/phonecore/text"
	"deskset/phonecore/view"
	"deskset/provisioning/fetch"
	"deskset/provisioning/fetch/fetchtest"
	"deskset/provisioning/param"
)

func TestProvisioningServerIsTriedAndStartedFrom(t *testing.T) {
	kept := flash.Memory()
	onDesk(t, func(d *desk) {
		d.expect("firstrun")
		d.press(view.Key3)
		d.expect("firstrun.server", "https://server/folder/")
		d.phone.Type("192.0.2.2")
		synctest.Wait()
		d.phone.Type("\r")
		d.wait(time.Second)
		d.expect("idle", "5551212")
		if stored, _ := kept.Load(); stored["tftp_server"] != "192.0.2.2" || stored["alternate_tftp"] != "1" {
			t.Errorf("flash holds %v", stored)
		}
	}, withFlash(kept), func(c *Config) { c.Local, c.FirstRun = nil, FirstRunAlways })
}

func TestFailureOfTheProvisioningServerIsExplained(t *testing.T) {
	certificate := &fetch.Error{Server: "https://pbx.example/", Err: fetch.ErrProtocol, Cause: x509.UnknownAuthorityError{}}
	for name, c := range map[string]struct {
		setup setup
		typed string
		words string
	}{
		"no file":     {withFiles(files{}), "192.0.2.2", "has no file for this phone"},
		"its address": {withFiles(files{}), "192.0.2.2", "00503EFFD842"},
		"silent":      {withFiles(nil), "192.0.2.2", "192.0.2.2 does not answer"},
		"no name":     {func(c *Config) { c.Network = nowhere{} }, "pbx.invalid", "no server of the name pbx.invalid"},
		"certificate": {func(c *Config) {
			c.Beyond.HTTP = func(string, string) (fetch.Source, error) { return nil, certificate }
		}, "https://ada:" + canary + "@pbx.example/p/", "certificate of pbx.example comes from nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			kept := flash.Memory()
			onDesk(t, func(d *desk) {
				d.press(view.Key3)
				d.phone.Type(c.typed)
				synctest.Wait()
				d.phone.Type("\r")
				d.wait(time.Minute)
				d.expectTrouble(c.words)
				if strings.Contains(fmt.Sprint(d.view(), d.statusTexts()), "canary") {
					t.Error("the password is shown")
				}
				d.soft("Again")
				d.wait(time.Minute)
				d.expectTrouble(c.words)
				d.soft("Change")
				d.expect("firstrun")
				if stored, _ := kept.Load(); len(stored) > 0 {
					t.Errorf("flash holds %v", stored)
				}
			}, c.setup, withFlash(kept), func(c *Config) { c.Local, c.FirstRun = nil, FirstRunAlways })
		})
	}
}

func TestTheLabIsStartedOnRequest(t *testing.T) {
	onDisk := flash.Memory()
	onDesk(t, func(d *desk) {
		d.press(view.Key1)
		d.wait(time.Second)
		d.expect("idle", "5551212", "Dial 0")
		if stored, _ := onDisk.Load(); len(stored) > 0 {
			t.Errorf("the lab changed flash: %v", stored)
		}
	}, empty, withFlash(onDisk), func(c *Config) {
		c.StartLab = func(context.Context) (func(*Config), error) {
			return func(c *Config) {
				c.Flash, c.Network, c.IdleHint = flash.Memory(), twoLines, text.PlugHint
				c.Local = []param.Layer{{Origin: param.FromSettings, Name: "lab", Entries: []param.Entry{{Name: "tftp_server", Text: "192.0.2.2"}}}}
			}, nil
		}
	})
}

func TestTheTryOfAServerIsGivenUp(t *testing.T) {
	given := 0
	onDesk(t, func(d *desk) {
		d.press(view.Key3)
		d.phone.Type("https://pbx.example/p/")
		synctest.Wait()
		d.phone.Type("\r")
		d.expect("firstrun.try", "Asking pbx.example", "|||Cancel")
		d.soft("Cancel")
		d.wait(time.Second)
		if given != 1 {
			t.Error("the server is still asked")
		}
		d.wait(time.Minute)
		d.expect("firstrun")
	}, empty, func(c *Config) {
		c.Beyond.HTTP = func(string, string) (fetch.Source, error) {
			return fetchtest.Source(func(ctx context.Context, _ string) ([]byte, error) {
				<-ctx.Done()
				given++
				return nil, ctx.Err()
			}), nil
		}
	})
}

// TestALabThatIsNotAwaited: whoever cancels stays where they are, and the lab
// that has started meanwhile is there when it is wanted.
func TestALabThatIsNotAwaited(t *testing.T) {
	starts := 0
	onDesk(t, func(d *desk) {
		d.press(view.Key1)
		d.expect("firstrun.try", "|||Cancel")
		d.soft("Cancel")
		d.expect("firstrun")
		d.press(view.Key1) // it is under way still
		d.expect("firstrun.try")
		d.soft("Cancel")
		d.wait(time.Minute)
		d.expect("firstrun")
		d.press(view.Key1)
		d.wait(time.Second)
		d.expect("idle", "5551212")
		if starts != 1 {
			t.Errorf("%d labs", starts)
		}
	}, empty, func(c *Config) {
		c.StartLab = func(context.Context) (func(*Config), error) {
			starts++
			time.Sleep(10 * time.Second) // of virtual time
			return func(c *Config) {
				c.Flash, c.Network = flash.Memory(), twoLines
				c.Local = []param.Layer{{Origin: param.FromSettings, Name: "lab", Entries: []param.Entry{{Name: "tftp_server", Text: "192.0.2.2"}}}}
			}, nil
		}
	})
}

func TestALabThatDoesNotStartSaysWhy(t *testing.T) {
	onDesk(t, func(d *desk) {
		d.press(view.Key1)
		d.expectTrouble("port 69 is taken", "Another lab")
		d.soft("Keep")
		d.expect("idle")
	}, empty, func(c *Config) {
		c.StartLab = func(context.Context) (func(*Config), error) { return nil, errors.New("port 69 is taken") }
	})
}
