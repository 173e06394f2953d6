package monitor

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"runner/runner/metrics"
)

// Who is to blame.
const (
	nobody    = "pass"
	target    = "target"
	generator = metrics.LimitedByGenerator
	vus       = metrics.LimitedByVUs
)

// scene is what a run of ten seconds, but for some, saw.
type scene struct {
	why     string
	seconds []Second
	machine Machine
	need    Need
	faults  map[error]int64
	slow    bool // the threshold on the target's latency fails
	dropped int64
	blame   string
	causes  []string
	says    []string // parts of the reasons, or of the warnings where nobody is to blame
}

// over spreads what a machine spent over its seconds, as the sampler does.
func over(list []Second, per Spent) []Second {
	for i := range list {
		list[i].Spent = per
	}
	return list
}

const (
	ms  = time.Millisecond
	mib = 1 << 20
)

var (
	late   = Second{Arrivals: 100, LateStarts: 40, Ticks: 100}
	asleep = Second{Arrivals: 100, Ticks: 100, LateTicks: 30, Stalled: 400 * ms}
	fifth  = Quota{Time: 20 * ms, Period: 100 * ms, Name: "cgroup cpu.max 20000/100000"}
)

func dropping(list []Second, n int64) []Second {
	for i := range list {
		list[i].Dropped = n
	}
	return list
}

// scenes are the cases that a test can make up: what the machine says is given, and everything behind it is the real code.
var scenes = []scene{
	{why: "all went well", seconds: run(10, 0, late), blame: nobody},
	{why: "the CPU is busy and nothing is late", seconds: over(run(10, 0, late), Spent{CPU: 1960 * ms}), machine: Machine{Wall: 10 * time.Second, Spent: Spent{CPU: 19600 * ms}},
		blame: nobody, says: []string{"CPU: this process used 98% of 2 cores"}},
	{why: "a busy neighbour that leaves enough", seconds: over(run(10, 0, late), Spent{CPU: 200 * ms, Delay: 900 * ms}), blame: nobody},
	{why: "one bad second is none", seconds: run(9, 1, late), blame: nobody},
	{why: "two bad seconds of a long run", seconds: run(38, 2, asleep), blame: nobody},
	{why: "a quota that is felt, but keeps nothing", seconds: over(run(10, 0, late), Spent{CPU: 180 * ms, Throttled: 100 * ms}),
		machine: Machine{Wall: 10 * time.Second, Spent: Spent{CPU: 1800 * ms, Throttled: time.Second}, LongestStall: 45 * ms, Limits: Limits{Quota: fifth}},
		blame:   nobody, says: []string{"CPU quota: throttled 1 s of 10 s (cgroup cpu.max 20000/100000): times may hold up to 45ms"}},
	{why: "ports nearly used up", seconds: run(10, 0, late), machine: Machine{Sockets: 95, Limits: Limits{Ports: Ports{40000, 40099}}}, blame: nobody, says: []string{"there were 95 TCP sockets, and 100 ports"}},
	{why: "descriptors nearly used up", seconds: run(10, 0, late), machine: Machine{Descriptors: 1000, Limits: Limits{Descriptors: 1024}}, blame: nobody, says: []string{"descriptors: 1000 of 1024 were open: ulimit -n 4096"}},
	{why: "memory nearly used up", seconds: run(10, 0, late), machine: Machine{Memory: 60 * mib, Spent: Spent{CPU: time.Second, GC: 800 * ms}, Limits: Limits{Memory: 64 * mib, MemoryName: "cgroup memory.max"}}, blame: nobody, says: []string{"60 MiB of 64 MiB were used (cgroup memory.max), and garbage collection took 80%"}},
	{why: "stolen time that nothing came late for", seconds: over(run(10, 0, late), Spent{Stolen: time.Second}), blame: nobody},
	{why: "a short run", seconds: run(1, 1, asleep), blame: nobody},

	{why: "a slow target", seconds: run(10, 0, late), slow: true, blame: target, says: []string{"threshold failed: http_req_latency"}},
	{why: "a slow target beside a busy CPU", seconds: over(run(10, 0, late), Spent{CPU: 1960 * ms}), slow: true, blame: target},
	{why: "a slow target, one bad second", seconds: run(9, 1, asleep), slow: true, blame: target},

	{why: "a slow target uses up max_vus", seconds: dropping(run(10, 0, late), 5), dropped: 50, blame: vus, says: []string{"it would have taken about 123 (100 arrivals a second × 1.23 s an iteration)"}},
	{why: "the same with its latency judged", seconds: dropping(run(10, 0, late), 5), dropped: 50, slow: true, blame: target, says: []string{"threshold failed: http_req_latency", "it would have taken about 123"}},
	{why: "too few VUs, and a bad second that has its share of it", seconds: dropping(run(9, 1, late), 5), dropped: 50, blame: vus},
	{why: "too few VUs, and a process that has no CPU left", seconds: over(dropping(run(10, 0, late), 5), Spent{CPU: 1900 * ms}), machine: Machine{Wall: 10 * time.Second, Spent: Spent{CPU: 19 * time.Second}},
		dropped: 50, blame: vus, says: []string{"it would have taken about", "used 95% of 2 cores: more VUs or a higher rate may not make more load"}},
	{why: "drops in a bad second, which the plan allows", seconds: append(run(9, 0, late), dropping(run(0, 1, asleep), 50)...), blame: nobody,
		says: []string{"50 of the 50 dropped iterations fell into 1 of 10 seconds, in which this machine was late itself"}},
	{why: "drops in a bad second alone: one convicts nobody, and the reader learns of it", seconds: append(run(9, 0, late), dropping(over(run(0, 1, asleep), Spent{Throttled: 800 * ms}), 50)...), machine: Machine{Wall: 10 * time.Second, Spent: Spent{Throttled: 800 * ms}, Limits: Limits{Quota: fifth}},
		dropped: 50, blame: vus, says: []string{"neither the target nor max_vus need be to blame, so measure again", "CPU quota: throttled 0.8 s of 10 s"}},
	{why: "the same with a target that seems slow: what failed stays failed", seconds: append(run(9, 0, late), dropping(over(run(0, 1, asleep), Spent{Delay: 800 * ms}), 50)...), slow: true,
		dropped: 50, blame: target, says: []string{"threshold failed: http_req_latency", "50 of the 50 dropped iterations", "busy machine: in the bad seconds this process waited 0.8 s"}},
	{why: "drops in two bad seconds of 40, which are 5 %, not over", seconds: append(run(38, 0, late), dropping(run(0, 2, asleep), 25)...), dropped: 50, blame: vus, says: []string{"50 of the 50 dropped iterations fell into 2 of 40 seconds"}},
	{why: "drops in two bad seconds of 39", seconds: append(run(37, 0, late), dropping(run(0, 2, asleep), 25)...), dropped: 50, blame: generator, causes: []string{"stopped"}, says: []string{"50 iterations were dropped in these seconds: more VUs would not have helped"}},

	{why: "a quota", seconds: over(run(2, 8, asleep), Spent{CPU: 200 * ms, Delay: 700 * ms, Throttled: 700 * ms}), machine: Machine{Wall: 10 * time.Second, Spent: Spent{CPU: 2 * time.Second, Throttled: 3200 * ms}, Limits: Limits{Quota: fifth}},
		blame: generator, causes: []string{"cpu_quota"}, says: []string{"CPU quota: throttled 3.2 s of 10 s (cgroup cpu.max 20000/100000): raise the quota or lower the rate", "in 8 of 10 seconds this process was not woken in time: 240 ticks"}},
	{why: "a quota, and a target that seems slow for it", seconds: over(run(0, 10, late), Spent{Throttled: 700 * ms}), machine: Machine{Limits: Limits{Quota: fifth}}, slow: true,
		blame: generator, causes: []string{"cpu_quota"}, says: []string{"would have failed: http_req_latency", "400 of their 1000 arrivals over 50 ms"}},
	{why: "a quota stretches a collection's pause", seconds: over(run(0, 10, late), Spent{Throttled: 700 * ms}), machine: Machine{LongestPause: 80 * ms, Limits: Limits{Quota: fifth}}, blame: generator, causes: []string{"cpu_quota"}},
	{why: "a quota on all cores is full", seconds: over(run(0, 10, late), Spent{CPU: 500 * ms, Throttled: 2 * time.Second}), machine: Machine{Wall: 10 * time.Second, Spent: Spent{Throttled: 20 * time.Second}, Limits: Limits{Quota: fifth}},
		blame: generator, causes: []string{"cpu_quota"}, says: []string{"throttled 10 s of 10 s"}},
	{why: "its own work", seconds: over(run(8, 2, late), Spent{CPU: 1960 * ms}), blame: generator, causes: []string{"cpu"}, says: []string{"98% of 2 cores: give it more cores"}},
	{why: "neighbours", seconds: over(run(0, 10, asleep), Spent{CPU: 200 * ms, Delay: 1500 * ms}), blame: generator, causes: []string{"busy_machine"}, says: []string{"waited 15 s for a core that others had, and used 10% of 2 cores itself: stop what else runs here"}},
	{why: "neighbours, in two seconds of 39", seconds: over(run(37, 2, late), Spent{Delay: 500 * ms}), blame: generator, causes: []string{"busy_machine"}, says: []string{"in 2 of 39 seconds"}},
	{why: "the hypervisor", seconds: over(run(5, 5, asleep), Spent{CPU: 100 * ms, Stolen: 900 * ms}), blame: generator, causes: []string{"stolen"}, says: []string{"for 4.5 s: use a machine that has its cores to itself"}},
	{why: "the hypervisor and neighbours", seconds: over(run(5, 5, asleep), Spent{CPU: 100 * ms, Stolen: 900 * ms, Delay: time.Second}), blame: generator, causes: []string{"stolen", "busy_machine"}},
	{why: "garbage collection", seconds: run(5, 5, asleep), machine: Machine{LongestPause: 80 * ms}, blame: generator, causes: []string{"gc"}, says: []string{"paused this process for up to 80ms"}},
	{why: "a memory limit", seconds: over(run(5, 5, asleep), Spent{CPU: 1500 * ms, GC: 700 * ms}), machine: Machine{Memory: 61 * mib, Limits: Limits{Memory: 64 * mib, MemoryName: "cgroup memory.max"}},
		blame: generator, causes: []string{"memory", "cpu"}, says: []string{"memory: 61 MiB of 64 MiB were used (cgroup memory.max), and garbage collection took 47% of the CPU"}},
	{why: "a stop signal", seconds: run(7, 3, Second{Ticks: 100, LateTicks: 95, Stalled: time.Second}), machine: Machine{LongestStall: 3 * time.Second}, blame: generator, causes: []string{"stopped"}, says: []string{"stood still for up to 3 s, not for want of a core"}},
	{why: "a stop signal beside neighbours", seconds: over(run(7, 3, asleep), Spent{CPU: 400 * ms, Delay: 800 * ms}), machine: Machine{Continued: 1, LongestStall: time.Second}, blame: generator, causes: []string{"stopped", "busy_machine"}},
	{why: "it was stopped for too short to matter", seconds: run(9, 1, asleep), machine: Machine{Continued: 1, LongestStall: 300 * ms}, blame: nobody},
	{why: "nobody knows", seconds: over(run(5, 5, late), Spent{CPU: 300 * ms}), blame: generator, causes: []string{"unknown"}, says: []string{"nothing that it can see explains its lateness"}},

	{why: "64 descriptors", seconds: run(10, 0, late), faults: map[error]int64{syscall.EMFILE: 136}, machine: Machine{Limits: Limits{Descriptors: 64}}, need: Need{VUs: 200, Connections: 200},
		blame: generator, causes: []string{"descriptors"}, says: []string{"64 descriptors: too few for 136 connections: ulimit -n 4096"}},
	{why: "one refused connection is enough", seconds: run(10, 0, late), faults: map[error]int64{syscall.EMFILE: 1}, blame: generator, causes: []string{"descriptors"}},
	{why: "the machine's own table of files", seconds: run(10, 0, late), faults: map[error]int64{syscall.ENFILE: 5}, blame: generator, causes: []string{"files"}, says: []string{"raise fs.file-max"}},
	{why: "100 ports", seconds: run(10, 0, late), faults: map[error]int64{syscall.EADDRNOTAVAIL: 7}, machine: Machine{Sockets: 200, Limits: Limits{Ports: Ports{40000, 40099}}},
		blame: generator, causes: []string{"ports"}, says: []string{"ephemeral ports used up towards 127.0.0.1:80 (7 connections found none left; there are 100, 40000-40099): widen net.ipv4.ip_local_port_range, keep connections open, or add source addresses"}},
	{why: "no address to connect from", seconds: run(10, 0, late), faults: map[error]int64{syscall.EADDRNOTAVAIL: 7}, machine: Machine{Sockets: 3, Limits: Limits{Ports: Ports{32768, 1 << 20}}}, blame: generator, causes: []string{"ports"}, says: []string{"address: this host has none to connect to 127.0.0.1:80 from"}},
	{why: "memory for sockets", seconds: run(10, 0, late), faults: map[error]int64{syscall.ENOBUFS: 7}, blame: generator, causes: []string{"memory"}, says: []string{"raise the memory limit"}},
	{why: "a firewall", seconds: run(10, 0, late), faults: map[error]int64{syscall.EPERM: 7}, blame: generator, causes: []string{"firewall"}, says: []string{"forbade 7 connections to 127.0.0.1:80"}},
	{why: "an error of the host that has no name", seconds: run(10, 0, late), faults: map[error]int64{syscall.EIO: 7}, blame: generator, causes: []string{"local"}, says: []string{"7 requests failed through this host's fault"}},
	{why: "descriptors beside a slow target: nothing is judged", seconds: run(10, 0, late), faults: map[error]int64{syscall.EMFILE: 9}, slow: true, blame: generator, causes: []string{"descriptors"}, says: []string{"would have failed: http_req_latency"}},
	{why: "descriptors beside too few VUs", seconds: dropping(run(10, 0, late), 5), dropped: 50, faults: map[error]int64{syscall.EMFILE: 9}, blame: generator, causes: []string{"descriptors"}, says: []string{"would have failed: dropped_iterations"}},
	{why: "ports and a quota", seconds: over(run(2, 8, asleep), Spent{Throttled: 700 * ms}), machine: Machine{Limits: Limits{Quota: fifth}}, faults: map[error]int64{syscall.EADDRINUSE: 9}, blame: generator, causes: []string{"ports", "cpu_quota"}},
}

func TestTheRightOneIsBlamed(t *testing.T) {
	for _, s := range scenes {
		t.Run(s.why, func(t *testing.T) {
			e := s.evidence()
			g := Judge(e)
			verdict, thresholds := metrics.Decide(s.findings(g, e.Local), s.judged())
			if got := blamed(verdict); got != s.blame {
				t.Errorf("blames %s (%d), want %s: %q", got, verdict.ExitCode, s.blame, verdict.Reasons)
			}
			if !slices.Equal(g.Causes, s.causes) {
				t.Errorf("causes %q, want %q", g.Causes, s.causes)
			}
			text := strings.Join(append(slices.Clone(verdict.Reasons), g.Warnings...), "\n")
			for _, part := range s.says {
				if !strings.Contains(text, part) {
					t.Errorf("%q lacks %q", text, part)
				}
			}
			if trusted := slices.ContainsFunc(thresholds, func(r metrics.ThresholdResult) bool { return r.Status != metrics.NotTrusted }); s.blame == generator && trusted {
				t.Errorf("judged all the same: %+v", thresholds)
			}
		})
	}
}

func (s *scene) evidence() Evidence {
	e := Evidence{Seconds: s.seconds, Machine: s.machine, Need: s.need}
	e.Machine.Cores = 2
	for err, n := range s.faults {
		e.Local += n
		e.faults = append(e.faults, fault{kind: kindOf(fmt.Errorf("connect: %w", err)), to: "127.0.0.1:80", count: n})
	}
	return e
}

func (s *scene) findings(g metrics.Generator, local int64) metrics.Findings {
	f := metrics.Findings{Generator: g, LocalErrors: local}
	if s.dropped > 0 {
		f.Shortfalls = []metrics.Shortfall{{Scenario: "buy", Dropped: s.dropped, Planned: 1000, VUs: 50, Needed: 123, PerSecond: 100, Duration: 1.23}}
	}
	return f
}

func (s *scene) judged() []metrics.ThresholdResult {
	status := map[bool]string{true: metrics.FailedStatus, false: metrics.Passed}
	return []metrics.ThresholdResult{
		{ID: "http_req_latency: p95 < 500ms", Metric: "http_req_latency", Status: status[s.slow], Observed: map[string]float64{"p95": 512}, Unit: "ms"},
		{ID: "dropped_iterations: count == 0", Metric: "dropped_iterations", Status: status[s.dropped > 0], Observed: map[string]float64{"count": float64(s.dropped)}, Default: true},
	}
}

// blamed is whom an exit code blames.
func blamed(v metrics.Verdict) string {
	switch v.ExitCode {
	case metrics.ExitPass:
		return nobody
	case metrics.ExitThresholds:
		return target
	case metrics.ExitLoadNotAchieved:
		return v.LimitedBy
	}
	return fmt.Sprint(v.ExitCode)
}
