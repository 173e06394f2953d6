package runner_test

import "testing"

// TestIterationsThatNobodyStarted: a plan that asks for a number of iterations and gets fewer has not passed, whether VUs
// were missing or time was.
func TestIterationsThatNobodyStarted(t *testing.T) {
	for why, c := range map[string]struct {
		executor, steps, thresholds string
		code                        int
	}{
		"max_duration was over before a VU had run all of its own": {
			"{ type: per-vu-iterations, iterations: 1000000000, max_duration: 50ms }", "{ get: /x }", "", 99},
		"or before all that is shared was taken": {
			"{ type: shared-iterations, vus: 2, iterations: 1000000000, max_duration: 50ms }", "{ get: /x }", "", 99},
		"the plan may allow it": {
			"{ type: shared-iterations, vus: 2, iterations: 1000000000, max_duration: 50ms }", "{ get: /x }", "thresholds: { dropped_iterations: count > 0 }\n", 0},
		"what a VU gives up with a stop step is not dropped": {
			"{ type: per-vu-iterations, vus: 2, iterations: 10 }", "{ get: /x }, { stop: enough }", "", 0},
		"a scenario that plans no number can't drop any": {
			"{ type: constant-vus, vus: 1, duration: 50ms }", "{ get: /x }", "", 0},
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			plan := "scenarios: { one: { executor: " + c.executor + ", steps: [" + c.steps + "] } }\n" + c.thresholds
			want(t, runPlan(t, newTarget(t, nil), plan, nil), c.code)
		})
	}
}
