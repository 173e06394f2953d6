package executor_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"runner/runner/executor"
	"runner/runner/schedule"
	"runner/spec"
)

// Whatever the iterations and whenever the run is stopped: planned = started + dropped, each number once.
func TestClosedProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		vus := rapid.Int64Range(1, 6).Draw(rt, "vus")
		limit := lasting(time.Duration(rapid.IntRange(1, 8).Draw(rt, "limit")) * s)
		n := count(rapid.Int64Range(1, 9).Draw(rt, "iterations"))
		var e spec.Executor = &spec.PerVUIterations{VUs: count(vus), Iterations: n, MaxDuration: limit}
		if rapid.Bool().Draw(rt, "shared") {
			e = &spec.SharedIterations{VUs: count(vus), Iterations: n, MaxDuration: limit}
		}
		p := arbitrary(rt)
		x := build(t, e)
		p.run(t, x)
		seg := p.seg.Of(vus)
		planned := seg.Share(n.Value)
		if !isShared(e) {
			planned = seg.Share(vus) * n.Value
		}
		if got := int64(len(p.ran)) + p.lost(""); got != planned {
			rt.Fatalf("started %d, dropped %d, planned %d", len(p.ran), p.lost(""), planned)
		}
		checkClosed(rt, p, x.Info())
	})
}

func isShared(e spec.Executor) bool { _, ok := e.(*spec.SharedIterations); return ok }

// Every iteration of a ramp starts within its VU's times and ends within the grace.
func TestRampProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := &spec.RampingVUs{
			StartVUs:         count(rapid.Int64Range(0, 6).Draw(rt, "start")),
			GracefulRampDown: lasting(time.Duration(rapid.IntRange(0, 3000).Draw(rt, "ramp down")) * ms),
			Stages:           []spec.Stage[spec.Int]{toVUs(0, 1)},
		}
		for range rapid.IntRange(1, 4).Draw(rt, "stages") {
			d := time.Duration(rapid.IntRange(0, 3).Draw(rt, "duration")) * s
			e.Stages = append(e.Stages, toVUs(d, rapid.Int64Range(0, 6).Draw(rt, "target")))
		}
		e.Stages = append(e.Stages, toVUs(s, 2))
		p := arbitrary(rt)
		x := build(t, e)
		p.run(t, x)
		checkClosed(rt, p, x.Info())
		active := x.Info().Active
		for _, r := range p.ran {
			within := false
			for _, i := range active.Intervals(r.vu) {
				within = within || p.t0+i.Start <= r.start && r.start < p.t0+i.Stop
			}
			if !within {
				rt.Fatalf("VU %d started at %v, its times are %v", r.vu, r.start, active.Intervals(r.vu))
			}
		}
		empty := p.seg.Of(active.Max()).Empty() // has nothing to wait for
		if !empty && p.stop > p.elapsed && p.elapsed < p.t0+active.Duration() {
			rt.Fatalf("over after %v, before its %v", p.elapsed, active.Duration())
		}
	})
}

func arbitrary(t *rapid.T) *play {
	takes := rapid.SliceOfN(rapid.Int64Range(1, 3000), 1, 5).Draw(t, "takes")
	return &play{
		takes: func(tk executor.Ticket, vu int64) time.Duration {
			return time.Duration(takes[(tk.N+vu)%int64(len(takes))])*ms + 1237
		},
		grace: time.Duration(rapid.IntRange(0, 3).Draw(t, "grace")) * s,
		stop:  time.Duration(rapid.IntRange(0, 12_000).Draw(t, "stop"))*ms + 17,
		seg:   schedule.Segment{Index: rapid.Int64Range(0, 2).Draw(t, "index"), Count: 3},
	}
}

func checkClosed(t *rapid.T, p *play, info executor.Info) {
	seg := p.seg.Of(info.MaxVUs)
	seen := map[int64]bool{}
	see := func(n int64) {
		if seen[n] || n%seg.Count != seg.Index {
			t.Fatalf("ticket %d is another segment's, or was there before", n)
		}
		seen[n] = true
	}
	for _, r := range p.ran {
		see(r.N)
		if (r.vu-1)%seg.Count != seg.Index {
			t.Fatalf("VU %d is another segment's", r.vu)
		}
		if r.end > min(p.t0+info.Duration+p.grace, p.stop) || r.start >= p.t0+info.Duration {
			t.Fatalf("ticket %d ran from %v until %v; the stop was at %v", r.N, r.start, r.end, p.stop)
		}
		if r.Stage != info.Active.StageAt(r.due()-p.t0) {
			t.Fatalf("ticket %d has stage %d", r.N, r.Stage)
		}
	}
	for _, d := range p.drops {
		for k := range d.count {
			see(d.n + k*seg.Count)
		}
	}
}
