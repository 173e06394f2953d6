package peer

import (
	"runner/runner/protocol"
	"runner/runner/protocol/dial"
)

// forwarder sends requests without TLS to an HTTP proxy, which wants to know the whole URL (RFC 9112 section 3.2.2).
type forwarder struct {
	Client
	proxy *dial.Proxy
	login []byte
	req   protocol.Request // the request as the proxy gets it
	url   []byte
}

// forwarded puts a forwarder before a client, if the way leads through a proxy that needs one.
func (p *Peers) forwarded(c Client) Client {
	proxy := p.cfg.Dial.Proxy
	if proxy == nil || proxy.Scheme == "socks5" {
		return c
	}
	return &forwarder{Client: c, proxy: proxy, login: []byte(proxy.Authorization())}
}

// Do sends req the way it has to go.
func (f *forwarder) Do(req *protocol.Request, resp *protocol.Response, t *protocol.Timing) protocol.Failure {
	if !f.proxy.Absolute(req.Target.TLS, req.Target.Host) {
		return f.Client.Do(req, resp, t)
	}
	fields := f.req.Fields[:0]
	f.req = *req
	f.url = req.AppendURL(f.url[:0])
	f.req.Path = f.url
	f.req.Fields = append(fields, req.Fields...)
	if len(f.login) > 0 {
		f.req.Fields = append(f.req.Fields, protocol.Field{Name: "Proxy-Authorization", Value: f.login})
	}
	return f.Client.Do(&f.req, resp, t)
}
