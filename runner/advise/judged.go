package advise

import (
	"slices"
	"time"

	"runner/spec"
)

// late is how much later than planned the last requests may complete, at least.
const late = time.Second

// neverJudged finds thresholds whose times don't fit into the scenarios that they measure: a window that is never full, a
// warm-up that leaves nothing, an abort that may begin when all is over.
func neverJudged(s *Subject) spec.Problems {
	var found spec.Problems
	look := func(list []*spec.Threshold, scenario string) {
		for _, t := range list {
			longest, ok := s.longest(t, scenario)
			if !ok {
				continue
			}
			for _, limit := range []struct {
				word string
				d    spec.Duration
				then string
				over bool
			}{
				{"window", t.Window, "no window is ever full, and nothing is judged", t.Window.Value > longest+late},
				{"exclude_warmup", t.ExcludeWarmup, "no sample is left", t.ExcludeWarmup.Value >= longest},
				{"delay", t.Delay, "the run is over before it may be aborted", t.Delay.Value >= longest},
			} {
				if limit.d.Set && limit.over {
					text := spec.FormatDuration(limit.d.Value)
					found = append(found, at(limit.d.Pos, text, "%s is %s and the load takes %s: %s", limit.word, text, spec.FormatDuration(longest), limit.then).
						WithHint("choose a shorter one"))
				}
			}
		}
	}
	look(s.Plan.Thresholds, "")
	for _, sc := range s.Scenarios {
		look(sc.Spec.Thresholds, sc.Name)
		s.Plan.Walk(slices.Concat(sc.Spec.Steps, sc.Spec.Init), func(step spec.Step) {
			if r, ok := step.(*spec.Request); ok {
				look(r.Thresholds, sc.Name)
			}
		})
	}
	return found
}

// longest is how long the scenarios that a threshold measures can take; false if that is not known.
func (s *Subject) longest(t *spec.Threshold, scenario string) (time.Duration, bool) {
	var all time.Duration
	for _, sc := range s.Scenarios {
		if scenario != "" && sc.Name != scenario || !selects(t, sc.Name) {
			continue
		}
		if sc.Info.Duration <= 0 || sc.Info.Limit {
			return 0, false
		}
		all += sc.Info.Duration // one may come after the other: together they take no longer than this
	}
	return all, all > 0
}

// selects tells whether a threshold may measure a scenario.
func selects(t *spec.Threshold, scenario string) bool {
	for _, m := range t.Where {
		if m.Tag == "scenario" && m.Op == "=" && !slices.Contains(m.Values(), scenario) {
			return false
		}
	}
	return true
}
