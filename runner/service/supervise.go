package service

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Ended is a service that ended without having been stopped.
type Ended struct {
	State string   // "exit status 3", "signal: killed"
	Code  int      // exit code; -1: a signal
	Tail  []string // the last lines of its log
}

func (e *Ended) Error() string { return "the process ended (" + e.State + ")" + quote(e.Tail) }

// quote sets log lines below a message.
func quote(lines []string) string {
	if len(lines) == 0 {
		return "; it wrote nothing to its log"
	}
	return "; the last lines of its log:\n  | " + strings.Join(lines, "\n  | ")
}

// copyLog moves the output into the ring until every process that holds it has ended, or drain closes the pipe.
func (s *Service) copyLog() {
	defer close(s.eof)
	var to io.Writer = s.log
	if s.cfg.Log != nil {
		to = io.MultiWriter(s.log, &deaf{s.cfg.Log})
	}
	_, _ = io.Copy(to, s.pipe) // ends with EOF or os.ErrClosed
}

// deaf ignores errors: the service must not stop, or block on a full pipe, because nobody can show its log.
type deaf struct{ w io.Writer }

func (d *deaf) Write(p []byte) (int, error) {
	_, _ = d.w.Write(p)
	return len(p), nil
}

// wait reaps the process.
func (s *Service) wait() {
	_ = s.cmd.Wait() // ProcessState says it better
	close(s.exited)
}

// supervise is the service's life: it ends by itself, or Stop ends it. Either way nothing of it is left in the end.
func (s *Service) supervise() {
	defer close(s.done)
	defer close(s.died)
	defer s.tree.release()
	select {
	case <-s.stop:
		s.killed = !s.terminate()
		s.tree.kill() // what left the output alone and outlived the process
		<-s.exited
		s.drain()
	case <-s.exited:
		s.tree.kill() // a child without its parent is not the service
		s.drain()
		state := s.cmd.ProcessState
		ended := &Ended{State: state.String(), Code: state.ExitCode(), Tail: s.Tail(tailLines)}
		s.died <- fmt.Errorf("service %s: %w", s.name, ended)
	}
}

// terminate asks the group to end. It tells whether everything that holds the output did so in time: `go run` dies of
// SIGTERM at once, while the server that it started still puts its affairs in order.
func (s *Service) terminate() bool {
	s.tree.terminate()
	grace := time.NewTimer(s.cfg.Grace)
	defer grace.Stop()
	for _, ended := range []<-chan struct{}{s.exited, s.eof} {
		select {
		case <-ended:
		case <-grace.C:
			return false
		case <-s.hurry:
			return false
		}
	}
	return true
}

// drain reads what is left of the output.
func (s *Service) drain() {
	timer := time.NewTimer(drainTime)
	defer timer.Stop()
	select {
	case <-s.eof:
	case <-timer.C:
	}
	_ = s.pipe.Close()
	<-s.eof
}
