package dial

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Proxy is what connections go through.
type Proxy struct {
	Scheme         string // http, https or socks5
	Host, Port     string
	User, Password string
	Login          bool     // User and Password are to be sent
	Except         []string // hosts that are reached without it: names, .domains, addresses, CIDR blocks
	// Tunnel asks for a tunnel (CONNECT) also to targets without TLS, which else get requests in absolute form. SOCKS
	// always tunnels.
	Tunnel bool
}

// ParseProxy reads a proxy's URL. "none" is nil. The error doesn't show the URL: it may hold a password.
func ParseProxy(text string) (*Proxy, error) {
	if text == "none" {
		return nil, nil
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" && !strings.Contains(text, "://"):
		return nil, errors.New("a proxy is a URL, such as http://proxy.internal:3128, or none")
	case u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" && u.Scheme != "socks5h":
		return nil, fmt.Errorf("a proxy begins with http://, https:// or socks5://, found %s://", u.Scheme)
	case u.Hostname() == "":
		return nil, errors.New("the proxy's URL has no host")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("a proxy's URL has no path, query or fragment: http://proxy.internal:3128")
	}
	p := &Proxy{Scheme: strings.TrimSuffix(u.Scheme, "h"), Host: u.Hostname(), Port: u.Port()}
	if p.Port == "" {
		p.Port = map[string]string{"http": "80", "https": "443", "socks5": "1080"}[p.Scheme]
	}
	if n, err := strconv.ParseUint(p.Port, 10, 16); err != nil || n == 0 {
		return nil, fmt.Errorf("the proxy's port is %s, and ports go from 1 to 65535", p.Port)
	}
	if u.User != nil {
		p.Login, p.User = true, u.User.Username()
		p.Password, _ = u.User.Password()
	}
	return p, nil
}

// CheckException refuses an entry of Except that can match nothing.
func CheckException(text string) error {
	if strings.Contains(text, "/") {
		if _, err := netip.ParsePrefix(text); err != nil {
			return fmt.Errorf("%q is no CIDR block such as 10.0.0.0/8", text)
		}
		return nil
	}
	if text == "" || strings.ContainsAny(text, " \t*@") || strings.Contains(text, ":") && !isAddr(text) {
		return fmt.Errorf("%q is no host (want a name, .domain, an address or a CIDR block, without a port)", text)
	}
	return nil
}

func isAddr(text string) bool {
	_, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return err == nil
}

// Covers says that requests to host go through the proxy.
func (p *Proxy) Covers(host string) bool { return p.covers(host) }

func (p *Proxy) covers(host string) bool {
	if p == nil {
		return false
	}
	name := canonical(host)
	return !slices.ContainsFunc(p.Except, func(e string) bool { return matches(canonical(e), name) })
}

// matches says that a host is meant by an exception.
func matches(exception, host string) bool {
	if block, err := netip.ParsePrefix(exception); err == nil {
		addr, err := netip.ParseAddr(host)
		return err == nil && block.Contains(addr.Unmap())
	}
	if below, ok := strings.CutPrefix(exception, "."); ok {
		return host == below || strings.HasSuffix(host, exception)
	}
	return host == exception
}

// Absolute says that requests to a target go to the proxy in absolute form (RFC 9112 section 3.2.2).
func (p *Proxy) Absolute(tls bool, host string) bool {
	return p != nil && !tls && !p.Tunnel && p.Scheme != "socks5" && p.covers(host)
}

// String names the proxy without its password.
func (p *Proxy) String() string {
	return "the proxy " + p.Scheme + "://" + net.JoinHostPort(p.Host, p.Port)
}
