package vu

import (
	"errors"
	"time"

	"runner/runner/data"
	"runner/runner/metrics"
	"runner/spec/expr"
)

// host is a VU as its expressions see it.
type host struct{ *VU }

var _ expr.Host = host{}

func (h host) Random() expr.Random { return h.source() }

func (h host) Now() time.Time { return time.Now() }

func (h host) Generate(i int) (any, error) { return h.Run.Generators[i].Eval(&h.VM) }

func (h host) Row(i int) (map[string]any, error) {
	row, err := h.row(i)
	switch {
	case err == nil:
		return row, nil
	case errors.Is(err, data.ErrStop):
		return nil, &Stopped{Message: err.Error()}
	default:
		return nil, &Failed{Cause: metrics.CauseData, Err: err}
	}
}

func (h host) Rows(i int) (int64, error) { return h.Run.Feeders[i].Len() }

func (h host) RequestBody() ([]byte, error) {
	if !h.hasBody {
		return nil, errors.New("this request has no body")
	}
	return h.body, nil
}

func (h host) Response() expr.Response {
	if !h.VU.Response.Any {
		return nil
	}
	return &h.VU.Response
}
