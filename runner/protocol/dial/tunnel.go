package dial

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/proxy"

	"runner/runner/protocol"
)

// maxAnswer is the largest head of a proxy's answer to CONNECT, in bytes.
const maxAnswer = 64 << 10

// openThrough opens a connection by way of the proxy. What it takes to get to the target counts as connecting: the TCP
// connection to the proxy, TLS with it, and its own connection to the target.
func (d *Dialer) openThrough(j *job) (*Conn, protocol.Failure) {
	p := d.proxy
	tcp, f := d.reach(j, &protocol.Target{Host: p.Host, Port: p.Port})
	var over net.Conn
	var s *socket
	if f.Class == protocol.ClassNone {
		began := d.clock()
		s = newSocket(tcp)
		over, f = d.tunnel(j, s)
		j.connecting += d.clock() - began
	}
	if f.Class != protocol.ClassNone {
		if f.Err != nil {
			f.Err = fmt.Errorf("%s: %w", p, f.Err)
		}
		return nil, f
	}
	return d.finish(j, over, s)
}

// tunnel makes a stream to the target out of a connection to the proxy, or closes it.
func (d *Dialer) tunnel(j *job, s *socket) (net.Conn, protocol.Failure) {
	release := bound(j.ctx, s.TCPConn)
	over, class, err := d.enter(j, s)
	if err == nil {
		err = release()
	}
	if err == nil {
		return over, protocol.Failure{}
	}
	_ = release()
	_ = s.SetLinger(0) // see Abort
	_ = s.Close()      // its error is not the one to tell
	if f := ended(j.ctx, "waiting for %s", "its answer"); f.Class != protocol.ClassNone {
		return nil, f
	}
	return nil, protocol.Fail(classify(err, class), err)
}

// enter speaks to the proxy.
func (d *Dialer) enter(j *job, s *socket) (net.Conn, protocol.Class, error) {
	p := d.proxy
	where := net.JoinHostPort(j.target.Host, j.target.Port)
	if p.Scheme == "socks5" {
		return s.TCPConn, protocol.ClassDial, p.socks(j.ctx, s.TCPConn, where)
	}
	over := net.Conn(s.TCPConn)
	if p.Scheme == "https" {
		conf := d.tls.Clone()
		conf.ServerName, conf.NextProtos, conf.Certificates = serverName(p.Host), nil, nil
		secure := tls.Client(s, conf)
		if err := secure.HandshakeContext(j.ctx); err != nil {
			return nil, protocol.ClassTLS, fmt.Errorf("TLS handshake: %w", explain(err))
		}
		over = secure
	}
	if p.Absolute(j.target.TLS, j.target.Host) {
		return over, protocol.ClassNone, nil
	}
	return over, protocol.ClassDial, p.connect(over, where)
}

// Authorization is the value of Proxy-Authorization; empty: none.
func (p *Proxy) Authorization() string {
	if p == nil || !p.Login {
		return ""
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(p.User+":"+p.Password))
}

// connect asks an HTTP proxy for a tunnel (RFC 9110 section 9.3.6).
func (p *Proxy) connect(c net.Conn, where string) error {
	head := "CONNECT " + where + " HTTP/1.1\r\nHost: " + where + "\r\n"
	if login := p.Authorization(); login != "" {
		head += "Proxy-Authorization: " + login + "\r\n"
	}
	if _, err := io.WriteString(c, head+"\r\n"); err != nil {
		return fmt.Errorf("CONNECT %s: %w", where, explain(err))
	}
	answer, err := readHead(c)
	if err != nil {
		return fmt.Errorf("CONNECT %s: %w", where, explain(err))
	}
	resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(answer)), &http.Request{Method: http.MethodConnect})
	if err != nil {
		return fmt.Errorf("CONNECT %s: the answer is not HTTP; is it an HTTP proxy?", where)
	}
	_ = resp.Body.Close() // there is none
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("CONNECT %s: it answered %s", where, resp.Status)
	}
	return nil
}

// readHead reads up to the empty line and not a byte further: what follows is the target's.
func readHead(c net.Conn) ([]byte, error) {
	var head []byte
	var one [1]byte
	for len(head) < maxAnswer {
		n, err := c.Read(one[:])
		if n == 1 {
			head = append(head, one[0])
			if one[0] == '\n' && (bytes.HasSuffix(head, []byte("\r\n\r\n")) || bytes.HasSuffix(head, []byte("\n\n"))) {
				return head, nil
			}
			continue
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, errors.New("the head of its answer doesn't end")
}

// socks asks a SOCKS5 proxy for a tunnel. The proxy resolves the name.
func (p *Proxy) socks(ctx context.Context, c net.Conn, where string) error {
	var login *proxy.Auth
	if p.Login {
		login = &proxy.Auth{User: p.User, Password: p.Password}
	}
	d, err := proxy.SOCKS5("tcp", net.JoinHostPort(p.Host, p.Port), login, nil)
	if err != nil {
		return err
	}
	over, ok := d.(interface {
		DialWithConn(ctx context.Context, c net.Conn, network, address string) (net.Addr, error)
	})
	if !ok {
		return errors.New("this build's SOCKS5 can't use an open connection")
	}
	if _, err := over.DialWithConn(ctx, c, "tcp", where); err != nil {
		return fmt.Errorf("connect %s: %w", where, explain(err))
	}
	return nil
}

// bound makes reads and writes on c end with ctx, until release.
func bound(ctx context.Context, c net.Conn) (release func() error) {
	if deadline, ok := ctx.Deadline(); ok {
		_ = c.SetDeadline(deadline) // on a closed connection the next read tells
	}
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	return func() error {
		if !stop() && ctx.Err() != nil {
			return ctx.Err()
		}
		return c.SetDeadline(time.Time{})
	}
}
