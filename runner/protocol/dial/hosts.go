package dial

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// Hosts are addresses that go before DNS. A key is a host, *.domain for all names below it, or either with a port; the
// addresses have ports or not: without one the target's stays.
type Hosts map[string][]string

// overrides is Hosts, read.
type overrides map[string]*book

// Check says what is wrong with them.
func (h Hosts) Check() error {
	_, err := h.parse()
	return err
}

// parse reads them. The error names the entry that is wrong.
func (h Hosts) parse() (overrides, error) {
	all := overrides{}
	for key, texts := range h {
		if err := checkHost(key); err != nil {
			return nil, err
		}
		var addrs []netip.AddrPort
		for _, text := range texts {
			addr, err := parseAddr(text)
			if err != nil {
				return nil, fmt.Errorf("hosts: %s: %w", key, err)
			}
			addrs = append(addrs, addr)
		}
		if len(addrs) == 0 {
			return nil, fmt.Errorf("hosts: %s has no address", key)
		}
		all[canonical(key)] = newBookAt(addrs)
	}
	return all, nil
}

// checkHost refuses keys that no host matches.
func checkHost(key string) error {
	host := key
	if h, port, err := net.SplitHostPort(key); err == nil && !strings.Contains(key, "/") {
		host = h
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return fmt.Errorf("hosts: %s: the port must be 1..65535, not %q", key, port)
		}
	}
	if host == "" || strings.ContainsAny(host, "/ \t@") || strings.Contains(strings.TrimPrefix(host, "*."), "*") {
		return fmt.Errorf("hosts: %q is no host (want api.example.com, *.example.com or api.example.com:443)", key)
	}
	return nil
}

// parseAddr reads an address with or without a port; a port of 0 is none. localhost is known without DNS.
func parseAddr(text string) (netip.AddrPort, error) {
	host, port := text, uint64(0)
	if h, p, err := net.SplitHostPort(text); err == nil {
		host = h
		if port, err = strconv.ParseUint(p, 10, 16); err != nil || port == 0 {
			return netip.AddrPort{}, fmt.Errorf("the port of %q must be 1..65535", text)
		}
	}
	if strings.EqualFold(host, "localhost") {
		host = "127.0.0.1"
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("%q is not an IP address", text)
	}
	return netip.AddrPortFrom(addr, uint16(port)), nil
}

// find is the entry for a host and port: that with the port before that without, a name before the domains above it.
func (o overrides) find(host, port string) *book {
	if len(o) == 0 {
		return nil
	}
	name := canonical(host)
	at := func(key string) *book {
		if b := o[key+":"+port]; b != nil {
			return b
		}
		return o[key]
	}
	if b := at(name); b != nil {
		return b
	}
	for {
		_, rest, more := strings.Cut(name, ".")
		if !more {
			return nil
		}
		if b := at("*." + rest); b != nil {
			return b
		}
		name = rest
	}
}
