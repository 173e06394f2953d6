package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	pollEvery   = 20 * time.Millisecond
	pollTimeout = 10 * time.Second // of one poll: a server that accepts and says nothing is asked again
)

// await polls the service until it is ready. It ends early with the process, the deadline or ctx.
func (s *Service) await(ctx context.Context, deadline <-chan time.Time) error {
	if s.cfg.Ready == "" {
		return nil
	}
	polls, cancel := context.WithCancel(ctx)
	p := poller{url: s.readyURL(), ready: make(chan struct{}), ended: make(chan struct{})}
	go p.run(polls)
	quit := func() { cancel(); <-p.ended }
	defer quit()
	select {
	case err := <-s.died:
		return s.early(err)
	case <-p.ready:
		return s.confirm()
	case <-deadline:
		quit() // p.last is the poller's until then
		return fmt.Errorf("not ready after %v: GET %s: %s%s", s.cfg.Timeout, s.cfg.Mask(p.url), p.last, quote(s.Tail(tailLines)))
	case <-ctx.Done():
		return fmt.Errorf("waiting for it to become ready: %w", ctx.Err())
	}
}

// confirm tells apart whose answer it was: if the process has ended, somebody else has taken its port.
func (s *Service) confirm() error {
	select {
	case <-s.exited:
		return s.early(<-s.died)
	default:
		return nil
	}
}

// early says that the process ended before it was ready. Start names the service, so what Died says of it goes. Nothing of
// the service is left by now: if its port is used all the same, somebody else took it while the service was coming up.
func (s *Service) early(died error) error {
	err := errors.Unwrap(died)
	if tryPort(s.cfg.Port) != nil {
		return fmt.Errorf("%w: port %d; %w", ErrPortTaken, s.cfg.Port, err)
	}
	return fmt.Errorf("not ready: %w", err)
}

func (s *Service) readyURL() string {
	if strings.Contains(s.cfg.Ready, "://") {
		return s.cfg.Ready
	}
	return s.URL() + "/" + strings.TrimPrefix(s.cfg.Ready, "/")
}

// poller asks a URL until it answers 2xx.
type poller struct {
	url   string
	last  string        // what the last poll came to
	ready chan struct{} // closed at the first 2xx
	ended chan struct{}
}

func (p *poller) run(ctx context.Context) {
	defer close(p.ended)
	p.last = "no answer yet"
	client := &http.Client{
		// No proxy, and no connection that outlives its poll.
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       pollTimeout,
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		up, last := p.ask(ctx, client)
		if ctx.Err() != nil {
			return
		}
		if p.last = last; up {
			close(p.ready)
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// ask polls once.
func (p *poller) ask(ctx context.Context, client *http.Client) (up bool, last string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url, nil)
	if err != nil {
		return false, err.Error()
	}
	res, err := client.Do(req)
	if err != nil {
		var at *url.Error
		if errors.As(err, &at) {
			err = at.Err // the URL is in the message already
		}
		return false, err.Error()
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // a server that is cut off may log an error
	return res.StatusCode/100 == 2, "answers " + res.Status
}
