package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"os"

	"deskset/phonecore/sipua/transport"
	"deskset/provisioning/param"
)

// maxAuthorities bounds the file of tls_ca_file.
const maxAuthorities = 1 << 20

// authorities reads the file of tls_ca_file if it is one of this computer.
func authorities(set *param.Set) ([]byte, error) {
	path, ok := set.LocalFile("tls_ca_file")
	if !ok {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("tls_ca_file: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxAuthorities))
	if err == nil {
		_, err = transport.Authorities(data)
	}
	if err != nil {
		return nil, fmt.Errorf("tls_ca_file %s: %w", path, err)
	}
	return data, nil
}

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
