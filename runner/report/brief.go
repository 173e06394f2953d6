package report

import (
	"fmt"
	"io"

	"runner/runner/metrics"
)

// Brief writes the verdict alone: the sentence, and the reasons that it does not name. It is for quiet runs.
type Brief struct {
	w io.Writer
	o Options
}

var _ Output = (*Brief)(nil)

// NewBrief makes the output that writes the verdict to w.
func NewBrief(w io.Writer, o Options) *Brief { return &Brief{w: w, o: o} }

// Start does nothing.
func (b *Brief) Start(Info) error { return nil }

// Interval does nothing.
func (b *Brief) Interval(*Live) {}

// Finish writes the verdict and its reasons. The error is the writer's.
func (b *Brief) Finish(r *metrics.Result) error {
	p := newPage(b.o)
	p.verdict(r)
	if _, err := b.w.Write(p.Bytes()); err != nil {
		return fmt.Errorf("writing the verdict: %w", err)
	}
	return nil
}
