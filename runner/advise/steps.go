package advise

import (
	"regexp"
	"strconv"

	"runner/spec"
)

// idleVUs finds VUs for which there is no iteration.
func idleVUs(s *Subject) spec.Problems {
	var found spec.Problems
	for _, sc := range s.Scenarios {
		e, ok := sc.Spec.Executor.(*spec.SharedIterations)
		if !ok || !e.VUs.Set || e.VUs.Value <= e.Iterations.Or(1) || e.VUs.Pos.IsZero() {
			continue
		}
		found = append(found, at(e.VUs.Pos, strconv.FormatInt(e.VUs.Value, 10), "%d VUs share %d iterations: some have nothing to do", e.VUs.Value, e.Iterations.Or(1)).
			WithHint("iterations counts those of all VUs together; per-vu-iterations gives each its own"))
	}
	return found
}

// unreachableSteps finds steps behind one that always ends the iteration.
func unreachableSteps(s *Subject) spec.Problems {
	var found spec.Problems
	look := func(list []spec.Step) {
		for i, step := range list {
			end, ok := step.(*spec.End)
			if !ok || !end.If.IsZero() || i+1 == len(list) {
				continue
			}
			next := list[i+1].Common()
			found = append(found, at(next.Pos, next.Verb, "this step is never reached: the %s before it always ends the iteration", end.Verb).
				WithHint("give the %s an if", end.Verb))
			return
		}
	}
	for _, list := range s.lists() {
		look(list)
	}
	s.each(func(step spec.Step) {
		if _, branches := step.(*spec.Parallel); branches {
			return
		}
		for _, inner := range step.Inner() {
			look(inner)
		}
	})
	return found
}

var wantsStatus = regexp.MustCompile(`^\s*(?:response\.)?status\s*==\s*([1-5][0-9][0-9])\s*$`)

// unexpectedStatus finds checks that want what expect counts as a failed request: the run fails though the target does what
// the author wants.
func unexpectedStatus(s *Subject) spec.Problems {
	var found spec.Problems
	look := func(list []spec.Step, above spec.HTTP) {
		s.Plan.Walk(list, func(step spec.Step) {
			r, ok := step.(*spec.Request)
			if !ok {
				return
			}
			expect := r.Expect
			if len(expect) == 0 {
				expect = above.With(r.HTTP).Expect
			}
			for _, c := range r.Check {
				m := wantsStatus.FindStringSubmatch(c.Expr.Source)
				if m == nil {
					continue
				}
				if status, _ := strconv.Atoi(m[1]); !expected(expect, status) {
					found = append(found, at(c.Expr.Pos, c.Expr.Source, "this wants status %d, which counts as a failed request here", status).
						WithHint("write expect: %d in this step", status))
				}
			}
		})
	}
	for _, sc := range s.Scenarios {
		above := s.Plan.HTTP.With(sc.Spec.HTTP)
		look(sc.Spec.Init, above)
		look(sc.Spec.Steps, above)
	}
	look(s.Plan.Setup, s.Plan.HTTP)
	look(s.Plan.Teardown, s.Plan.HTTP)
	return found
}

// expected tells whether a status is no failure.
func expected(list []spec.Status, status int) bool {
	if len(list) == 0 {
		return status >= 200 && status < 400
	}
	for _, e := range list {
		if status >= e.From && status <= e.To {
			return true
		}
	}
	return false
}
