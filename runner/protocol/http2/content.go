package http2

import (
	"errors"
	"fmt"

	"runner/runner/protocol"
)

// content adds a part of the body to the response: kept if it is wanted, else only counted.
func (s *stream) content(p []byte) protocol.Failure {
	switch {
	case !s.headed:
		return s.misplaced(errors.New("a body before the headers"))
	case s.bare && len(p) > 0:
		return s.misplaced(fmt.Errorf("a body where a reply to %s with status %d has none", s.req.Method, s.resp.Status))
	case s.length >= 0 && int64(len(p)) > s.length-s.resp.BodyBytes && !s.bare:
		return s.misplaced(fmt.Errorf("content-length %d, and a longer body", s.length))
	case s.req.KeepBody && int64(len(p)) > s.req.MaxBody-s.resp.BodyBytes:
		return s.tooLarge()
	}
	s.resp.BodyBytes += int64(len(p))
	if !s.req.KeepBody {
		p = p[:min(len(p), s.glimpse())]
	}
	s.resp.Body = append(s.resp.Body, p...)
	return protocol.Failure{}
}

func (s *stream) misplaced(err error) protocol.Failure {
	return fail(protocol.ClassProtocol, fmt.Errorf("the reply of %s is not HTTP/2: %w", s.where(), err))
}

// glimpse is how much more is kept of a body that nobody asked for: a little of an error, for people to read.
func (s *stream) glimpse() int {
	if s.resp.Status < 400 {
		return 0
	}
	return max(protocol.Glimpse-len(s.resp.Body), 0)
}

func (s *stream) tooLarge() protocol.Failure {
	if s.length > 0 {
		return fail(protocol.ClassBodyTooLarge, fmt.Errorf("the body of %d bytes is larger than max_body (%d)", s.length, s.req.MaxBody))
	}
	return fail(protocol.ClassBodyTooLarge, fmt.Errorf("the body is larger than max_body (%d bytes)", s.req.MaxBody))
}
