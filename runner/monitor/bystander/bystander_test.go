package bystander

import (
	"testing"
	"time"

	"runner/runner/metrics"
)

const ms = time.Millisecond

// TestWhoIsExcused: a run's own word is not enough, and neither is the bystander's.
func TestWhoIsExcused(t *testing.T) {
	begin := time.Now().Add(-time.Minute)
	at := func(s int) time.Time { return begin.Add(time.Duration(s) * time.Second) }
	var without time.Duration
	b := stand(begin, func() time.Duration { return without })
	second := func(n int, late, kept time.Duration) {
		b.woken(at(n), at(n).Add(nap+late))
		without += kept
		b.woken(at(n+1).Add(-nap), at(n+1))
	}
	second(0, 2*ms, ms)
	second(1, 80*ms, 900*ms)   // others had the cores
	second(2, 2*ms, 400*ms)    // threads waited, but not for long at a time
	second(3, 300*ms, 5*ms)    // late, and nobody else had the cores: this process's own doing
	second(4, 50*ms, 900*ms)   // not over 50 ms
	second(5, 900*ms, -200*ms) // a thread ended, and took its time with it
	limited := metrics.Verdict{LimitedBy: metrics.LimitedByGenerator}
	for _, row := range []struct {
		why     string
		from    int
		to      int
		verdict metrics.Verdict
		causes  []string
		ok      bool
	}{
		{"both say so", 0, 6, limited, []string{"busy_machine"}, true},
		{"the hypervisor is somebody else, too", 0, 6, limited, []string{"stolen", "busy_machine"}, true},
		{"it was busy before the run", 2, 6, limited, []string{"busy_machine"}, false},
		{"and after it", 0, 0, limited, []string{"busy_machine"}, false},
		{"waiting that made nothing late", 2, 2, limited, []string{"busy_machine"}, false},
		{"lateness without waiting", 3, 3, limited, []string{"busy_machine"}, false},
		{"exactly at the limit", 4, 4, limited, []string{"busy_machine"}, false},
		{"the run's own work", 0, 6, limited, []string{"cpu"}, false},
		{"its own work beside others'", 0, 6, limited, []string{"busy_machine", "cpu"}, false},
		{"a run that can't say why", 0, 6, limited, nil, false},
		{"too few VUs are the plan's affair", 0, 6, metrics.Verdict{LimitedBy: metrics.LimitedByVUs}, []string{"busy_machine"}, false},
		{"a run that was not limited", 0, 6, metrics.Verdict{}, []string{"busy_machine"}, false},
	} {
		r := &metrics.Result{Verdict: row.verdict, Generator: metrics.Generator{Causes: row.causes}}
		r.Run.Start, r.Run.DurationS = at(row.from).Add(100*ms), float64(row.to-row.from)+0.8
		if why, ok := b.Excuses(r); ok != row.ok {
			t.Errorf("%s: excused is %v: %s", row.why, ok, why)
		}
	}
}
