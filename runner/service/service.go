// Package service runs the processes that a plan needs: it starts one, waits until it answers, watches it, and ends it
// with everything that it started. It does not know what the process serves, and it knows no plan and no measurement:
// commands and variables come to it evaluated.
package service

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

const (
	// drainTime is how long output is read after everything was killed: only a process that left the group can keep the
	// pipe open, and its log is not worth more.
	drainTime = 500 * time.Millisecond
	logBytes  = 64 << 10
	tailLines = 20
)

// Service is a process that was started, with all that it starts itself. Its methods may be called by any goroutine.
type Service struct {
	name  string
	cfg   Config
	cmd   *exec.Cmd
	tree  *tree
	log   *ring
	pipe  *os.File
	once  sync.Once
	stop  chan struct{} // closed by the first Stop
	hurry chan struct{} // closed when a Stop has no time left
	rush  sync.Once

	exited chan struct{} // closed when the process itself has ended and was reaped
	eof    chan struct{} // closed when nobody holds its output any more
	done   chan struct{} // closed when nothing of the service is left
	died   chan error
	killed bool // it needed SIGKILL; read after done
}

// Start starts a service and waits until it is ready. ctx bounds the wait only; what was started lives until Stop. The
// error names the service, says what happened with the last lines of its log, and wraps ctx's error or *Ended where one
// is the reason. After an error nothing of the service is left.
func Start(ctx context.Context, name string, cfg Config) (*Service, error) {
	s, err := launch(name, cfg)
	if err != nil {
		return nil, fmt.Errorf("service %s: %w", name, err)
	}
	deadline := time.NewTimer(s.cfg.Timeout)
	defer deadline.Stop()
	if err := s.await(ctx, deadline.C); err != nil {
		s.abandon(context.WithoutCancel(ctx))
		return nil, fmt.Errorf("service %s: %w", name, err)
	}
	return s, nil
}

// abandon stops a service that did not come up. That it had to be killed adds nothing to why it failed.
func (s *Service) abandon(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-s.cfg.Hurry:
			cancel()
		case <-ctx.Done():
		}
	}()
	_ = s.Stop(ctx)
}

// launch starts the process and the goroutines that watch it.
func launch(name string, cfg Config) (*Service, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe for its log: %w", err)
	}
	defer w.Close()
	cmd := exec.Command(cfg.Command[0], cfg.Command[1:]...)
	cmd.Dir = cfg.Dir
	cmd.Env = append(append(os.Environ(), cfg.Env...), "PORT="+strconv.Itoa(cfg.Port))
	cmd.Stdout, cmd.Stderr = w, w // a file, not a writer: then Wait returns when the process ends, whoever holds its output
	separate(cmd)
	if err := cmd.Start(); err != nil {
		_ = r.Close()
		return nil, cfg.explain(err)
	}
	s := &Service{
		name: name, cfg: cfg, cmd: cmd, tree: adopt(cmd.Process), log: newRing(logBytes), pipe: r,
		stop: make(chan struct{}), hurry: make(chan struct{}), exited: make(chan struct{}),
		eof: make(chan struct{}), done: make(chan struct{}), died: make(chan error, 1),
	}
	go s.copyLog()
	go s.wait()
	go s.supervise()
	return s, nil
}

// URL is the service's address, http://127.0.0.1:port.
func (s *Service) URL() string { return "http://127.0.0.1:" + strconv.Itoa(s.cfg.Port) }

// Died receives one error, which names the service and wraps *Ended, if it ends without having been stopped. Then, or when
// Stop is done with it, the channel is closed: whoever waits for a death waits no longer than the service lives.
func (s *Service) Died() <-chan error { return s.died }

// Tail is the last lines of the service's log, at most n, masked.
func (s *Service) Tail(n int) []string { return s.log.tail(n, s.cfg.Mask) }

// Stop ends the service and everything in its process group (on Windows: its job): SIGTERM, then SIGKILL after the
// grace or at ctx's end. It returns when the process was reaped. An error says that the service had to be killed; it has
// ended all the same.
func (s *Service) Stop(ctx context.Context) error {
	s.once.Do(func() { close(s.stop) })
	select {
	case <-s.done:
	case <-ctx.Done():
		s.rush.Do(func() { close(s.hurry) })
		<-s.done
	}
	if s.killed {
		return fmt.Errorf("service %s did not end when it was asked to, and was killed", s.name)
	}
	return nil
}
