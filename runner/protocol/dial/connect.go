package dial

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"

	"runner/runner/protocol"
)

// minAttempt is the least time that one of several addresses gets before the next is tried.
const minAttempt = 2 * time.Second

// open resolves, connects and secures, and notes how long each took.
func (d *Dialer) open(j *job) (*Conn, protocol.Failure) {
	if j.target.Host == "" {
		return nil, protocol.Fail(protocol.ClassDNS, errors.New("the URL has no host"))
	}
	if _, f := portOf(&j.target); f.Class != protocol.ClassNone {
		return nil, f
	}
	if d.proxy.covers(j.target.Host) {
		return d.openThrough(j)
	}
	tcp, f := d.reach(j, &j.target)
	if f.Class != protocol.ClassNone {
		return nil, f
	}
	return d.finish(j, tcp, newSocket(tcp))
}

// finish secures a connection to the target, where the target says so. over is the stream that leads there.
func (d *Dialer) finish(j *job, over net.Conn, s *socket) (*Conn, protocol.Failure) {
	if !j.target.TLS {
		return &Conn{Conn: over, socket: s, secured: over != net.Conn(s.TCPConn)}, protocol.Failure{}
	}
	began := d.clock()
	conn, f := d.handshake(j, over, s)
	j.tls = d.clock() - began
	return conn, f
}

func portOf(t *protocol.Target) (uint16, protocol.Failure) {
	port, err := strconv.ParseUint(t.Port, 10, 16)
	if err != nil || port == 0 {
		return 0, protocol.Fail(protocol.ClassDial, fmt.Errorf("connect %s: the port must be 1..65535, not %q", t.Host, t.Port))
	}
	return uint16(port), protocol.Failure{}
}

// reach resolves a host and connects to it.
func (d *Dialer) reach(j *job, t *protocol.Target) (*net.TCPConn, protocol.Failure) {
	port, f := portOf(t)
	if f.Class != protocol.ClassNone {
		return nil, f
	}
	book := d.hosts.find(t.Host, t.Port)
	if book == nil {
		if book, f = d.resolve(j, t.Host); f.Class != protocol.ClassNone {
			return nil, f
		}
	}
	began := d.clock()
	tcp, f := connect(j.ctx, book, port)
	j.connecting = d.clock() - began
	return tcp, f
}

func (d *Dialer) resolve(j *job, host string) (*book, protocol.Failure) {
	began := d.clock()
	book, waited, err := d.resolver.lookup(j.ctx, host)
	if waited {
		j.dns = d.clock() - began
	}
	if err == nil {
		return book, protocol.Failure{}
	}
	if f := ended(j.ctx, "resolving %s", host); f.Class != protocol.ClassNone {
		return nil, f
	}
	return nil, protocol.Fail(classify(err, protocol.ClassDNS), fmt.Errorf("resolve %s: %w", host, reason(err)))
}

// connect tries the addresses in turn.
func connect(ctx context.Context, b *book, port uint16) (*net.TCPConn, protocol.Failure) {
	var first protocol.Failure
	dialer := net.Dialer{KeepAlive: -1} // every request has a timeout; probes would only be traffic
	order := b.order()
	for n, i := range order {
		addr := b.at(i, port)
		attempt, cancel := share(ctx, len(order)-n)
		tcp, err := dialOne(attempt, &dialer, addr)
		cancel()
		if err == nil {
			b.mark(i, true)
			return tcp, protocol.Failure{}
		}
		if f := ended(ctx, "connecting to %s", addr); f.Class != protocol.ClassNone {
			return nil, f
		}
		f := protocol.Fail(classify(err, protocol.ClassDial), fmt.Errorf("connect %s: %w", addr, reason(err)))
		if f.Class != protocol.ClassLocal || noAddress(err) {
			b.mark(i, false)
		}
		first = telling(first, f, addr.Addr())
	}
	return nil, first
}

// dialOne connects to an address. It must not be DialTCP: that binds first, also where no local address is asked for. A port
// that is taken before the target is known belongs to one connection of the whole host, and the search for one takes a
// millisecond as soon as there are thousands.
func dialOne(ctx context.Context, d *net.Dialer, addr netip.AddrPort) (*net.TCPConn, error) {
	c, err := d.DialContext(ctx, "tcp", addr.String())
	if err != nil {
		return nil, err
	}
	return c.(*net.TCPConn), nil
}

// telling is which of two addresses' failures to tell: the first, unless that was for want of an IPv6 address to connect
// from. Most names have both families, and half of the hosts only one; then what IPv4 came to is the point.
func telling(first, next protocol.Failure, addr netip.Addr) protocol.Failure {
	if first.Class == protocol.ClassNone || noAddress(first.Err) && addr.Is4() {
		return next
	}
	return first
}

// share gives one of left addresses its part of the time that is left, so that a dead one leaves some for the others.
func share(ctx context.Context, left int) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if left == 1 || !ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, max(time.Until(deadline)/time.Duration(left), minAttempt))
}

func (d *Dialer) handshake(j *job, over net.Conn, socket *socket) (*Conn, protocol.Failure) {
	conf := d.tls
	if conf.ServerName == "" {
		conf = conf.Clone()
		conf.ServerName = serverName(j.target.Host)
	}
	if over == net.Conn(socket.TCPConn) {
		over = socket
	}
	conn := tls.Client(over, conf)
	_ = socket.SetLinger(0) // at its end the context closes the connection, which must hold no port: see Abort
	err := conn.HandshakeContext(j.ctx)
	if err == nil {
		_ = socket.SetLinger(-1)
		return secured(conn, socket), protocol.Failure{}
	}
	_ = socket.Close() // nothing to lose: the handshake's error is the one to tell
	where := net.JoinHostPort(j.target.Host, j.target.Port)
	if f := ended(j.ctx, "TLS handshake with %s", where); f.Class != protocol.ClassNone {
		return nil, f
	}
	return nil, protocol.Fail(classify(err, protocol.ClassTLS), fmt.Errorf("TLS handshake with %s: %w", where, explain(err)))
}
