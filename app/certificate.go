package main

import (
	"crypto/tls"
	"errors"
	"fmt"

	"deskset/provisioning/param"
)

// certificate reads the certificate that SIP servers are shown, if one is set.
// The error names the files; it says nothing of what is in them.
func certificate(set *param.Set) (*tls.Certificate, error) {
	file, key := set.Text("tls_certificate"), set.Text("tls_key")
	switch {
	case file == "" && key == "":
		return nil, nil
	case file == "" || key == "":
		return nil, errors.New("tls_certificate and tls_key belong together: one of them is not set")
	}
	c, err := tls.LoadX509KeyPair(file, key)
	if err != nil {
		return nil, fmt.Errorf("the certificate for SIP servers in %s with the key in %s: %w", file, key, err)
	}
	return &c, nil
}
