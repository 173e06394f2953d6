package runner

import (
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"strings"

	"runner/runner/protocol/dial"
	"runner/runner/protocol/peer"
	"runner/spec"
)

// connections collects the ways to connect of one scenario or phase.
type connections struct {
	c    *compiler
	list []peer.Config
}

// number is that of the way that settings ask for.
func (w *connections) number(h spec.HTTP) int {
	config := w.c.connect(h)
	for i := range w.list {
		if reflect.DeepEqual(w.list[i], config) {
			return i
		}
	}
	w.list = append(w.list, config)
	return len(w.list) - 1
}

// connections begins with the one of the scenario itself.
func (c *compiler) connections(h spec.HTTP) *connections {
	w := &connections{c: c}
	w.number(h)
	return w
}

var versions = map[string]peer.Version{"": peer.Auto, "auto": peer.Auto, "1.1": peer.HTTP1, "2": peer.HTTP2}

// connect reads what settings say about connections.
func (c *compiler) connect(h spec.HTTP) peer.Config {
	config := peer.Config{Version: versions[h.Version.Value], PerIteration: h.Connections.Mode == spec.PerIteration}
	if h.Connections.Mode == spec.Shared {
		config.Shared = int(h.Connections.Shared.Value)
	}
	config.Dial = c.tls(h.TLS)
	config.Dial.Hosts = c.hosts(h.Hosts)
	config.Dial.Proxy = c.proxy(h)
	return config
}

// fixed is a setting's text, known before the run; "" if there is none.
func (c *compiler) fixed(t spec.Text) string {
	if t.IsZero() {
		return ""
	}
	text, problem := c.evaluate(t)
	if problem != nil {
		c.add(*problem)
	}
	return text
}

func (c *compiler) refuse(t spec.Text, err error) {
	c.add(spec.Problemf(t.Pos, len(t.Value), "%v", err))
}

// hosts reads the addresses that go before DNS.
func (c *compiler) hosts(m spec.Map[[]spec.Text]) dial.Hosts {
	if len(m) == 0 {
		return nil
	}
	all := dial.Hosts{}
	for _, e := range m {
		for _, t := range e.Value {
			text := c.fixed(t)
			if text == "" {
				continue
			}
			if err := (dial.Hosts{e.Key: {text}}).Check(); err != nil {
				c.refuse(t, err)
				continue
			}
			all[e.Key] = append(all[e.Key], text)
		}
	}
	return all
}

// proxy reads the proxy. Its password is a secret, in every form in which it could be shown.
func (c *compiler) proxy(h spec.HTTP) *dial.Proxy {
	text := c.fixed(h.Proxy)
	if text == "" {
		return nil
	}
	p, err := dial.ParseProxy(text)
	if err != nil {
		c.refuse(h.Proxy, err)
		return nil
	}
	if p == nil {
		return nil
	}
	if p.Password != "" {
		login := base64.StdEncoding.EncodeToString([]byte(p.User + ":" + p.Password))
		c.program.Secrets = append(c.program.Secrets, p.Password, url.QueryEscape(p.Password), login)
	}
	for _, t := range h.NoProxy {
		exception := c.fixed(t)
		if err := dial.CheckException(exception); err != nil {
			c.refuse(t, err)
		}
		p.Except = append(p.Except, exception)
	}
	return p
}

var tlsVersions = map[string]uint16{"1.0": tls.VersionTLS10, "1.1": tls.VersionTLS11, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}

// tls reads the files that http.tls names.
func (c *compiler) tls(t spec.TLS) dial.Config {
	config := dial.Config{
		InsecureSkipVerify: t.InsecureSkipVerify.Value,
		MinVersion:         tlsVersions[t.MinVersion.Value], MaxVersion: tlsVersions[t.MaxVersion.Value],
		ServerName: c.fixed(t.ServerName), Password: c.fixed(t.Password),
		CA: c.readFile(t.CA), Cert: c.readFile(t.Cert), Key: c.readFile(t.Key), PKCS12: c.readFile(t.PKCS12),
	}
	if config.Password != "" {
		c.program.Secrets = append(c.program.Secrets, config.Password)
	}
	switch {
	case !t.Password.IsZero() && t.PKCS12.IsZero():
		c.refuse(t.Password, errors.New("http.tls.password opens a pkcs12 file, and there is none"))
	case !t.PKCS12.IsZero() && !t.Cert.IsZero(): // loading has said so
	case t.Cert.IsZero() != t.Key.IsZero():
		c.add(spec.Problemf(t.Pos, 1, "http.tls needs both cert and key, or neither"))
	case config.MinVersion > config.MaxVersion && config.MaxVersion != 0:
		c.add(spec.Problemf(t.MinVersion.Pos, len(t.MinVersion.Value), "min_version is %s and max_version %s: no version is left", t.MinVersion.Value, t.MaxVersion.Value))
	default:
		c.tryTLS(t, config)
	}
	return config
}

// tryTLS finds out whether the files are what they should be, and says it at the word that named them.
func (c *compiler) tryTLS(t spec.TLS, config dial.Config) {
	d, err := dial.New(config)
	if err == nil {
		d.Close()
		return
	}
	at := spec.Text{Pos: t.Pos, Value: "x"}
	for _, word := range []struct {
		name string
		text spec.Text
	}{{"tls.password", t.Password}, {"tls.pkcs12", t.PKCS12}, {"tls.cert", t.Cert}, {"tls.ca", t.CA}} {
		if strings.Contains(err.Error(), word.name) && !word.text.IsZero() {
			at = word.text
			break
		}
	}
	c.refuse(at, fmt.Errorf("http.%w", err))
}

// readFile reads a file that the plan names.
func (c *compiler) readFile(t spec.Text) []byte {
	if t.IsZero() {
		return nil
	}
	path, problem := c.resolve(t)
	if problem != nil {
		c.add(*problem)
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		c.refuse(t, err)
	}
	return text
}
