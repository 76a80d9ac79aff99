package main

import (
	"strings"
	"testing"

	"deskset/provisioning/param"
)

func settings(entries []param.Entry) map[string]string {
	m := map[string]string{}
	for _, e := range entries {
		m[e.Name] = e.Text
	}
	return m
}

func TestAccountFillsTheParametersOfLineOne(t *testing.T) {
	for address, want := range map[string]map[string]string{
		"sip:1001@pbx.example":                      {"line1_name": "1001", "line1_authname": "1001", "proxy1_address": "pbx.example", "proxy_register": "1"},
		"1001@192.0.2.1:5070":                       {"proxy1_address": "192.0.2.1", "proxy1_port": "5070"},
		"sip:a.b@pbx.example:5062;transport=TCP":    {"proxy1_port": "5062", "sip_transport": "tcp"},
		"sips:1001@pbx.example":                     {"sip_transport": "tls"},
		"SIP:1001@pbx.example":                      {"line1_name": "1001"},
		"sip:ada%20l@pbx.example":                   {"line1_name": "ada l"},
		"sip:1001@[2001:db8::1]":                    {"proxy1_address": "2001:db8::1"},
		"sip:1001@[2001:db8::1]:5070;transport=udp": {"proxy1_address": "2001:db8::1", "proxy1_port": "5070", "sip_transport": "udp"},
	} {
		entries, err := accountEntries(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		got := settings(entries)
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%s: %s = %q, want %q", address, name, got[name], value)
			}
		}
	}
}

func TestBadAccountsAreRefusedWithAnExample(t *testing.T) {
	for _, address := range []string{"", "1001", "sip:@pbx", "sip:1001@", "sip:1001@pbx:0", "sip:1001@pbx:x", "sip:1001@pbx:70000"} {
		if _, err := accountEntries(address); err == nil || !strings.Contains(err.Error(), "want") {
			t.Errorf("%q: error %v, want one that says what is wanted", address, err)
		}
	}
}

func TestPasswordInTheAccountIsRefusedAndNotRepeated(t *testing.T) {
	_, err := accountEntries("sip:1001:s3cret-canary@pbx.example")
	if err == nil || strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), "-password-stdin") {
		t.Errorf("error %v", err)
	}
}
