// Package ui shows a run on a web page while it goes, and takes orders from it: an HTTP server with a page, a REST API
// and a stream of events. It knows results and how a run stands; it knows no plan, and changes a run only through
// report.Control.
package ui

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"runner/runner/metrics"
	"runner/runner/report"
)

// DefaultAddr is where the page is if nobody says where; if the port is taken, the system picks one.
const DefaultAddr = "127.0.0.1:7717"

// Server is the page of one run after the other.
type Server struct {
	listener net.Listener
	server   *http.Server
	served   chan struct{} // closed when Serve has returned
	host     string        // that the user asked for
	local    bool          // it listens on loopback only
	token    string

	mu     sync.Mutex
	newest moment
}

// moment is what there is to show at one time. Its parts are not changed any more.
type moment struct {
	token   string
	info    report.Info
	run     int             // of this process, from 1
	live    *report.Live    // newest state; nil: none yet
	result  *metrics.Result // of a run that is over
	seq     int             // grows with each change
	closing bool
	changed chan struct{} // closed at the next change
	turned  chan struct{} // closed when the next run begins, a run ends, or the server does
}

var _ report.Output = (*Server)(nil)

// Listen opens the page at an address, HOST:PORT; "" is DefaultAddr. The error says what is wrong with the address.
func Listen(addr string) (*Server, error) {
	l, err := listen(addr)
	if err != nil {
		return nil, err
	}
	host, _, _ := net.SplitHostPort(addr)
	tcp, _ := l.Addr().(*net.TCPAddr)
	var token [16]byte
	rand.Read(token[:]) // never fails
	s := &Server{
		listener: l, served: make(chan struct{}), host: strings.ToLower(host), local: tcp != nil && tcp.IP.IsLoopback(),
		token: hex.EncodeToString(token[:]),
	}
	s.newest = moment{token: s.token, changed: make(chan struct{}), turned: make(chan struct{})}
	s.server = &http.Server{Handler: s.guarded(s.routes()), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	go func() {
		defer close(s.served)
		_ = s.server.Serve(l) // it ends with Close, and nobody could do anything about another end
	}()
	return s, nil
}

func listen(addr string) (net.Listener, error) {
	if addr != "" {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return nil, fmt.Errorf("--ui %s: %w (write HOST:PORT, as in 127.0.0.1:0; port 0 lets the system pick one)", addr, err)
		}
		return l, nil
	}
	l, err := net.Listen("tcp", DefaultAddr)
	if err != nil {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("--ui: %w", err)
	}
	return l, nil
}

// URL is where the page is. Away from loopback it holds the key to the page.
func (s *Server) URL() string {
	url := "http://" + s.listener.Addr().String() + "/"
	if !s.local {
		url += "?token=" + s.token
	}
	return url
}

// Start shows the next run.
func (s *Server) Start(info report.Info) error {
	s.turn(func(m *moment) { m.info, m.run, m.live, m.result = info, m.run+1, nil, nil })
	return nil
}

// Interval shows the state of now.
func (s *Server) Interval(l *report.Live) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newest.live = l
	s.change()
}

// Finish shows the result.
func (s *Server) Finish(r *metrics.Result) error {
	s.turn(func(m *moment) { m.result = r })
	return nil
}

// turn makes a change that streams tell at once.
func (s *Server) turn(to func(*moment)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to(&s.newest)
	close(s.newest.turned)
	s.newest.turned = make(chan struct{})
	s.change()
}

// change wakes the streams. The caller holds mu.
func (s *Server) change() {
	s.newest.seq++
	close(s.newest.changed)
	s.newest.changed = make(chan struct{})
}

func (s *Server) now() moment {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newest
}

// farewell is how long pages that are being shown have to take the result.
const farewell = 2 * time.Second

// Close tells open pages the result, and ends the server. It returns when nothing of it goes on any more.
func (s *Server) Close() error {
	s.turn(func(m *moment) { m.closing = true })
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	err := s.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.server.Close() // somebody does not read
	}
	<-s.served
	return err
}
