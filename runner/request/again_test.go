package request_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"runner/runner/vu"
	"runner/runner/vu/vutest"
)

// changing answers each request with the next reply, the last one for good, and notes when requests came.
type changing struct {
	server
	replies []string // as those of server; "": a reply that is no HTTP
	begin   time.Time
	at      []time.Duration
}

func (c *changing) answer(dst, request []byte) []byte {
	reply := c.replies[min(len(c.at), len(c.replies)-1)]
	c.at = append(c.at, time.Since(c.begin))
	if reply == "" {
		c.sent = append(c.sent, string(request))
		return append(dst, "nonsense\r\n\r\n"...)
	}
	path := strings.Fields(string(request))[1]
	c.server.replies = map[string]string{path: reply}
	return c.server.answer(dst, request)
}

// tried runs one iteration of a step against changing replies.
func tried(t *testing.T, c *changing, step string, look func(w *vutest.World, going bool)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c.begin = time.Now()
		w := inMemory(t, scenario("      - "+step), c.answer)
		look(w, w.VU(t, 1).Iterate(vu.Iteration{}))
	})
}

const (
	good = "200\n\n{\"state\": \"done\"}"
	busy = "200\n\n{\"state\": \"busy\"}"
	down = "503\n\nsorry"
)

func TestRetry(t *testing.T) {
	type times = []time.Duration
	const ms = time.Millisecond
	for _, c := range []struct {
		why     string
		replies []string
		retry   string
		at      times // when attempts were made
		failed  float64
	}{
		{"what works is not repeated", []string{good}, "{ attempts: 3 }", times{0}, 0},
		{"whatever fails is, and the last one counts", []string{down, "", good}, "{ attempts: 3 }", times{0, 100 * ms, 300 * ms}, 0},
		{"as often as attempts say", []string{down}, "{ attempts: 3 }", times{0, 100 * ms, 300 * ms}, 1},
		{"waits double", []string{down}, "{ attempts: 5, delay: 1s }", times{0, 1000 * ms, 3000 * ms, 7000 * ms, 15000 * ms}, 1},
		{"up to the longest", []string{down}, "{ attempts: 5, delay: 1s, max_delay: 3s }", times{0, 1000 * ms, 3000 * ms, 6000 * ms, 9000 * ms}, 1},
		{"or stay as they are", []string{down}, "{ attempts: 4, delay: 1s, backoff: constant }", times{0, 1000 * ms, 2000 * ms, 3000 * ms}, 1},
		{"a wait of nothing", []string{down}, "{ attempts: 3, delay: 0s }", times{0, 0, 0}, 1},
		{"only the statuses that are named", []string{down, "429\n\n", good}, "{ attempts: 3, on: 5xx }", times{0, 100 * ms}, 1},
		{"a class that is named", []string{"", "", good}, "{ attempts: 3, on: [protocol, 429] }", times{0, 100 * ms, 300 * ms}, 0},
		{"a class that is not", []string{""}, "{ attempts: 3, on: [timeout] }", times{0}, 1},
		{"an expression of the response", []string{busy, good}, `{ attempts: 3, if: 'json("state") == "busy"' }`, times{0, 100 * ms}, 0},
		{"an expression without a value is no reason", []string{"200\n\n{}"}, `{ attempts: 3, if: 'json("state") == "busy"' }`, times{0}, 0},
		{"or a status beside it", []string{down, busy, good}, `{ attempts: 3, on: 503, if: 'json("state") == "busy"' }`, times{0, 100 * ms, 300 * ms}, 0},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := &changing{replies: c.replies}
			tried(t, s, "get: /x\n        retry: "+c.retry, func(w *vutest.World, going bool) {
				if !slices.Equal(s.at, c.at) {
					t.Errorf("sent at %v, want %v", s.at, c.at)
				}
				cut := w.Cut()
				reqs, judged := w.Value(cut, "http_reqs", "", "", "count"), w.Value(cut, "http_req_failed", "", "", "passes")+w.Value(cut, "http_req_failed", "", "", "fails")
				if n := w.Value(cut, "http_req_failed", "", "", "passes"); n != c.failed || int(reqs) != len(c.at) || judged != 1 {
					t.Errorf("%v samples, %v judged, %v failed; want %d, 1, %v", reqs, judged, n, len(c.at), c.failed)
				}
			})
		})
	}
}

func TestRetryWithJitter(t *testing.T) {
	s := &changing{replies: []string{down}}
	tried(t, s, "get: /x\n        retry: { attempts: 50, delay: 1s, backoff: constant, jitter: 50% }", func(*vutest.World, bool) {
		seen := map[time.Duration]bool{}
		for i := 1; i < len(s.at); i++ {
			d := s.at[i] - s.at[i-1]
			seen[d] = true
			if d < time.Second/2 || d > time.Second {
				t.Errorf("waited %v, want 500ms to 1s", d)
			}
		}
		if len(seen) < 40 {
			t.Errorf("%d different waits of 49", len(seen))
		}
	})
}

// An attempt is the same request, with the same drawn values and the address it had before redirects.
func TestRetrySendsTheSame(t *testing.T) {
	s := &changing{replies: []string{"307\nLocation: /moved\n\n", down, good}}
	tried(t, s, "post: /x\n        headers: { Key: '${uuid()}' }\n        json: { n: '${rand_int(1, 1000000)}' }\n        retry: { attempts: 2 }", func(*vutest.World, bool) {
		if got := s.lines(); !slices.Equal(got, []string{"POST /x", "POST /moved", "POST /x"}) {
			t.Fatalf("sent %v", got)
		}
		if s.sent[0] != s.sent[2] {
			t.Errorf("the second attempt was\n%s\nafter\n%s", s.sent[2], s.sent[0])
		}
	})
}

func TestUntil(t *testing.T) {
	const step = "get: /x\n        until: json(\"state\") == \"done\"\n        every: 2s\n        timeout: 5s\n        capture: { state: 'json(\"state\")' }\n      - log: ${state}"
	for _, c := range []struct {
		why     string
		replies []string
		at      []time.Duration
		failed  float64
		message string // of the failed iteration
	}{
		{"it is so at once", []string{good}, []time.Duration{0}, 0, ""},
		{"it becomes so", []string{busy, busy, good}, []time.Duration{0, 2 * time.Second, 4 * time.Second}, 0, ""},
		{"an error page is an answer that may change", []string{"404\n\n", down, good}, []time.Duration{0, 2 * time.Second, 4 * time.Second}, 0, ""},
		{"so is no answer at all", []string{"", good}, []time.Duration{0, 2 * time.Second}, 0, ""},
		{"it does not become so", []string{busy}, []time.Duration{0, 2 * time.Second, 4 * time.Second}, 0, `until json("state") == "done": not so within 5s, in 3 polls; the last brought status 200`},
		{"and the last answer says why", []string{"404\n\n{}"}, []time.Duration{0, 2 * time.Second, 4 * time.Second}, 1, `the last brought status 404 (`},
		{"or that there was none", []string{""}, []time.Duration{0, 2 * time.Second, 4 * time.Second}, 1, `the last brought no response`},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := &changing{replies: c.replies}
			tried(t, s, step, func(w *vutest.World, going bool) {
				if !slices.Equal(s.at, c.at) {
					t.Errorf("polled at %v, want %v", s.at, c.at)
				}
				cut := w.Cut()
				if n := w.Value(cut, "http_req_failed", "", "", "passes"); n != c.failed || w.Value(cut, "http_reqs", "", "", "count") != float64(len(c.at)) {
					t.Errorf("%v failed, want %v; %v samples", n, c.failed, w.Value(cut, "http_reqs", "", "", "count"))
				}
				ended := w.Value(cut, "iterations_failed", "cause", "error", "passes")
				if want := map[bool]float64{true: 1, false: 0}[c.message != ""]; ended != want {
					t.Errorf("%v iterations failed, want %v", ended, want)
				}
				if lines := w.Lines(); c.message == "" && !slices.Equal(lines, []string{"done"}) || c.message != "" && len(lines) > 0 {
					t.Errorf("after it: %v", lines)
				}
				if c.message == "" {
					return
				}
				if err := w.VU(t, 2).Once(0); err == nil || !strings.Contains(err.Error(), c.message) {
					t.Errorf("the failure says %v, want %s", err, c.message)
				}
			})
		})
	}
}

func TestUntilAsksOnFailure(t *testing.T) {
	s := &changing{replies: []string{busy}}
	tried(t, s, "get: /x\n        until: json(\"state\") == \"done\"\n        timeout: 1s\n        on_failure: abort", func(w *vutest.World, going bool) {
		if a := w.Aborts(); going || len(a) != 1 || !strings.Contains(a[0], "until json") {
			t.Errorf("going on: %v, aborts %q", going, a)
		}
	})
}

func TestInterruptedPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &changing{replies: []string{busy}, begin: time.Now()}
		w := inMemory(t, scenario("      - get: /x\n        until: status == 201\n        timeout: 1h"), s.answer)
		v := w.VU(t, 1)
		time.AfterFunc(1500*time.Millisecond, v.Interrupt)
		if v.Iterate(vu.Iteration{}) || time.Since(s.begin) != 1500*time.Millisecond {
			t.Errorf("went on for %v", time.Since(s.begin))
		}
		if n := w.Value(w.Cut(), "iterations_interrupted", "", "", "count"); n != 1 {
			t.Errorf("%v interrupted", n)
		}
	})
}

func TestWrongOn(t *testing.T) {
	for on, hint := range map[string]string{"timeot": `did you mean "timeout"?`, "600": "a status such as", "interrupted": "a status such as"} {
		_, problems := vutest.Try(t, scenario("      - get: /x\n        retry: { attempts: 2, on: ["+on+"] }"), over(nil))
		if len(problems) != 1 || !strings.Contains(problems[0].Message, "on wants a class of failure or a status") || !strings.Contains(problems[0].Hint, hint) {
			t.Errorf("on: %s: %v", on, problems)
		}
	}
}
