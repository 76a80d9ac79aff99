package transport

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// NAPTR is one record of how a domain wants to be reached (RFC 3403 section 4).
type NAPTR struct {
	Order, Preference uint16
	// Flags is "s" where Replacement has SRV records.
	Flags string
	// Service is SIP+D2U, SIP+D2T, SIPS+D2T (RFC 3263 section 4.1).
	Service     string
	Replacement string
}

// NAPTRLookup is a Lookup that can ask for NAPTR records too.
type NAPTRLookup interface {
	Lookup
	LookupNAPTR(ctx context.Context, name string) ([]NAPTR, error)
}

// naptrNetworks are the services that we can use.
var naptrNetworks = map[string]string{"SIP+D2U": UDP, "SIP+D2T": TCP, "SIPS+D2T": TLS}

// pointers gives the ways that a domain's NAPTR records name, best first.
func (d DNS) pointers(ctx context.Context, t Target) []NAPTR {
	l, ok := d.Lookup.(NAPTRLookup)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, srvTimeout)
	defer cancel()
	records, err := l.LookupNAPTR(ctx, t.Host)
	if err != nil {
		return nil // most domains have none: SRV and addresses remain
	}
	records = slices.DeleteFunc(records, func(r NAPTR) bool {
		return !strings.EqualFold(r.Flags, "s") || naptrNetworks[strings.ToUpper(r.Service)] == "" || r.Replacement == ""
	})
	slices.SortStableFunc(records, func(a, b NAPTR) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Preference, b.Preference))
	})
	return records
}

// systemDNS is net.DefaultResolver, which knows no NAPTR, and our own question
// to the same servers for those.
type systemDNS struct{ *net.Resolver }

// LookupNAPTR implements NAPTRLookup.
func (s systemDNS) LookupNAPTR(ctx context.Context, name string) ([]NAPTR, error) {
	servers := nameServers(resolvConf)
	if len(servers) == 0 && s.Dial == nil {
		return nil, errNoNameServer
	}
	dial := s.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	return askNAPTR(ctx, dial, append(servers, "")[0], name)
}

var errNoNameServer = errors.New("no DNS server is known")

const (
	resolvConf = "/etc/resolv.conf"
	typeNAPTR  = dnsmessage.Type(35) // RFC 3403 section 4
	maxAnswer  = 65_535
	maxNAPTR   = 16
	// askAgain is when a question without an answer is repeated.
	askAgain = time.Second
)

// nameServers are those of a resolv.conf(5); none where there is no such file.
func nameServers(file string) (list []string) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "nameserver" {
			list = append(list, net.JoinHostPort(f[1], "53"))
		}
	}
	return list
}

type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// askNAPTR asks one DNS server, by UDP and, if the answer does not fit, by TCP
// (RFC 1035 section 4.2).
func askNAPTR(ctx context.Context, dial dialer, server, name string) ([]NAPTR, error) {
	id := uint16(rand.Uint32())
	question, err := naptrQuestion(id, name)
	if err != nil {
		return nil, err
	}
	for _, network := range []string{"udp", "tcp"} {
		answer, err := questionTo(ctx, dial, network, server, id, question)
		if err != nil {
			return nil, fmt.Errorf("asking DNS server %s: %w", server, err)
		}
		if records, whole, err := naptrAnswer(answer); err != nil || whole {
			return records, err
		}
	}
	return nil, errors.New("the DNS server's answer is cut off")
}

func naptrQuestion(id uint16, name string) ([]byte, error) {
	n, err := dnsmessage.NewName(strings.TrimSuffix(name, ".") + ".")
	if err != nil {
		return nil, err
	}
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: id, RecursionDesired: true},
		Questions: []dnsmessage.Question{{Name: n, Type: typeNAPTR, Class: dnsmessage.ClassINET}},
	}
	return m.Pack()
}

// questionTo sends a question and waits for the answer that bears its number.
func questionTo(ctx context.Context, dial dialer, network, server string, id uint16, question []byte) ([]byte, error) {
	conn, err := dial(ctx, network, server)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	if _, packets := conn.(net.PacketConn); !packets {
		return askStream(conn, question)
	}
	buf := make([]byte, maxAnswer)
	for {
		if _, err := conn.Write(question); err != nil {
			return nil, err
		}
		conn.SetReadDeadline(time.Now().Add(askAgain))
		for {
			n, err := conn.Read(buf)
			if err != nil && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			var timeout net.Error
			if errors.As(err, &timeout) && timeout.Timeout() {
				break
			}
			if err != nil {
				return nil, err
			}
			if n > 2 && binary.BigEndian.Uint16(buf) == id {
				return buf[:n], nil
			}
		}
	}
}

// askStream is the same with the length ahead of each message.
func askStream(conn net.Conn, question []byte) ([]byte, error) {
	if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(question))), question...)); err != nil {
		return nil, err
	}
	var size [2]byte
	if _, err := io.ReadFull(conn, size[:]); err != nil {
		return nil, err
	}
	answer := make([]byte, binary.BigEndian.Uint16(size[:]))
	_, err := io.ReadFull(conn, answer)
	return answer, err
}

// naptrAnswer reads the records of an answer; whole is false if it was cut off.
func naptrAnswer(message []byte) (records []NAPTR, whole bool, err error) {
	var p dnsmessage.Parser
	h, err := p.Start(message)
	switch {
	case err != nil:
		return nil, false, err
	case h.Truncated:
		return nil, false, nil
	case h.RCode != dnsmessage.RCodeSuccess:
		return nil, false, fmt.Errorf("the DNS server answers %v", h.RCode)
	}
	if err := p.SkipAllQuestions(); err != nil {
		return nil, false, err
	}
	for len(records) < maxNAPTR {
		a, err := p.AnswerHeader()
		if errors.Is(err, dnsmessage.ErrSectionDone) {
			break
		}
		if err != nil {
			return nil, false, err
		}
		if a.Type != typeNAPTR {
			if err := p.SkipAnswer(); err != nil {
				return nil, false, err
			}
			continue
		}
		r, err := p.UnknownResource()
		if err != nil {
			return nil, false, err
		}
		record, err := parseNAPTR(r.Data)
		if err != nil {
			return nil, false, err
		}
		records = append(records, record)
	}
	return records, true, nil
}

var errNAPTR = errors.New("broken NAPTR record")

// parseNAPTR reads the data of a record: order, preference, flags, services,
// regular expression (of no use for SIP), and a name that is never compressed.
func parseNAPTR(data []byte) (r NAPTR, err error) {
	if len(data) < 4 {
		return r, errNAPTR
	}
	r.Order, r.Preference = binary.BigEndian.Uint16(data), binary.BigEndian.Uint16(data[2:])
	data = data[4:]
	var words [3]string
	for i := range words {
		if len(data) == 0 || len(data) <= int(data[0]) {
			return r, errNAPTR
		}
		words[i], data = string(data[1:1+data[0]]), data[1+data[0]:]
	}
	r.Flags, r.Service = words[0], words[1]
	var labels []string
	for len(data) > 0 && data[0] != 0 {
		if data[0] > 63 || len(data) <= int(data[0]) {
			return r, errNAPTR
		}
		labels, data = append(labels, string(data[1:1+data[0]])), data[1+data[0]:]
	}
	if len(data) != 1 {
		return r, errNAPTR
	}
	r.Replacement = strings.Join(labels, ".")
	return r, nil
}
