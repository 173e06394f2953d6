package main

import (
	"flag"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"runner/runner/metrics"
)

// At full length, as the report is meant to be held against: -args -stall.seconds 60 -stall.pause 1s
var (
	stallSeconds = flag.Int("stall.seconds", 6, "how long the load on the stalled server lasts")
	stallPause   = flag.Duration("stall.pause", 400*time.Millisecond, "how long the server stalls, once")
)

const stallRate = 1000

// stalling lets requests through but for one pause, a second after the first.
type stalling struct {
	once       sync.Once
	from, to   time.Time
	begin, end time.Duration
}

func (s *stalling) hold(_ *http.Request, gone <-chan struct{}) {
	s.once.Do(func() {
		now := time.Now()
		s.from, s.to = now.Add(s.begin), now.Add(s.end)
	})
	if now := time.Now(); now.After(s.from) && now.Before(s.to) {
		select {
		case <-gone:
		case <-time.After(s.to.Sub(now)):
		}
	}
}

func stall(t *testing.T, executor string) (*metrics.Result, *program, []seen) {
	t.Helper()
	const begin = time.Second
	s := &stalling{begin: begin, end: begin + *stallPause}
	w := newWitness(t, s.hold)
	p := start(t, fmt.Sprintf(`
http: { base_url: "%s", timeout: 10s }
scenarios: { one: { executor: %s, steps: [{ get: / }] } }
`, w.url, executor))
	return p.result(t, "plan"), p, w.requests("/")
}

// TestTheReportSeesAStall is the test that names the product: a server at 1,000 requests a second stalls once, and the
// percentiles are those of users who came on time, as the server's own log tells them.
func TestTheReportSeesAStall(t *testing.T) {
	onAHealthyMachine(t, func() (*metrics.Result, []string) {
		r, p, log := stall(t, fmt.Sprintf("{ type: constant-arrival-rate, rate: %d/s, duration: %ds, vus: 20, max_vus: 3000 }", stallRate, *stallSeconds))
		one, planned := r.Scenarios[0], int64(stallRate**stallSeconds)
		if one.Planned != planned || one.Started+one.Dropped != planned || one.Started != int64(len(log)) {
			t.Errorf("planned %d, started %d, dropped %d, the server saw %d; want %d", one.Planned, one.Started, one.Dropped, len(log), planned)
		}
		var wrong []string
		if one.Dropped != 0 || p.ProcessState.ExitCode() != 0 {
			wrong = append(wrong, fmt.Sprintf("%d dropped, exit %d: %v", one.Dropped, p.ProcessState.ExitCode(), r.Verdict.Reasons))
		}
		return r, append(wrong, apart(t, r, fromDue(log))...)
	})
}

// apart are the percentiles that are not those of the server's log.
func apart(t *testing.T, r *metrics.Result, times []float64) (wrong []string) {
	t.Helper()
	for name, q := range map[string]float64{"p90": 0.9, "p95": 0.95, "p99": 0.99, "p99.9": 0.999, "max": 1} {
		got, want := value(t, r, "http_req_latency", name), times[int(math.Ceil(q*float64(len(times))))-1]
		t.Logf("%s: %.1f ms, by the server's log %.1f ms", name, got, want)
		if math.Abs(got-want) > stallSlack {
			wrong = append(wrong, fmt.Sprintf("%s is %.1f ms, and by the server's log %.1f ms", name, got, want))
		}
	}
	return wrong
}

const (
	// stallSlack, in ms, is how far the report may be from the server's log: the way there and back.
	stallSlack = 15
	// healthyLag, in ms, is the lateness of the generator's own starts, or of its idle probe, up to which stallSlack holds.
	healthyLag = 10
	stallTries = 3
)

// onAHealthyMachine makes a run and holds what was wrong with it against the program, unless the machine kept the program
// from a core: then the run is made again, and at last not judged.
func onAHealthyMachine(t *testing.T, try func() (r *metrics.Result, wrong []string)) {
	t.Helper()
	for range stallTries {
		r, wrong := try()
		if r.Verdict.LimitedBy == metrics.LimitedByGenerator {
			wrong = append(wrong, "the verdict blames the generator")
		}
		if len(wrong) == 0 {
			return
		}
		text := strings.Join(wrong, "; ")
		if !busy(t, r) {
			t.Errorf("on a healthy machine: %s", text)
			return
		}
		t.Logf("this machine was too busy: %s", text)
	}
	t.Skip("this machine is too busy to judge by")
}

// busy tells whether the machine kept the program, or the server that is in this process, from a core for so long that the
// times can't be held against each other: the run's starts or ticks were late and its threads waited, or the bystander's were.
// None of it is made of the latencies that are judged here.
func busy(t *testing.T, r *metrics.Result) bool {
	t.Helper()
	lag, waited := max(value(t, r, "start_lag", "max"), r.Generator.StallMaxMs), 1000*r.Generator.RunDelayS
	seen, here := beside().Busy(r.Run.Start, r.Run.Start.Add(time.Duration(r.Run.DurationS*float64(time.Second))), healthyLag*time.Millisecond)
	t.Logf("starts or ticks were up to %.1f ms late, threads waited %.1f ms for a core; %s", lag, waited, seen)
	return lag > healthyLag && waited > healthyLag && here
}

// fromDue is, by the server's log, how long each request took from when it was due until its answer was let go, sorted, in
// ms. Request n is due n/1000 s after the start, and none comes earlier: so the one that was the least late tells the start.
func fromDue(log []seen) []float64 {
	const period = time.Second / stallRate
	start := log[0].arrived
	for n, s := range log {
		if t := s.arrived.Add(-time.Duration(n) * period); t.Before(start) {
			start = t
		}
	}
	var times []float64
	for n, s := range log {
		times = append(times, float64(s.released.Sub(start)-time.Duration(n)*period)/1e6)
	}
	slices.Sort(times)
	return times
}

// TestTooFewVUsDropWhatTheyCannotTake holds that no iteration is lost between started and dropped, that the server saw
// those that were started, and whom the verdict blames.
func TestTooFewVUsDropWhatTheyCannotTake(t *testing.T) {
	r, p, log := stall(t, fmt.Sprintf("{ type: constant-arrival-rate, rate: %d/s, duration: 2s, vus: 20, max_vus: 100 }", stallRate))
	if why, excused := beside().Excuses(r); excused {
		t.Skip(why)
	}
	one := r.Scenarios[0]
	if one.Planned != 2*stallRate || one.Planned != one.Started+one.Dropped || one.Started != int64(len(log)) {
		t.Errorf("planned %d, started %d, dropped %d; the server saw %d", one.Planned, one.Started, one.Dropped, len(log))
	}
	if most := int64(stallPause.Seconds()*stallRate) - 100; one.Dropped < most/2 || one.VUsMax != 100 {
		t.Errorf("%d dropped with %d VUs; a pause of %s leaves no VU for about %d", one.Dropped, one.VUsMax, *stallPause, most)
	}
	if p.ProcessState.ExitCode() != metrics.ExitLoadNotAchieved || r.Verdict.LimitedBy != metrics.LimitedByVUs {
		t.Errorf("exit %d, limited by %q, want 96 and vus: %v", p.ProcessState.ExitCode(), r.Verdict.LimitedBy, r.Verdict.Reasons)
	}
}

// TestAClosedModelSaysWhatItCannotSee holds that the summary warns of what its percentiles hide.
func TestAClosedModelSaysWhatItCannotSee(t *testing.T) {
	r, p, _ := stall(t, "{ type: constant-vus, vus: 4, duration: 3500ms }")
	if p99 := value(t, r, "http_req_latency", "p99"); p99 > 100 {
		if !busy(t, r) {
			t.Fatalf("p99 is %v ms: four stalled requests are fewer than one in a hundred", p99)
		}
		t.Skipf("this machine is too busy to judge by: p99 is %v ms without the stall", p99)
	}
	u := r.Scenarios[0].Unseen
	if u == nil || u.Stalls < 4 || u.LongestMs < 200 {
		t.Fatalf("%+v: four VUs waited for %s", u, *stallPause)
	}
	if out := p.out.String(); !strings.Contains(out, "closed model") || !strings.Contains(out, "in no time above") {
		t.Errorf("the summary doesn't say so:\n%s", out)
	}
}
