package runner_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"runner/runner/metrics"
)

// empty answers with an empty JSON object.
func empty(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, `{}`)
}

func TestEveryExecutorSendsWhatItRecords(t *testing.T) {
	for name, c := range map[string]struct {
		executor string
		requests int // -1: as many as fit in
	}{
		"constant-vus":          {"{ type: constant-vus, vus: 3, duration: 300ms }", -1},
		"ramping-vus":           {"{ type: ramping-vus, stages: [{ duration: 200ms, target: 4 }, { duration: 100ms, target: 0 }] }", -1},
		"per-vu-iterations":     {"{ type: per-vu-iterations, vus: 3, iterations: 5 }", 15},
		"shared-iterations":     {"{ type: shared-iterations, vus: 4, iterations: 10 }", 10},
		"constant-arrival-rate": {"{ type: constant-arrival-rate, rate: 50/s, duration: 400ms, vus: 5, max_vus: 20 }", 20},
		"ramping-arrival-rate":  {"{ type: ramping-arrival-rate, start_rate: 0/s, stages: [{ duration: 1s, target: 40/s }], vus: 5, max_vus: 20 }", 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTarget(t, empty)
			r := runPlan(t, s, "scenarios: { load: { executor: "+c.executor+", steps: [{ get: /x }] } }\n", nil)
			got := int(metric(t, r, "http_reqs", nil, "count"))
			if got != s.total() {
				t.Errorf("recorded %d requests, the server counted %d", got, s.total())
			}
			if c.requests >= 0 && got != c.requests {
				t.Errorf("%d requests, want %d", got, c.requests)
			}
			if got == 0 {
				t.Error("nothing was sent")
			}
			if n := int(metric(t, r, "iterations", nil, "count")); n != got {
				t.Errorf("%d iterations of one request each, %d requests", n, got)
			}
		})
	}
}

func TestWhatAStepSends(t *testing.T) {
	s := newTarget(t, empty)
	r := runPlan(t, s, `
vars: { text: "a b", n: 7, list: [1, 2], nothing: null }
generators: { who: { name: "${vars.text}", n: "${vars.n}" } }
scenarios:
  one:
    executor: { type: shared-iterations, iterations: 1 }
    steps:
      - get: /q?x=1
        query: { a: "${vars.text}", b: 1.10, gone: "${vars.nothing}", many: "${vars.list}" }
      - post: /json
        json: { s: "1", n: 1, f: 1.5, yes: true, none: null, typed: "${vars.n}", mixed: "n=${vars.n}", who: "${gen.who}", quote: 'a"b' }
      - put: /form
        form: { a: "x y&z", b: 1.10 }
      - patch: /raw
        body: "line ${vars.n}"
      - delete: /users/${vars.n}
      - head: /h
      - options: /o
      - request: REPORT /r
      - get: /${vars.text}/ü#fragment
`, nil)
	want(t, r, 0)
	expected := []string{
		`GET /q?x=1&a=a+b&b=1.10&many=1&many=2 `,
		`POST /json {"s":"1","n":1,"f":1.5,"yes":true,"none":null,"typed":7,"mixed":"n=7","who":{"n":7,"name":"a b"},"quote":"a\"b"}`,
		`PUT /form a=x+y%26z&b=1.10`,
		`PATCH /raw line 7`,
		`DELETE /users/7 `,
		`HEAD /h `,
		`OPTIONS /o `,
		`REPORT /r `,
		`GET /a%20b/%C3%BC `,
	}
	if got := s.sent(); !slices.Equal(got, expected) {
		t.Errorf("sent\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(expected, "\n"))
	}
	for _, name := range []string{"GET /q", "DELETE /users/{vars.n}", "REPORT /r"} {
		if n := metric(t, r, "http_reqs", map[string]string{"step": name}, "count"); n != 1 {
			t.Errorf("series %q has %v requests, want 1", name, n)
		}
	}
}

func TestHeaders(t *testing.T) {
	got := make(chan http.Header, 1)
	s := newTarget(t, func(_ http.ResponseWriter, r *http.Request) { got <- r.Header })
	r := runPlan(t, s, `
http: { base_url: "${env.BASE}", headers: { X-All: plan, authorization: "Bearer ${env.TOKEN}" } }
scenarios:
  one:
    executor: { type: shared-iterations, iterations: 1 }
    http: { headers: { x-all: scenario, X-Version: 1.10 } }
    steps:
      - post: /
        json: { a: 1 }
        headers: { X-All: step, X-Sum: "${sha256(request.body)}" }
`, nil)
	want(t, r, 0)
	h := <-got
	for name, value := range map[string]string{
		"X-All": "step", "X-Version": "1.10", "Authorization": "Bearer a-secret-token", "Content-Type": "application/json",
		"User-Agent": "runner", "X-Sum": "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862",
	} {
		if h.Get(name) != value {
			t.Errorf("%s is %q, want %q", name, h.Get(name), value)
		}
	}
	if text, _ := json.Marshal(r); strings.Contains(string(text), "a-secret-token") {
		t.Error("the result shows the secret")
	}
}

func TestCapturesAndChecks(t *testing.T) {
	s := newTarget(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"id":"x1","path":%q,"n":3}`, r.URL.Path)
	})
	r := runPlan(t, s, `
scenarios:
  one:
    executor: { type: shared-iterations, iterations: 4, vus: 2 }
    steps:
      - get: /first
        check: { right: status == 200, wrong: json("n") == 4 }
        capture: { id: json("id") }
      - get: /second/${id}
        check: ['json("path") == "/second/" + id']
        capture: { missing: { from: json("nope"), default: none } }
      - set: { doubled: "${response.status * 2}" }
      - if: doubled == 400 && missing == "none"
        then: [{ get: /third }]
        else: [{ get: /never }]
`, nil)
	want(t, r, 99) // one check is wrong
	if s.count("GET /second/x1") != 4 || s.count("GET /third") != 4 {
		t.Errorf("the server saw %v", s.sent())
	}
	if len(r.Checks) != 3 || r.Checks[0].Passes != 4 || r.Checks[1].Fails != 4 || r.Checks[2].Passes != 4 {
		t.Errorf("checks %+v", r.Checks)
	}
}

func TestHowIterationsFail(t *testing.T) {
	for name, c := range map[string]struct {
		step, cause string
		code        int
		second      bool // the step after it ran
	}{
		"an unexpected status is counted, and the iteration goes on": {"{ get: /500 }", "", 99, true},
		"expect makes it a success":                                  {"{ get: /500, expect: 5xx }", "", 0, true},
		"a false check is counted, and the iteration goes on":        {"{ get: /, check: [status == 201] }", "", 99, true},
		"on_failure ends the iteration":                              {"{ get: /500, on_failure: next_iteration }", "request", 99, false},
		"on_failure after a false check":                             {"{ get: /, check: [status == 201], on_failure: next_iteration }", "check", 99, false},
		"a capture that finds nothing":                               {`{ get: /, capture: { a: 'json("b")' } }`, "value", 99, false},
		"the same after a request that failed":                       {`{ get: /500, capture: { a: 'json("b")' } }`, "request", 99, false},
		"a check without a value":                                    {`{ get: /text, check: ['json("a") == 1'] }`, "value", 99, false},
		"types that can't be compared":                               {`{ get: /, check: ['json("a") == "1"'] }`, "value", 99, false},
		"a fail step":                                                {"{ fail: enough }", "fail", 99, false},
		"a stop step is a good end":                                  {"{ stop: enough }", "", 0, false},
		"an abort step ends the run":                                 {"{ abort: enough }", "", 108, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTarget(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/500":
					w.WriteHeader(http.StatusInternalServerError)
				case "/text":
					fmt.Fprint(w, "no json")
					return
				}
				fmt.Fprint(w, `{"a":1}`)
			})
			r := runPlan(t, s, "scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ get: /before }, "+c.step+", { get: /second }] } }\n", nil)
			want(t, r, c.code)
			if ran := s.count("GET /second") > 0; ran != c.second {
				t.Errorf("the next step ran: %v, want %v", ran, c.second)
			}
			failed := metric(t, r, "iterations_failed", nil, "passes")
			if (failed > 0) != (c.cause != "") {
				t.Errorf("%v iterations failed, want cause %q", failed, c.cause)
			}
			if c.cause != "" && !slices.ContainsFunc(r.Errors, func(e metrics.ErrorResult) bool { return e.Class == c.cause }) {
				t.Errorf("errors %+v do not have %q", r.Errors, c.cause)
			}
		})
	}
}

func TestRedirectsAreSamples(t *testing.T) {
	s := newTarget(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/a":
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "a", Path: "/"})
			http.Redirect(w, r, "/b?x=1", http.StatusFound)
		case "/b":
			http.Redirect(w, r, "c", http.StatusTemporaryRedirect)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		default:
			c, _ := r.Cookie("seen")
			fmt.Fprintf(w, `{"cookie":%q}`, c)
		}
	})
	r := runPlan(t, s, `
scenarios:
  one:
    executor: { type: per-vu-iterations, iterations: 2 }
    steps:
      - post: /a
        json: { x: 1 }
        check: [status == 200, 'json("cookie") == "seen=a"', 'url endsWith "/c"']
      - { get: /a, name: not followed, redirects: 0, check: [status == 302] }
      - { get: /loop, redirects: 3 }
`, nil)
	want(t, r, 99)
	if got := int(metric(t, r, "http_reqs", nil, "count")); got != s.total() || got != 2*(3+1+4) {
		t.Errorf("%d samples, %d requests on the wire, want 16", got, s.total())
	}
	if n := metric(t, r, "http_req_failed", nil, "passes"); n != 2 {
		t.Errorf("%v failed requests, want the two loops", n)
	}
	if s.count("GET /b") != 2 {
		t.Errorf("a POST that is redirected with 302 becomes a GET: %v", s.sent())
	}
	var cookies int
	for _, line := range s.sent() {
		if strings.HasPrefix(line, "POST /a") {
			cookies++
		}
	}
	if cookies != 2 {
		t.Errorf("%d POST /a, want 2", cookies)
	}
}

func TestCookiesAreAnIterationsOwn(t *testing.T) {
	s := newTarget(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/login" {
			http.SetCookie(w, &http.Cookie{Name: "login", Value: "yes", Path: "/"})
			return
		}
		var names []string
		for _, c := range r.Cookies() {
			names = append(names, c.Name)
		}
		slices.Sort(names)
		http.SetCookie(w, &http.Cookie{Name: "visit", Value: "1", Path: "/"})
		fmt.Fprintf(w, `{"cookies":%q}`, strings.Join(names, ","))
	})
	r := runPlan(t, s, `
scenarios:
  one:
    executor: { type: per-vu-iterations, iterations: 2 }
    init: [{ post: /login }]
    steps:
      - { get: /, name: first, check: ['json("cookies") == "login"'] }
      - { get: /, name: second, check: ['json("cookies") == "login,visit"'] }
`, nil)
	want(t, r, 0)
}

func TestSetupAndTeardown(t *testing.T) {
	for name, c := range map[string]struct {
		setup, teardown string
		code            int
		load, after     bool
	}{
		"what setup captures is read":             {`{ post: /setup, capture: { key: 'json("id")' } }`, `{ get: "/teardown/${setup.key}", check: ["metrics.http_reqs == 1"] }`, 0, true, true},
		"an unexpected status in setup":           {`{ get: /500 }`, `{ get: /teardown/s1 }`, 107, false, true},
		"a false check in setup":                  {`{ get: /, check: [status == 201] }`, `{ get: /teardown/s1 }`, 107, false, true},
		"a fail step in setup":                    {`{ fail: not today }`, `{ get: /teardown/s1 }`, 107, false, true},
		"an abort step in setup":                  {`{ abort: not today }`, `{ get: /teardown/s1 }`, 108, false, true},
		"a false check in teardown":               {`{ get: / }`, `{ get: /teardown/s1, check: [status == 201] }`, 107, true, true},
		"requests there are not in the totals":    {`{ get: / }`, `{ get: /teardown/s1, check: ["metrics.http_reqs == 1"] }`, 0, true, true},
		"teardown compares with what was counted": {`{ get: / }`, `{ get: /teardown/s1, check: ["metrics.iterations == 1 && metrics.bought == 2"] }`, 0, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newTarget(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/500" {
					w.WriteHeader(http.StatusInternalServerError)
				}
				fmt.Fprint(w, `{"id":"s1"}`)
			})
			r := runPlan(t, s, "setup: ["+c.setup+"]\nteardown: ["+c.teardown+`]
metrics: { bought: { type: counter } }
scenarios: { one: { executor: { type: per-vu-iterations }, steps: [{ get: /load }, { emit: { bought: 2 } }] } }
`, nil)
			want(t, r, c.code)
			if (s.count("GET /load") > 0) != c.load || (s.count("GET /teardown/s1") > 0) != c.after {
				t.Errorf("the server saw %v", s.sent())
			}
			if n := metric(t, r, "http_reqs", nil, "count"); int(n) != s.count("GET /load") {
				t.Errorf("%v requests in the totals, want those of the load alone", n)
			}
		})
	}
}

func TestInterruptKeepsWhatWasMeasured(t *testing.T) {
	s := newTarget(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			select {
			case <-r.Context().Done():
			case <-time.After(50 * time.Second):
			}
		}
	})
	// The slow ones begin when the fast ones have ended: what the server has seen of those is not under way any more.
	p := compile(t, write(t, whole(`http: { base_url: "${env.BASE}", timeout: 60s }
teardown: [{ get: /teardown }]
scenarios:
  fast: { executor: { type: per-vu-iterations, iterations: 3 }, steps: [{ get: /fast }] }
  slow: { after: fast, executor: { type: constant-vus, vus: 2, duration: 60s }, steps: [{ get: /slow }] }
`), nil), environment(s))
	ctx, cancel := context.WithCancel(context.Background())
	var at time.Time
	go func() {
		for s.count("GET /slow") < 2 {
			time.Sleep(time.Millisecond)
		}
		at = time.Now()
		cancel()
	}()
	r := run(t, ctx, p)
	want(t, r, 105)
	if d := time.Since(at); d > 10*time.Second {
		t.Errorf("it took %s to end", d)
	}
	if s.count("GET /teardown") != 1 {
		t.Error("teardown did not run")
	}
	if n := metric(t, r, "http_reqs", nil, "count"); n != 5 {
		t.Errorf("%v requests recorded, want 3 that ended and 2 in flight", n)
	}
	if n := metric(t, r, "iterations_interrupted", nil, "count"); n != 2 {
		t.Errorf("%v iterations interrupted, want 2", n)
	}
	if n := metric(t, r, "http_req_failed", nil, "passes"); n != 0 {
		t.Errorf("%v failed requests: what was in flight did not fail", n)
	}
}

func TestFailuresHaveAClass(t *testing.T) {
	dead := newTarget(t, nil)
	dead.Close()
	s := newTarget(t, func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		switch r.URL.Path {
		case "/garbage":
			fmt.Fprint(conn, "what is this?\r\n\r\n")
		case "/stall":
			time.Sleep(500 * time.Millisecond)
		case "/short":
			fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
		case "/large":
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n%s", strings.Repeat("x", 5000))
		}
	})
	r := runPlan(t, s, `
vars: { dead: "`+dead.URL+`" }
http: { base_url: "${env.BASE}", timeout: 5s, max_body: 1KiB }
scenarios:
  one:
    executor: { type: per-vu-iterations }
    steps:
      - { get: /close }
      - { get: /garbage }
      - { get: /short }
      - { get: /stall, timeout: 100ms }
      - { get: /large, check: ['body != ""'] }
      - { get: "${vars.dead}/x" }
      - { get: http://name.invalid/ }
`, nil)
	want(t, r, 99)
	got := map[string]string{}
	for _, e := range r.Errors {
		got[e.Step] = e.Class
	}
	for step, class := range map[string]string{
		"GET /close": "reset", "GET /garbage": "protocol", "GET /short": "reset", "GET /stall": "timeout",
		"GET /large": "body_too_large", "GET /x": "dial", "GET /": "dns",
	} {
		if got[step] != class {
			t.Errorf("%s: class %q, want %q", step, got[step], class)
		}
	}
}
