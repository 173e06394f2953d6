//go:build unix

package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"runner/runner/metrics"
	"runner/runner/monitor/bystander"
)

// loadedPlan has every phase of a run, arrivals and closed VUs, short requests and ones that take longer than the test.
const loadedPlan = `
http: { base_url: "%s", timeout: 60s }
setup: [{ get: /setup }]
scenarios:
  open:
    executor: { type: constant-arrival-rate, rate: 50/s, duration: 800ms, vus: 5, max_vus: 50 }
    graceful_stop: 500ms
    init: [{ get: /load/init }]
    steps: [{ get: /load/short }]
  long:
    executor: { type: ramping-vus, start_vus: 0, stages: [{ duration: 400ms, target: 10 }, { duration: 400ms, target: 2 }] }
    graceful_stop: 500ms
    steps: [{ get: /load/long }]
  shared: { executor: { type: shared-iterations, vus: 3, iterations: 60, max_duration: 2s }, steps: [{ get: /load/x }, { think: 5ms }] }
  late: { after: shared, executor: { type: constant-arrival-rate, rate: 50/s, duration: 300ms }, steps: [{ get: /load/late }] }
teardown: [{ get: /teardown }]
`

// unhurried answers at once, in a while or hardly ever, as the path says.
func unhurried(r *http.Request, gone <-chan struct{}) {
	d := map[string]time.Duration{"/setup": 150 * time.Millisecond, "/load/short": 50 * time.Millisecond, "/load/long": time.Minute, "/teardown": 50 * time.Millisecond}[r.URL.Path]
	select {
	case <-gone:
	case <-time.After(d):
	}
}

// atEachMoment starts runs, waits until each has got so far, and does something to it; i counts them. What a test says
// must hold at any moment: so it may sleep. Where do says that something came late, and this process felt that others had the
// machine meanwhile, the moment is tried again; late three times is late.
func atEachMoment(t *testing.T, moments int, apart time.Duration, plan string, do func(t *testing.T, i int, w *witness, p *program) (late string)) {
	// Where these tests were started with nohup, the programs that they start would ignore SIGHUP, too.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(caught) })
	for i := range moments {
		after := time.Duration(i) * apart
		t.Run(after.String(), func(t *testing.T) {
			t.Parallel()
			late := ""
			for range 3 {
				begin := time.Now()
				if late = atMoment(t, after, i, plan, do); late == "" {
					return
				}
				seen, busy := beside().Busy(begin, time.Now(), bystander.Late)
				if t.Logf("%s; %s", late, seen); !busy {
					break
				}
			}
			t.Error(late)
		})
	}
}

func atMoment(t *testing.T, after time.Duration, i int, plan string, do func(t *testing.T, i int, w *witness, p *program) (late string)) string {
	t.Helper()
	w := newWitness(t, unhurried)
	p := start(t, fmt.Sprintf(plan, w.url))
	select {
	case <-p.err.found: // it takes signals from before it says what it is about to run
	case <-time.After(30 * time.Second):
		t.Fatal("the run doesn't begin")
	}
	time.Sleep(after)
	return do(t, i, w, p)
}

// TestASignalAtAnyMoment holds that the load stops at once, teardown runs, and the report is whole.
func TestASignalAtAnyMoment(t *testing.T) {
	atEachMoment(t, 13, 100*time.Millisecond, loadedPlan, func(t *testing.T, i int, w *witness, p *program) (late string) {
		_ = p.Process.Signal([]os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[i%3])
		at := time.Now()
		interrupted(t, p, p.result(t, "plan"))
		if len(w.requests("/setup")) == 1 && len(w.requests("/teardown")) == 0 {
			t.Error("setup ran, and teardown did not")
		}
		for _, r := range w.requests("/load") {
			if d := max(r.arrived.Sub(at), r.released.Sub(at)); d > stopWithin {
				late = fmt.Sprintf("%s came or went %s after the signal", r.path, d)
			}
		}
		return late
	})
}

// TestASecondSignalAtAnyMoment holds that the program ends soon after it, and says what was measured.
func TestASecondSignalAtAnyMoment(t *testing.T) {
	plan := strings.ReplaceAll(loadedPlan, "/teardown", "/load/long")
	atEachMoment(t, 5, 250*time.Millisecond, plan, func(t *testing.T, i int, _ *witness, p *program) (late string) {
		_ = p.Process.Signal(syscall.SIGTERM)
		time.Sleep(time.Duration(i) * 50 * time.Millisecond)
		_ = p.Process.Signal(syscall.SIGINT)
		at := time.Now()
		interrupted(t, p, p.result(t, "plan"))
		if took := time.Since(at); took > 5*time.Second { // a second; the rest is for a busy machine
			return fmt.Sprintf("it took %s after the second signal", took)
		}
		return ""
	})
}

// TestASignalEndsAllPlans holds that those that come after have a result, too: one from before would pass for it.
func TestASignalEndsAllPlans(t *testing.T) {
	w := newWitness(t, unhurried)
	p := &program{dir: t.TempDir()}
	for _, name := range []string{"a", "b"} {
		write(t, filepath.Join(p.dir, name+".yaml"), "version: 1\nname: "+name+fmt.Sprintf(loadedPlan, w.url))
	}
	p.run(t, "a.yaml", "b.yaml")
	<-p.err.found
	_ = p.Process.Signal(syscall.SIGINT)
	a := p.result(t, "a")
	interrupted(t, p, a)
	b := p.result(t, "b")
	interrupted(t, p, b)
	if open := b.Scenarios[0]; open.Dropped != open.Planned {
		t.Errorf("of a plan that was not run, %d of %d iterations are said to be dropped", open.Dropped, open.Planned)
	}
}

// TestAReaderThatGoesAwayEndsNoRun holds that a run whose output nobody reads any more goes on to its end.
func TestAReaderThatGoesAwayEndsNoRun(t *testing.T) {
	w := newWitness(t, unhurried)
	r, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
	p := &program{dir: t.TempDir(), err: &watcher{}}
	write(t, filepath.Join(p.dir, "plan.yaml"), "version: 1\nname: test\nscenarios: { one: { executor: { type: per-vu-iterations, iterations: 3 }, steps: [{ get: \""+w.url+"/load\" }] } }\n"+
		"teardown: [{ get: \""+w.url+"/teardown\" }]\n")
	p.Cmd = exec.Command("runner", "plan.yaml", "--out", "json="+p.dir+"/")
	p.Dir, p.Stdout, p.Stderr = p.dir, out, out
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	_ = out.Close()
	if r := p.result(t, "plan"); r.Verdict.Status != "pass" || len(w.requests("/teardown")) != 1 {
		t.Errorf("%+v, %d teardowns", r.Verdict, len(w.requests("/teardown")))
	}
}

// interrupted holds what every interrupted run's report must.
func interrupted(t *testing.T, p *program, r *metrics.Result) {
	t.Helper()
	if code := p.ProcessState.ExitCode(); code != metrics.ExitInterrupted || r.Verdict.ExitCode != code {
		t.Errorf("exit %d, the result says %d; want %d", code, r.Verdict.ExitCode, metrics.ExitInterrupted)
	}
	if out := p.out.String(); !strings.Contains(out, "INTERRUPTED") || !strings.Contains(out, "shared-iterations") {
		t.Errorf("the tables are not whole:\n%s", out)
	}
	for _, s := range r.Scenarios {
		if s.Planned >= 0 && s.Planned != s.Started+s.Dropped || s.Started != s.Completed+s.Interrupted {
			t.Errorf("%+v does not add up", s)
		}
	}
}

// stopWithin is 100 ms, and room for a machine that is busy with the test's other processes.
const stopWithin = 400 * time.Millisecond
