package metrics

import "testing"

// What one request contributes to: a row a rule of the measurement.
func TestRequestContributes(t *testing.T) {
	for _, row := range []struct {
		why  string
		q    Request
		want map[string]float64 // metric/aggregate
	}{
		{"an ordinary request", okRequest(0, 1000*ms, 20*ms), map[string]float64{
			"http_reqs/count": 1, "http_req_failed/fails": 1, "http_req_failed/passes": 0, "http_req_duration/max": 20, "http_req_latency/max": 20,
			"http_req_waiting/max": 20, "http_req_blocked/max": 0, "data_sent/count": 10, "data_received/count": 100, "request_errors/count": 0,
			"http_req_dns/count": 0, "http_req_connecting/count": 0, "http_req_tls_handshaking/count": 0,
		}},
		{"the first of an arrival counts from when it was due, not from when it was sent",
			Request{First: true, Last: true, BytesOut: true, Due: 100 * ms, Start: 600 * ms, End: 610 * ms, Waiting: 10 * ms},
			map[string]float64{"http_req_latency/max": 510, "http_req_duration/max": 10}},
		{"any other: blocked + duration",
			Request{Last: true, BytesOut: true, Due: 100 * ms, Start: 600 * ms, End: 660 * ms, Blocked: 45 * ms, DNS: ms, Connecting: 2 * ms, TLS: 3 * ms, Sending: ms, Waiting: 10 * ms, Receiving: 4 * ms, Dialed: true},
			map[string]float64{"http_req_latency/max": 60, "http_req_duration/max": 15, "http_req_blocked/max": 45, "http_req_dns/max": 1, "http_req_connecting/max": 2,
				"http_req_tls_handshaking/max": 3, "http_req_sending/max": 1, "http_req_receiving/max": 4}},
		{"a timeout counts in both with the time until it gave up",
			Request{Class: classTimeout, Last: true, Failed: true, BytesOut: true, Start: 0, End: 500 * ms, Blocked: 20 * ms, Sending: ms},
			map[string]float64{"http_req_latency/max": 500, "http_req_duration/max": 480, "http_req_failed/passes": 1, "request_errors/count": 1, "http_req_waiting/count": 0}},
		{"with no byte sent there is no duration but a latency",
			Request{Class: classTimeout, Last: true, Failed: true, Start: 0, End: 500 * ms, Blocked: 500 * ms},
			map[string]float64{"http_req_latency/max": 500, "http_req_duration/count": 0, "http_req_sending/count": 0, "http_reqs/count": 1}},
		{"one that was in flight at an interrupt counts in http_reqs and request_errors, and in nothing else but bytes",
			Request{Class: classInterrupted, Interrupted: true, Last: true, BytesOut: true, Start: 0, End: 500 * ms, Sent: 7},
			map[string]float64{"http_reqs/count": 1, "request_errors/count": 1, "http_req_failed/passes": 0, "http_req_failed/fails": 0,
				"http_req_latency/count": 0, "http_req_duration/count": 0, "http_req_blocked/count": 0, "data_sent/count": 7}},
		{"a local failure is never in http_req_failed",
			Request{Class: classLocal, Local: true, Last: true, Failed: false, Start: 0, End: ms},
			map[string]float64{"http_reqs/count": 1, "request_errors/count": 1, "http_req_failed/passes": 0, "http_req_failed/fails": 0}},
		{"a hop that is not the last is on the wire, and judged by the last",
			Request{Status: 302, BytesOut: true, Start: 0, End: 10 * ms, Waiting: 10 * ms},
			map[string]float64{"http_reqs/count": 1, "http_req_failed/passes": 0, "http_req_failed/fails": 0, "http_req_duration/max": 10}},
		{"an unexpected status fails the step and is no error below HTTP",
			Request{Status: 500, Last: true, Unexpected: true, Failed: true, BytesOut: true, Start: 0, End: 10 * ms, Waiting: 10 * ms},
			map[string]float64{"http_reqs/count": 1, "http_req_failed/passes": 1, "request_errors/count": 0, "http_req_duration/max": 10}},
		{"clocks read in another order must not make negative times",
			Request{Last: true, BytesOut: true, First: true, Due: 10 * ms, Start: 9 * ms, End: 9 * ms},
			map[string]float64{"http_req_latency/min": 0}},
		{"a sample of setup is in no number", Request{Step: 3, Last: true, BytesOut: true, End: ms, Waiting: ms},
			map[string]float64{"http_reqs/count": 0, "http_req_failed/fails": 0}},
	} {
		b := newBench(t, shopLayout(), nil)
		b.Shard(1).Request(&row.q)
		b.finish(2000 * ms)
		checkAggregates(t, b, row.why, row.want)
	}
}

func TestIterationContributes(t *testing.T) {
	for _, row := range []struct {
		why  string
		it   Iteration
		want map[string]float64
	}{
		{"an arrival on time", Iteration{Open: true, Due: 100 * ms, Free: 0, Start: 101 * ms, End: 151 * ms, Think: 20 * ms}, map[string]float64{
			"iterations/count": 1, "iterations_failed/rate": 0, "iteration_duration/max": 50, "iteration_latency/max": 31, "start_lag/max": 1, "vu_wait/max": 0,
		}},
		{"an arrival that waited for a VU: the wait is the plan's, the lag is ours",
			Iteration{Open: true, Due: 100 * ms, Free: 300 * ms, Start: 302 * ms, End: 352 * ms},
			map[string]float64{"iteration_duration/max": 50, "iteration_latency/max": 252, "start_lag/max": 2, "vu_wait/max": 200}},
		{"an interrupted one is counted as such; its age enters the latency, and its start was what it was",
			Iteration{Open: true, Due: 100 * ms, Start: 101 * ms, End: 601 * ms, Interrupted: true, Cause: CauseError},
			map[string]float64{"iterations/count": 0, "iterations_interrupted/count": 1, "iterations_failed/passes": 0, "iterations_failed/fails": 0,
				"iteration_duration/count": 0, "iteration_latency/max": 501, "start_lag/max": 1}},
		{"a failed one has ended, too", Iteration{Open: true, Due: 0, Start: 0, End: 10 * ms, Cause: CauseValue},
			map[string]float64{"iterations/count": 1, "iterations_failed/passes": 1, "iterations_failed/fails": 0, "iteration_duration/max": 10}},
		{"a closed VU's first iteration has a lag", Iteration{Scenario: 1, FirstOfVU: true, Due: 100 * ms, Start: 103 * ms, End: 110 * ms},
			map[string]float64{"start_lag/max": 3, "vu_wait/count": 0, "iteration_latency/max": 10}},
		{"its later ones have none, and count from their start", Iteration{Scenario: 1, Due: 0, Start: 103 * ms, End: 110 * ms},
			map[string]float64{"start_lag/count": 0, "iteration_latency/max": 7, "iteration_duration/max": 7}},
	} {
		b := newBench(t, shopLayout(), nil)
		b.Shard(1).Iteration(&row.it)
		b.finish(2000 * ms)
		checkAggregates(t, b, row.why, row.want)
	}
}

// checkAggregates compares metric/aggregate pairs of the totals.
func checkAggregates(t *testing.T, b *bench, why string, want map[string]float64) {
	t.Helper()
	for name, value := range want {
		metric, aggregate, _ := cut(name, "/")
		if got := b.aggregate(t, metric, "", "", aggregate); got != value {
			t.Errorf("%s: %s = %v, want %v", why, name, got, value)
		}
	}
}

func TestOtherSamplesContribute(t *testing.T) {
	b := newBench(t, shopLayout(), nil)
	s := b.Shard(7)
	s.Check(0, Moment{Stage: 1}, true)
	s.Check(0, Moment{Stage: 1}, false)
	s.Check(2, Moment{}, true)
	s.Group(0, Moment{Stage: 1}, 10*ms, 35*ms)
	s.Emit(0, Moment{Stage: 1}, 2.5)
	s.Emit(1, Moment{}, 1)
	b.now.Store(5 * ms)
	s.Emit(2, Moment{Stage: 1}, 7)
	b.now.Store(6 * ms)
	s.Emit(3, Moment{}, 3)
	s.Emit(4, Moment{Stage: 1}, 1)
	s.Emit(4, Moment{Stage: 1}, 0)
	s.Emit(6, Moment{Stage: 1}, 512)
	b.Dropped(0, 1, 2, 700*ms, "vus")
	b.Dropped(0, 1, 2, 710*ms, "end")
	b.VUs(0, 3, 4)
	b.VUs(1, 2, 2)
	b.VUs(0, 1, 4)
	b.finish(1500 * ms)
	checkAggregates(t, b, "samples", map[string]float64{
		"checks/passes": 2, "checks/fails": 1, "group_duration/max": 25, "carts/count": 3.5, "depth/value": 3, "depth/min": 3, "depth/max": 7,
		"cached/rate": 0.5, "size/p95": 512, "dropped_iterations/count": 2, "vus/value": 3, "vus/max": 5, "vus_max/value": 6,
	})
	if got := b.aggregate(t, "checks", "step", "list", "passes"); got != 2 {
		t.Errorf("checks of both steps named list: %v", got)
	}
	if got := b.aggregate(t, "vus", "scenario", "buy", "max"); got != 3 {
		t.Errorf("VUs of a scenario: %v", got)
	}
}

// Steps whose statuses explode keep exact totals.
func TestStatusesAreBounded(t *testing.T) {
	var s Statuses
	for code := range int16(40) {
		s.add(200+code, 2)
	}
	var again Statuses
	again.merge(&s)
	var total int64
	for _, n := range again.Counts {
		total += n
	}
	if again.Used != maxStatuses || total+again.Other != 80 {
		t.Errorf("%d statuses, %d in all", again.Used, total+again.Other)
	}
}
