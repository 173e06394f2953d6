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
		return protocol.TooLarge(s.length, s.req.MaxBody)
	}
	s.resp.BodyBytes += int64(len(p))
	if !s.req.KeepBody {
		p = p[:min(len(p), s.resp.GlimpseLeft())]
	}
	s.resp.Body = append(s.resp.Body, p...)
	return protocol.Failure{}
}

func (s *stream) misplaced(err error) protocol.Failure {
	return protocol.Fail(protocol.ClassProtocol, fmt.Errorf("the reply of %s is not HTTP/2: %w", s.where(), err))
}
