package vu_test

import (
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"runner/runner/vu"
	"runner/runner/vu/vutest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// scenario wraps steps, one line each, into a plan; more is what stands before it.
func scenario(more string, steps ...string) string {
	return more + "\nscenarios:\n  s:\n    executor: { type: per-vu-iterations, vus: 9, iterations: 1 }\n    steps:\n      - " +
		strings.Join(steps, "\n      - ") + "\n"
}

// iterate runs iterations from, from+1, …, as VU number id.
func iterate(t *testing.T, w *vutest.World, id, from, count int64) *vu.VU {
	t.Helper()
	v := w.VU(t, id)
	for n := from; n < from+count; n++ {
		if !v.Iterate(vu.Iteration{N: n}) {
			t.Fatalf("VU %d ended in iteration %d", id, n)
		}
	}
	return v
}

func lines(t *testing.T, w *vutest.World, want ...string) {
	t.Helper()
	if got := w.Lines(); !slices.Equal(got, want) {
		t.Errorf("lines %q, want %q", got, want)
	}
}
