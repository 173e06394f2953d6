package main

import (
	"syscall"
	"testing"
	"time"

	"runner/runner/metrics"
)

const hundredPorts = `echo "40000 40099" > /proc/sys/net/ipv4/ip_local_port_range`

// stagedRuns are what a machine can be made to do, by whom the verdict must name. Each is named by what is wrong.
func stagedRuns() map[string][]staged {
	return map[string][]staged{"nobody": healthyRuns(), "generator": generatorRuns(), "vus": vuRuns(), "target": targetRuns(), "codes": codeRuns()}
}

// healthyRuns must not be called broken.
func healthyRuns() []staged {
	return []staged{
		{why: "an open model", plan: openPlan},
		{why: "a closed model", plan: closedPlan},
		{why: "as fast as it goes", plan: closedPlan, env: []string{"VUS=64", "THINK=0ms"}},
		{why: "two thousand VUs in think time", plan: closedPlan, env: []string{"VUS=2000", "THINK=1s"}},
		{why: "a busy neighbour on each core", plan: openPlan, during: hogs(2, "0")},
		{why: "a busy neighbour beside a closed model", plan: closedPlan, during: hogs(2, "0")},
		{why: "many neighbours that are nice", plan: openPlan, during: hogs(8, "19")},
		{why: "a slow target, and VUs enough", plan: openPlan, env: []string{"MAX=200"}, target: []string{"-delay", "500ms"}},
		{why: "an ample quota", plan: openPlan, in: func(p *place) { p.runner = p.quota(150) }},
		{why: "a quota on the target that it can live with", plan: openPlan, env: []string{"RATE=50/s"}, in: func(p *place) { p.target = p.quota(50) }},
		{why: "64 descriptors for ten VUs", plan: closedPlan, env: []string{"VUS=10"}, in: func(p *place) { p.runner = descriptors("", 64) }},
		{why: "a soft limit of 64 is raised", plan: closedPlan, env: []string{"VUS=200"}, in: func(p *place) { p.runner = descriptors("S", 64) }},
		{why: "100 ports for 50 VUs", plan: closedPlan, env: []string{"VUS=50"}, in: func(p *place) { p.net = hundredPorts }},
		{why: "100 ports, and a target that closes every connection", plan: openPlan, env: []string{"RATE=20/s"}, target: []string{"-once"}, in: func(p *place) { p.net = hundredPorts }},
		{why: "an ample memory limit", plan: closedPlan, in: func(p *place) { p.runner = p.memory(256) }},
		{why: "a stop of a moment", plan: openPlan, during: stops(theRunner, 2*time.Second, 200*time.Millisecond, 0, 1)},
		{why: "VUs are made while it runs, and log in slowly", plan: openPlan + "    init: [{ get: /login }]\n", env: []string{"VUS=1", "MAX=200"}, target: []string{"-delay", "200ms"}},
	}
}

// generatorRuns must be laid at this machine's door, with the cause.
func generatorRuns() []staged {
	limited := func(s staged, causes ...string) staged {
		s.code, s.who, s.causes = metrics.ExitLoadNotAchieved, metrics.LimitedByGenerator, causes
		return s
	}
	stopped := stops(theRunner, time.Second, 2500*time.Millisecond, 0, 1)
	return []staged{
		limited(staged{why: "a quota of 5 %, closed", plan: closedPlan, env: []string{"VUS=64", "THINK=0ms"}, in: func(p *place) { p.runner = p.quota(5) },
			says: []string{"CPU quota: throttled", "5000/100000", "raise the quota or lower the rate"}}, "cpu_quota"),
		limited(staged{why: "a quota of 5 %, open", plan: openPlan, env: []string{"RATE=2000/s"}, in: func(p *place) { p.runner = p.quota(5) }}, "cpu_quota"),
		limited(staged{why: "a quota of 5 %, and a condition that it would have failed", plan: openPlan + slowIsWrong, env: []string{"RATE=2000/s"}, in: func(p *place) { p.runner = p.quota(5) },
			says: []string{"would have failed: http_req_latency"}}, "cpu_quota"),
		limited(staged{why: "64 descriptors for 200 VUs", plan: closedPlan, env: []string{"VUS=200"}, in: func(p *place) { p.runner = descriptors("", 64) },
			says: []string{"warning: descriptors: the plan may need", "64 descriptors: too few for", "ulimit -n 4096"}}, "descriptors"),
		limited(staged{why: "64 descriptors for arrivals at a slow target", plan: openPlan, target: []string{"-delay", "1s"}, in: func(p *place) { p.runner = descriptors("", 64) }}, "descriptors"),
		limited(staged{why: "100 ports for 200 VUs", plan: closedPlan, env: []string{"VUS=200"}, in: func(p *place) { p.net = hundredPorts },
			says: []string{"warning: ports: the plan may need 200 connections", "ephemeral ports used up towards 127.0.0.1:", "widen net.ipv4.ip_local_port_range, keep connections open, or add source addresses"}}, "ports"),
		limited(staged{why: "100 ports for arrivals at a slow target", plan: openPlan, target: []string{"-delay", "1s"}, in: func(p *place) { p.net = hundredPorts }}, "ports"),
		limited(staged{why: "a firewall", plan: closedPlan, in: func(p *place) { p.net = hundredPorts + " && ip route add prohibit 10.9.9.9" }, env: []string{"TARGET=http://10.9.9.9", "THINK=100ms"},
			says: []string{"firewall: this host forbade"}}, "firewall"),
		limited(staged{why: "a stop of seconds, closed", plan: closedPlan, env: []string{"FOR=6s"}, during: stopped, says: []string{"stood still for up to 2.5 s"}}, "stopped"),
		limited(staged{why: "a stop of seconds, open", plan: openPlan, env: []string{"FOR=6s"}, during: stopped}, "stopped"),
		limited(staged{why: "stops all the time", plan: openPlan, during: stops(theRunner, 500*time.Millisecond, 150*time.Millisecond, 50*time.Millisecond, 20)}, "stopped"),
		limited(staged{why: "neighbours that take all", plan: openPlan, in: func(p *place) { p.runner = append(p.weight(), "nice", "-n", "19") }, during: hogs(3, "0")}, "busy_machine"),
		{why: "a memory limit", plan: closedPlan, env: []string{"VUS=400", "THINK=0ms"}, in: func(p *place) { p.runner = p.memory(22) }, named: "garbage collection took"},
		{why: "a memory limit that is far too low", plan: closedPlan, env: []string{"VUS=3000", "THINK=500ms"}, in: func(p *place) { p.runner = p.memory(32) }, named: "warning: memory: 3000 VUs"},
	}
}

// weight is the least share of the CPU.
func (p *place) weight() []string {
	return p.group("cpu", map[string]string{"v1:cpu.shares": "2", "v2:cpu.weight": "1"})
}

// vuRuns have too few VUs, and a generator that could have done it.
func vuRuns() []staged {
	short := func(s staged) staged {
		s.code, s.who = metrics.ExitLoadNotAchieved, metrics.LimitedByVUs
		return s
	}
	return []staged{
		short(staged{why: "a slow target uses up max_vus", plan: openPlan, env: []string{"RATE=100/s", "MAX=20"}, target: []string{"-delay", "500ms"},
			says: []string{"all of its 20 VUs were busy; it would have taken about 5"}}),
		short(staged{why: "a very slow one", plan: openPlan, env: []string{"RATE=20/s", "VUS=2", "MAX=5"}, target: []string{"-delay", "1500ms"},
			says: []string{"it would have taken about 3"}}),
		short(staged{why: "a target that stops for a second", plan: openPlan, env: []string{"MAX=30"}, during: stops(theTarget, 2*time.Second, time.Second, 0, 1)}),
		short(staged{why: "a quota on the target", plan: openPlan, env: []string{"RATE=2000/s", "MAX=20"}, in: func(p *place) { p.target = p.quota(3) }}),
		short(staged{why: "a target that never answers", plan: openPlan + "thresholds: { http_req_failed: rate >= 0% }\n", env: []string{"MAX=20"}, target: []string{"-hang"}}),
	}
}

// targetRuns fail for what the target did.
func targetRuns() []staged {
	failed := func(s staged, says ...string) staged {
		s.code, s.says = metrics.ExitThresholds, says
		return s
	}
	closed := []string{"TARGET=http://127.0.0.1:1", "THINK=10ms"}
	list := []staged{
		failed(staged{why: "nobody listens", plan: closedPlan, env: closed}, "connection refused"),
		failed(staged{why: "nobody listens, for arrivals", plan: openPlan, env: []string{"TARGET=http://127.0.0.1:1"}}, "connection refused"),
		failed(staged{why: "errors", plan: openPlan, target: []string{"-status", "500"}}, "500"),
		failed(staged{why: "closed connections", plan: openPlan, target: []string{"-reset"}}, "reset"),
		failed(staged{why: "no HTTP", plan: openPlan, target: []string{"-garbage"}}, "protocol"),
		failed(staged{why: "no answer in time", plan: closedPlan, target: []string{"-hang"}}, "timeout"),
		failed(staged{why: "slow answers", plan: closedPlan + slowIsWrong, target: []string{"-delay", "200ms"}}, "p95 < 100ms"),
		failed(staged{why: "slow answers to arrivals", plan: openPlan + slowIsWrong, target: []string{"-delay", "200ms"}}, "p95 < 100ms"),
		failed(staged{why: "a quota on a target that is judged", plan: openPlan + slowIsWrong, env: []string{"RATE=1000/s", "MAX=4000"}, in: func(p *place) { p.target = p.quota(1) }}, "p95 < 100ms"),
		failed(staged{why: "a target that stops for a second is seen by those who came then", plan: openPlan + someIsWrong, during: stops(theTarget, 2*time.Second, time.Second, 0, 1)}, "p99 < 100ms"),
	}
	both := failed(staged{why: "a slow target uses up max_vus, and is judged", plan: openPlan + slowIsWrong, env: []string{"RATE=100/s", "MAX=20"}, target: []string{"-delay", "500ms"}}, "p95 < 100ms", "it would have taken about 5")
	both.who = metrics.LimitedByVUs
	return append(list, both)
}

// codeRuns end with each of the exit codes, the gravest where there are several.
func codeRuns() []staged {
	few := func(p *place) { p.runner = descriptors("", 64) }
	many := []string{"VUS=200"}
	interrupted := func(_ *testing.T, s *scenery) {
		select {
		case <-s.over:
		case <-time.After(3 * time.Second):
			_ = s.runner.Signal(syscall.SIGINT)
		}
	}
	return []staged{
		{why: "interrupted", plan: closedPlan, during: interrupted, code: metrics.ExitInterrupted, says: []string{"INTERRUPTED"}},
		{why: "interrupted, and this machine at its limit", plan: closedPlan, env: many, in: few, during: interrupted, code: metrics.ExitInterrupted, who: metrics.LimitedByGenerator, says: []string{"INTERRUPTED", "64 descriptors"}},
		{why: "an abort step at this machine's limit", plan: closedPlan + "  stop: { start: 2s, executor: { type: shared-iterations }, steps: [{ abort: enough }] }\n", env: many, in: few,
			code: metrics.ExitAborted, who: metrics.LimitedByGenerator, says: []string{"ABORTED", "enough", "64 descriptors"}},
		{why: "teardown fails at this machine's limit", plan: closedPlan + "teardown: [{ get: \"http://127.0.0.1:1/\" }]\n", env: many, in: few,
			code: metrics.ExitRunError, who: metrics.LimitedByGenerator, says: []string{"ERROR", "teardown", "64 descriptors"}},
		{why: "teardown fails after an interrupt", plan: closedPlan + "teardown: [{ get: \"http://127.0.0.1:1/\" }]\n", during: interrupted, code: metrics.ExitRunError, says: []string{"ERROR", "interrupted"}},
		{why: "a threshold that stops the run", plan: closedPlan + "thresholds: [{ metric: http_req_failed, that: rate == 0%, abort: true }]\n", target: []string{"-status", "500"}, code: metrics.ExitThresholds, says: []string{"FAIL"}},
	}
}
