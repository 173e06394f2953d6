// Package dial opens connections: a target in, a connected and, where the target says so, secured byte stream out. It
// knows names, addresses and certificates; it doesn't know what is said over the stream, nor what a plan is.
package dial

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"time"

	"runner/runner/protocol"
)

// Config is what all connections of a Dialer have in common. The zero Config is usable.
type Config struct {
	// CA, Cert and Key are PEM text. CA replaces the system's roots; Cert and Key are our own certificate.
	CA, Cert, Key []byte
	// ServerName is asked for and verified in place of the target's host.
	ServerName string
	// PKCS12 is a file of certificate and key in place of Cert and Key; Password opens it.
	PKCS12   []byte
	Password string
	// InsecureSkipVerify accepts any certificate.
	InsecureSkipVerify bool
	// MinVersion and MaxVersion are of TLS, as crypto/tls numbers them; 0: 1.2 at least.
	MinVersion, MaxVersion uint16
	// ALPN lists the protocols to offer in a TLS handshake, the best first; none: the extension is not sent.
	ALPN []string
	// Hosts go before DNS.
	Hosts Hosts
	// Proxy is what connections go through; nil: none.
	Proxy *Proxy
	// FullHandshakes turns the session cache off, so that every connection pays for a whole handshake.
	FullHandshakes bool
	// Resolver is shared by dialers with different TLS settings; nil: one of this Dialer's own.
	Resolver *Resolver
	// Clock is in nanoseconds; only differences count. nil: the monotonic clock.
	Clock func() int64
	// Fault is told of every connection to host:port that this host itself refused (ClassLocal), with an error that wraps
	// the system's. Many goroutines call it. It may be nil.
	Fault func(err error, to string)
}

// Dialer opens connections on goroutines of its own, so that the stack of the goroutine that asks stays small: a
// handshake needs 7 KiB of it, and a goroutine that once had them keeps them. There are a few, and more for as long as they
// don't get on (a target that swallows packets must not keep the others waiting); they die when idle.
type Dialer struct {
	tls      *tls.Config
	hosts    overrides
	proxy    *Proxy
	resolver *Resolver
	own      bool // the resolver is ours to close
	clock    func() int64
	fault    func(err error, to string)
	jobs     chan *job
	quit     chan struct{}

	mu      sync.Mutex // guards what follows, and closed against a worker being added
	closed  bool
	age     int    // how often it was found that dials are slow
	young   int    // dials under way that began since
	line    []*job // those that wait for a worker: each that is done takes one
	workers sync.WaitGroup
}

// New makes a Dialer. The error names what is wrong with a certificate.
func New(cfg Config) (*Dialer, error) {
	conf, err := secure(cfg)
	if err != nil {
		return nil, err
	}
	hosts, err := cfg.Hosts.parse()
	if err != nil {
		return nil, err
	}
	d := &Dialer{
		tls: conf, hosts: hosts, proxy: cfg.Proxy, resolver: cfg.Resolver, clock: cfg.Clock, fault: cfg.Fault,
		jobs: make(chan *job), quit: make(chan struct{}),
	}
	if d.clock == nil {
		d.clock = monotonic()
	}
	if d.resolver == nil {
		d.own = true
		if d.resolver, err = NewResolver(ResolverConfig{}); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Dial opens a connection to t. ctx ends it: its deadline gives ClassTimeout, its cancellation ClassInterrupted, both
// within milliseconds; the Failure's text then says how far the dial came. The parts that happened are written to
// timing (DNS, Connecting, TLS), also on failure. The classes are dns, dial, tls, timeout, local and interrupted.
func (d *Dialer) Dial(ctx context.Context, t protocol.Target, timing *protocol.Timing) (*Conn, protocol.Failure) {
	j := &job{ctx: ctx, target: t, done: make(chan struct{})}
	if !d.submit(j) {
		return nil, protocol.Failure{Class: protocol.ClassInterrupted, Err: net.ErrClosed}
	}
	<-j.done // a job ends when its ctx does
	timing.DNS, timing.Connecting, timing.TLS = j.dns, j.connecting, j.tls
	return j.conn, j.failure
}

// Close ends the idle goroutines and waits for the dials under way; later dials fail. Open connections stay open.
func (d *Dialer) Close() {
	d.mu.Lock()
	if !d.closed {
		d.closed = true
		close(d.quit)
	}
	d.mu.Unlock()
	d.workers.Wait()
	if d.own {
		d.resolver.Close()
	}
}

func monotonic() func() int64 {
	zero := time.Now()
	return func() int64 { return int64(time.Since(zero)) }
}
