// Package peer makes the clients of virtual users: over HTTP/1.1 or HTTP/2, as the plan or the target says, over
// connections of their own or shared ones, directly or through a proxy. It puts protocol clients together; how each of
// them speaks it does not know, nor what a plan is.
package peer

import (
	"slices"

	"runner/runner/protocol"
	"runner/runner/protocol/dial"
	"runner/runner/protocol/http1"
	"runner/runner/protocol/http2"
)

// Version is which HTTP to speak.
type Version uint8

// The versions.
const (
	Auto  Version = iota // over TLS what the target chooses, in the clear HTTP/1.1
	HTTP1                // HTTP/1.1 only
	HTTP2                // HTTP/2 only, in the clear with prior knowledge
)

// Config is how a scenario's virtual users connect.
type Config struct {
	Dial         dial.Config
	Version      Version
	Shared       int  // connections to a target for all clients together; 0: each client has its own
	PerIteration bool // connections are closed at the end of an iteration
}

// Client exchanges one request at a time. One goroutine owns it: only Interrupt may be called from others.
type Client interface {
	Do(*protocol.Request, *protocol.Response, *protocol.Timing) protocol.Failure
	Interrupt()
	CloseIdle()
	Close()
}

var (
	_ Client = (*http1.Client)(nil)
	_ Client = (*http2.Client)(nil)
)

// Peers makes clients that connect in one way.
type Peers struct {
	cfg   Config
	clock func() int64
	plain *dial.Dialer // for HTTP/1.1
	multi *dial.Dialer // for HTTP/2; nil: nobody speaks it
	pool  *http2.Pool  // shared connections of HTTP/2
	turns *turns       // shared connections of HTTP/1.1
	known *known       // what shared targets have chosen
}

// Open makes Peers. The error names what is wrong with a certificate or a host.
func Open(cfg Config, clock func() int64) (*Peers, error) {
	p := &Peers{cfg: cfg, clock: clock}
	through := cfg.Dial.Proxy
	plain := cfg.Dial
	if cfg.Version == Auto {
		plain.ALPN = []string{"http/1.1"}
	}
	var err error
	if p.plain, err = dial.New(plain); err != nil {
		return nil, err
	}
	if cfg.Version != HTTP1 {
		multi := cfg.Dial
		multi.ALPN = []string{"h2", "http/1.1"}
		if cfg.Version == HTTP2 {
			multi.ALPN = multi.ALPN[:1]
		}
		if through != nil {
			tunnel := *through
			tunnel.Tunnel = true
			multi.Proxy = &tunnel
		}
		if p.multi, err = dial.New(multi); err != nil {
			return nil, err
		}
	}
	if cfg.Shared > 0 {
		p.share()
	}
	return p, nil
}

// owner is a client whose pool is its own.
type owner struct{ *http2.Client }

// Close closes the connections as well.
func (o *owner) Close() {
	o.Client.Close()
	o.Pool().Close()
}

// share makes what all clients use together.
func (p *Peers) share() {
	if p.cfg.Version == Auto {
		p.known = &known{}
	}
	p.turns = newTurns(p.cfg.Shared, func() Client { return p.newHTTP1(p.known) })
	if p.multi != nil {
		p.pool = p.newPool(p.known)
	}
}

// Fresh says that connections end with the iteration.
func (p *Peers) Fresh() bool { return p.cfg.PerIteration }

// New makes a client. beside is another of the same user, with which it shares HTTP/2 connections; nil: there is none.
func (p *Peers) New(beside Client) Client {
	switch p.cfg.Version {
	case HTTP1:
		return p.forwarded(p.http1(nil))
	case HTTP2:
		return p.http2(beside, nil)
	}
	if before, ok := beside.(*chooser); ok {
		return p.choosing(before.known, before)
	}
	shared := p.known
	if shared == nil {
		shared = &known{}
	}
	return p.choosing(shared, nil)
}

func (p *Peers) choosing(k *known, beside *chooser) Client {
	return &chooser{peers: p, known: k, own: p.known == nil, beside: beside, h1: p.forwarded(p.http1(k))}
}

// http1 is a client of HTTP/1.1: with connections of its own, or one that takes turns.
func (p *Peers) http1(k *known) Client {
	if p.turns != nil {
		return p.turns.client(p.clock)
	}
	return p.newHTTP1(k)
}

func (p *Peers) newHTTP1(k *known) Client {
	var dialer http1.Dialer = p.plain
	if k != nil {
		dialer = &second{known: k, dialer: p.plain}
	}
	return http1.New(http1.Config{Dialer: dialer, Clock: p.clock})
}

// http2 is a client of HTTP/2 over the shared pool, over that of beside, or over one of its own.
func (p *Peers) http2(beside Client, k *known) Client {
	if p.pool != nil {
		return p.pool.Client()
	}
	if other, ok := beside.(*owner); ok {
		return other.Pool().Client()
	}
	return &owner{Client: p.newPool(k).Client()}
}

func (p *Peers) newPool(k *known) *http2.Pool {
	var dialer http2.Dialer = p.multi
	if k != nil {
		dialer = &first{known: k, dialer: p.multi}
	}
	return http2.NewPool(http2.PoolConfig{Dialer: dialer, Clock: p.clock, Conns: max(p.cfg.Shared, 1)})
}

// Close ends what all clients use together. The clients should have been closed before.
func (p *Peers) Close() {
	if p.turns != nil {
		p.turns.close()
	}
	if p.pool != nil {
		p.pool.Close()
	}
	if p.known != nil {
		p.known.close()
	}
	for _, d := range slices.Compact([]*dial.Dialer{p.plain, p.multi}) {
		if d != nil {
			d.Close()
		}
	}
}
