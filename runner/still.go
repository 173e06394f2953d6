package runner

import (
	"errors"
	"time"

	"runner/spec/expr"
)

// still is the world of an expression that is evaluated outside an iteration: it has time and chance, and nothing else.
type still struct{ random expr.Source }

var _ expr.Host = (*still)(nil)

func newStill(seed, scope uint64) *still {
	s := &still{}
	s.random.Reset(seed, scope, 0)
	return s
}

var errOutside = errors.New("this can be read in an iteration only")

func (s *still) Random() expr.Random             { return &s.random }
func (s *still) Now() time.Time                  { return time.Now() }
func (s *still) Generate(int) (any, error)       { return nil, errOutside }
func (s *still) Row(int) (map[string]any, error) { return nil, errOutside }
func (s *still) Rows(int) (int64, error)         { return 0, nil }
func (s *still) RequestBody() ([]byte, error)    { return nil, errOutside }
func (s *still) Response() expr.Response         { return nil }
func (s *still) StepResponse(int) expr.Response  { return nil }
