package runner_test

import (
	"testing"

	"runner/runner/metrics"
)

// Every sample carries what it can be told apart by, whatever took it.
func TestTagsOfWhatIsNoRequest(t *testing.T) {
	r := runPlan(t, newTarget(t, nil), `
metrics: { hits: { type: counter }, size: { type: trend, unit: bytes } }
flows:
  browse: { steps: [{ get: /list }, { emit: { hits: 1 } }] }
  buy: { steps: [{ emit: { hits: 1 } }, { group: cart, steps: [{ get: /cart }, { emit: { hits: 10, size: 5 } }] }, { fail: always }] }
scenarios:
  shop: { executor: { type: per-vu-iterations, vus: 2, iterations: 10 }, mix: [{ weight: 3, flow: browse }, { weight: 1, flow: buy }] }
  other: { executor: { type: per-vu-iterations }, init: [{ get: /init }], steps: [{ emit: { hits: 100 } }, { if: 1 == 1, then: [{ get: /then }], else: [{ emit: { hits: 1 } }] }] }
thresholds:
  iterations{flow=browse}: count == 15
  iterations{flow=buy}: count == 5
  iterations{flow!=buy}: count == 16
  iteration_duration{flow=buy}: count == 5
  iterations_failed{flow=buy}: rate == 100%
  iterations_failed{flow=browse}: rate == 0%
  group_duration{flow=buy}: count == 5
  hits: count == 170
  hits{flow=browse}: count == 15
  hits{flow=buy}: count == 55
  hits{group=cart}: count == 50
  hits{step=GET /list}: count == 15
  hits{step=GET /cart, flow=buy}: count == 50
  hits{step!=GET /list, scenario=shop}: count == 55
  size{group=cart}: count == 5
`, nil)
	want(t, r, 0)
	if n := metric(t, r, "hits", map[string]string{"group": "cart"}, "count"); n != 50 {
		t.Errorf("by group the result has %v hits", n)
	}
}

// An emit is tagged with a request that comes before it, not one of another branch, flow or phase.
func TestStepOfAnEmit(t *testing.T) {
	r := runPlan(t, newTarget(t, nil), `
metrics: { hits: { type: counter }, never: { type: counter } }
scenarios:
  other:
    executor: { type: per-vu-iterations }
    init: [{ get: /init }]
    steps:
      - emit: { hits: 1 }
      - { get: /a }
      - { if: 1 == 2, then: [{ get: /then }], else: [{ emit: { hits: 20 } }] }
      - parallel: [{ get: /left }, { emit: { hits: 300 } }]
thresholds:
  hits{step=GET /a}: count == 320
  hits{step!=GET /a}: count == 1
`, nil)
	want(t, r, 0)
	if n := metric(t, r, "never", map[string]string{}, "count"); n != 0 {
		t.Errorf("nobody emits it: %v", n)
	}
}

// Requests for tokens are in no metric, and are not hidden either.
func TestTokensAreShownApart(t *testing.T) {
	s := newTarget(t, answer(`{"access_token": "t1", "token_type": "Bearer"}`))
	r := runPlan(t, s, `
scenarios:
  one:
    executor: { type: per-vu-iterations, vus: 2, iterations: 3 }
    http: { auth: { oauth2: { token_url: /token, client_id: a, client_secret: b } } }
    steps: [{ get: /list }]
thresholds: { http_reqs: count == 6 }
`, nil)
	want(t, r, 0)
	if want := (metrics.InternalResult{Requests: 1}); r.Internal == nil || *r.Internal != want || s.count("POST /token") != 1 {
		t.Errorf("internal %+v, want %+v; the server saw %d", r.Internal, want, s.count("POST /token"))
	}
}
