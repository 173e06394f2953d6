package runner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"runner/runner/mask"
	"runner/runner/metrics"
	"runner/runner/vu"
)

// runPhase runs setup or teardown once, as one VU whose steps may not fail. What it captured is returned by name; what it
// sent is in the summary, and in no total.
func (r *run) runPhase(ctx context.Context, p *phase, extra map[string]any) (map[string]any, error) {
	begin := time.Now()
	shared := r.shared.Aside(r.program.counts, func() int64 { return int64(time.Since(begin)) }, nil)
	recorder := metrics.NewRecorder(p.layout, nil, shared.Clock)
	peers, err := r.network.open(p.peers, shared.Clock)
	if err != nil {
		return nil, err
	}
	scenario := &vu.Scenario{Name: p.name, Hash: hash(p.name), Steps: p.steps, Names: p.names, Peers: peers}
	if r.once != nil {
		scenario.Steps = numbered(p.steps, p.parts)
	}
	v := vu.New(shared, scenario, 0, recorder.Shard(0))
	defer v.Close()
	maps.Copy(v.VM.Env, extra)
	v.Strict = true
	if r.once != nil {
		v.Trace = r.once.Trace(p.name)
	}
	stop := context.AfterFunc(ctx, v.Interrupt)
	defer stop()
	err = v.Once(0)
	r.summaries[p.name] = r.summary(p, recorder, v, time.Since(begin))
	return v.Captured(), phaseError(ctx, p.name, err)
}

// phaseError says what ended a phase; a stop step is an early, good end.
func phaseError(ctx context.Context, name string, err error) error {
	var stopped *vu.Stopped
	switch {
	case err == nil || errors.As(err, &stopped):
		return nil
	case errors.Is(err, vu.ErrInterrupted) && ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// summary is a phase's part of the result.
func (r *run) summary(p *phase, recorder *metrics.Recorder, v *vu.VU, d time.Duration) map[string]any {
	s := recorder.Cut(d.Nanoseconds() + 1)
	requests, failed := counted(p, s, "http_reqs", "count"), counted(p, s, "http_req_failed", "passes")
	out := map[string]any{"requests": requests, "failed": failed, "duration_ms": float64(d.Microseconds()) / 1e3}
	if values := v.Captured(); len(values) > 0 {
		for name, value := range values {
			values[name] = r.copied(value)
			if p.hidden[name] {
				values[name] = mask.Mark
			}
		}
		out["values"] = values
	}
	return out
}

// copied is a value of the result's own: what is masked in it must not change for the plan. Numbers can be secrets too.
func (r *run) copied(value any) any {
	switch value := value.(type) {
	case map[string]any:
		c := make(map[string]any, len(value))
		for k, v := range value {
			c[k] = r.copied(v)
		}
		return c
	case []any:
		c := make([]any, len(value))
		for i, v := range value {
			c[i] = r.copied(v)
		}
		return c
	case int64, float64:
		if text := fmt.Sprint(value); r.mask.String(text) != text {
			return mask.Mark
		}
	}
	return value
}

func counted(p *phase, s *metrics.Snapshot, metric, aggregate string) int64 {
	series, _ := s.Series(p.layout, metric, "", "")
	n, _ := series.Aggregate(aggregate)
	return int64(n)
}
