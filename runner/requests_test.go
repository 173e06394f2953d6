package runner_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestWhatVariesIsEvaluatedEachTime holds that nothing which depends on the iteration is frozen for the run.
func TestWhatVariesIsEvaluatedEachTime(t *testing.T) {
	s := newTarget(t, empty)
	want(t, runPlan(t, s, `
http: { base_url: "${env.BASE}/tenant-${iteration.n}", timeout: 5s }
scenarios:
  one:
    executor: { type: per-vu-iterations, iterations: 2 }
    steps:
      - get: /a
        capture: { id: { from: json("nope"), default: "${iteration.n + 10}" }, whole: { from: json("nope"), default: "${body}" } }
      - get: /b/${id}
        query: { all: "${whole}" }
`, nil), 0)
	expected := []string{"GET /tenant-0/a ", "GET /tenant-0/b/10?all=%7B%7D ", "GET /tenant-1/a ", "GET /tenant-1/b/11?all=%7B%7D "}
	if got := s.sent(); !slices.Equal(got, expected) {
		t.Errorf("sent\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(expected, "\n"))
	}
}

// TestCookiesAreOneHeader: a step's own cookies and those of the jar go out in one Cookie header.
func TestCookiesAreOneHeader(t *testing.T) {
	got := make(chan []string, 2)
	s := newTarget(t, func(w http.ResponseWriter, r *http.Request) {
		got <- r.Header.Values("Cookie")
		http.SetCookie(w, &http.Cookie{Name: "jar", Value: "1", Path: "/"})
	})
	want(t, runPlan(t, s, `
scenarios:
  one:
    executor: { type: per-vu-iterations }
    steps:
      - { get: /, headers: { Cookie: own=2 } }
      - { get: /, headers: { Cookie: own=2 } }
`, nil), 0)
	for _, expected := range []string{"own=2", "own=2; jar=1"} {
		if values := <-got; !slices.Equal(values, []string{expected}) {
			t.Errorf("Cookie headers %q, want %q", values, expected)
		}
	}
}

// TestErrorsAreReadable holds that the message of an error has the text of the reply, whatever its encoding.
func TestErrorsAreReadable(t *testing.T) {
	s := newTarget(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(http.StatusTeapot)
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, "short and stout")
		_ = z.Close()
	})
	r := runPlan(t, s, `
scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ get: /, check: ['body != ""'] }] } }
`, nil)
	want(t, r, 99)
	if len(r.Errors) != 1 || !strings.HasSuffix(r.Errors[0].Samples[0].Message, ": short and stout") {
		t.Errorf("errors %+v", r.Errors)
	}
}

// TestARedirectThatLeadsNowhereKeepsItsStatus: the response came, and counts under its status.
func TestARedirectThatLeadsNowhereKeepsItsStatus(t *testing.T) {
	s := newTarget(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "gopher://elsewhere/")
		w.WriteHeader(http.StatusFound)
	})
	r := runPlan(t, s, `
scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ get: / }] } }
thresholds: { "http_reqs{status=302}": count == 1, "request_errors{class=redirect}": count == 1, http_req_failed: rate == 100% }
`, nil)
	want(t, r, 0)
}

// TestAnInterruptBetweenHopsIsNoRequest: what the client refused to begin was not on the wire, and is not counted.
func TestAnInterruptBetweenHopsIsNoRequest(t *testing.T) {
	s := newTarget(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/again", http.StatusFound)
	})
	r := runPlan(t, s, `
http: { base_url: "${env.BASE}", timeout: 5s, redirects: 1000 }
scenarios: { one: { executor: { type: constant-vus, vus: 20, duration: 100ms }, graceful_stop: 0s, steps: [{ get: / }] } }
`, nil)
	if got := int(metric(t, r, "http_reqs", nil, "count")); got < s.total() {
		t.Errorf("%d requests recorded, the server counted %d", got, s.total())
	} else if inFlight := got - s.total(); inFlight > 20 {
		t.Errorf("%d requests more than the server saw", inFlight)
	}
	if n := metric(t, r, "iterations_interrupted", nil, "count"); n != 20 {
		t.Errorf("%v iterations interrupted, want all 20", n)
	}
}

// TestThresholdsOfSetupAreRefused: they could never be judged, and silence would look like a pass.
func TestThresholdsOfSetupAreRefused(t *testing.T) {
	for _, phase := range []string{"setup", "teardown"} {
		_, problems := tryCompile(write(t, phase+`: [{ get: http://localhost/, thresholds: p95 < 1s }]
scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ get: http://localhost/ }] } }
`, nil), nil)
		if len(problems) != 1 || !strings.Contains(problems.Error(), phase+" judges nothing") {
			t.Errorf("%s: problems %v", phase, problems)
		}
	}
}

// TestScenariosFollowEachOther holds the times of after and start: start counts from the end of what it comes after.
func TestScenariosFollowEachOther(t *testing.T) {
	var first, second time.Time
	s := newTarget(t, func(_ http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/first":
			first = time.Now()
		case "/second":
			second = time.Now()
		}
	})
	r := runPlan(t, s, `
scenarios:
  second: { after: first, start: 200ms, executor: { type: per-vu-iterations }, steps: [{ get: /second }] }
  first: { executor: { type: per-vu-iterations }, steps: [{ get: /first }] }
`, nil)
	want(t, r, 0)
	if d := second.Sub(first); d < 200*time.Millisecond {
		t.Errorf("the second scenario began %s after the first, want at least 200ms", d)
	}
}

// TestClassesAndCounts holds MEASUREMENT's equation: http_reqs is the server's own count and what never reached it.
func TestClassesAndCounts(t *testing.T) {
	dead := newTarget(t, nil)
	dead.Close()
	s := newTarget(t, empty)
	r := runPlan(t, s, fmt.Sprintf(`
scenarios:
  one:
    executor: { type: per-vu-iterations, vus: 2, iterations: 3 }
    steps: [{ get: / }, { get: "%s/dead" }, { get: "http://name.invalid/dns" }, { get: "https://${split(env.BASE, '//')[1]}/tls" }]
`, dead.URL), nil)
	want(t, r, 99)
	if n := metric(t, r, "http_reqs", nil, "count"); n != 24 || s.total() != 6 {
		t.Errorf("%v requests, %d at the server; want 24 and 6", n, s.total())
	}
	if n := metric(t, r, "http_req_failed", nil, "passes"); n != 18 {
		t.Errorf("%v failed, want 18", n)
	}
	if n := metric(t, r, "http_req_duration", nil, "count"); n != 6 {
		t.Errorf("%v durations, want those of the 6 requests that were sent", n)
	}
	if n := metric(t, r, "http_req_latency", nil, "count"); n != 24 {
		t.Errorf("%v latencies, want 24", n)
	}
	classes := map[string]int64{}
	for _, e := range r.Errors {
		classes[e.Class] += e.Count
	}
	for _, class := range []string{"dial", "dns", "tls"} {
		if classes[class] != 6 {
			t.Errorf("%d errors of class %s, want 6: %v", classes[class], class, classes)
		}
	}
}
