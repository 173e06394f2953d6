package runner_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"runner/runner"
	"runner/runner/report"
)

// endings are plans that end in each way, and in several at once.
var endings = map[string]struct {
	plan string
	code int
	seen map[string]int // requests that the server saw; -1: any number above 0
}{
	"an abort step in init stops the run before any load": {
		"scenarios: { one: { executor: { type: per-vu-iterations }, init: [{ abort: no }], steps: [{ get: /load }] } }\nteardown: [{ get: /teardown }]\n",
		108, map[string]int{"GET /load": 0, "GET /teardown": 1},
	},
	"an init that fails is a run error": {
		"scenarios: { one: { executor: { type: per-vu-iterations, vus: 3 }, init: [{ fail: no }], steps: [{ get: /load }] } }\nteardown: [{ get: /teardown }]\n",
		107, map[string]int{"GET /load": 0, "GET /teardown": 1},
	},
	"the requests of init are in the totals": {
		"scenarios: { one: { executor: { type: per-vu-iterations, vus: 3 }, init: [{ get: /init }], steps: [{ get: /load }] } }\nthresholds: { http_reqs: count == 6 }\n",
		0, map[string]int{"GET /init": 3, "GET /load": 3},
	},
	"an abort step in teardown": {
		"scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ get: /load }] } }\nteardown: [{ abort: no }]\n",
		108, map[string]int{"GET /load": 1},
	},
	"an abort step comes before failed thresholds": {
		"scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ get: /500 }, { abort: no }] } }\n",
		108, map[string]int{"GET /500": 1},
	},
	"a run error comes before an abort step": {
		"scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ get: /load }, { abort: no }] } }\nteardown: [{ get: /500 }]\n",
		107, map[string]int{"GET /load": 1, "GET /500": 1},
	},
	"a threshold that aborts fails like any other, and what was not started blames nobody": {
		"scenarios: { one: { executor: { type: constant-arrival-rate, rate: 20/s, duration: 30s, vus: 4 }, steps: [{ get: /load }] } }\nthresholds: { http_reqs: { that: count < 5, abort: true } }\n",
		99, map[string]int{"GET /load": -1},
	},
	"an abort in one branch is not lost behind another that fails": {
		"scenarios: { one: { executor: { type: per-vu-iterations, iterations: 2 }, steps: [{ parallel: [{ fail: first }, { abort: second }] }] } }\n",
		108, nil,
	},
	"a scenario after one that was left out runs": {
		"scenarios: { one: { if: 'false', executor: { type: per-vu-iterations }, steps: [{ get: /one }] }, two: { after: one, executor: { type: per-vu-iterations }, steps: [{ get: /two }] } }\n",
		0, map[string]int{"GET /one": 0, "GET /two": 1},
	},
	"a scenario after one that could not begin does not": {
		"scenarios: { one: { executor: { type: per-vu-iterations }, init: [{ fail: no }], steps: [{ get: /one }] }, two: { after: one, executor: { type: per-vu-iterations }, steps: [{ get: /two }] } }\n",
		107, map[string]int{"GET /one": 0, "GET /two": 0},
	},
}

// TestHowRunsEnd tells every ending by its exit code, where several hold too.
func TestHowRunsEnd(t *testing.T) {
	for name, c := range endings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTarget(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/500" {
					w.WriteHeader(http.StatusInternalServerError)
				}
			})
			r := runPlan(t, s, c.plan, nil)
			want(t, r, c.code)
			if text := strings.Join(r.Verdict.Reasons, "\n"); strings.Contains(text, "dropped_iterations") {
				t.Errorf("nothing was dropped for want of VUs, and the reasons say: %s", text)
			}
			for key, n := range c.seen {
				if got := s.count(key); got != n && (n >= 0 || got == 0) {
					t.Errorf("the server saw %s %d times, want %d", key, got, n)
				}
			}
			if _, err := json.Marshal(r); err != nil {
				t.Errorf("the result can't be written: %v", err)
			}
		})
	}
}

// TestASecondSignalEndsTeardown holds that it ends at once, is told as an interrupt, and keeps what was measured.
func TestASecondSignalEndsTeardown(t *testing.T) {
	hanging := make(chan struct{})
	s := newTarget(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/teardown" {
			close(hanging)
			<-r.Context().Done()
		}
	})
	p := compile(t, write(t, whole(`http: { base_url: "${env.BASE}", timeout: 60s }
teardown: [{ get: /teardown }]
scenarios: { one: { executor: { type: per-vu-iterations, iterations: 3 }, steps: [{ get: /load }] } }
`), nil), environment(s))
	ctx, cancel := context.WithCancel(context.Background())
	kill := make(chan struct{})
	var at time.Time
	go func() {
		<-hanging
		cancel()
		at = time.Now()
		close(kill)
	}()
	r, err := p.Run(ctx, runner.RunOptions{Outputs: report.Outputs{}, Kill: kill})
	if err != nil {
		t.Fatal(err)
	}
	want(t, r, 105)
	if d := time.Since(at); d > 10*time.Second {
		t.Errorf("it took %s", d)
	}
	if n := metric(t, r, "http_reqs", nil, "count"); n != 3 {
		t.Errorf("%v requests in the result, want the 3 that were measured", n)
	}
}

// TestWhatSetupFoundCanBeWritten holds that no value of a phase spoils the result.
func TestWhatSetupFoundCanBeWritten(t *testing.T) {
	s := newTarget(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"a":1}`) })
	r := runPlan(t, s, `
setup:
  - set: { when: "${now()}" }
scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ get: / }] } }
`, nil)
	if _, err := json.Marshal(r); err != nil {
		t.Errorf("the result can't be written: %v", err)
	}
}
