package metrics

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

// The outcomes of a condition.
const (
	Passed        = "pass"
	FailedStatus  = "fail"
	Skipped       = "skipped"
	NotApplicable = "not_applicable"
	NotTrusted    = "not_trusted"
)

const noData = "no data"

// Judge is the outcome of every condition over what was seen so far, in the layout's order. In the end (final), a rate,
// trend or gauge without samples fails; before, it is not applicable yet.
func (t *Totals) Judge(final bool) []ThresholdResult {
	t.mu.Lock()
	defer t.mu.Unlock()
	results := make([]ThresholdResult, len(t.conditions.list))
	for i := range t.conditions.list {
		results[i] = t.judge(i, final)
	}
	return results
}

// Abort tells whether a condition with abort: true has failed, and which. Percentiles with too few samples do not stop a
// run. What stopped it stays failed in the end, whatever the last samples say.
func (t *Totals) Abort() (id string, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.conditions.list {
		c := &t.conditions.list[i]
		if !c.shown.Abort {
			continue
		}
		if t.aborted[i] > 0 {
			return c.shown.ID, true
		}
		series := t.all.series(t.layout, c.selection)
		weak := slices.ContainsFunc(c.reads, series.Weak)
		if !weak && t.judge(i, false).Status == FailedStatus {
			t.aborted[i] = t.all.To
			return c.shown.ID, true
		}
	}
	return "", false
}

// judge is the outcome of condition i.
func (t *Totals) judge(i int, final bool) ThresholdResult {
	c := &t.conditions.list[i]
	r := c.result()
	series := t.all.series(t.layout, c.selection)
	switch {
	case t.skipped(c):
		r.Status, r.Reason = NotApplicable, "its scenario did not run"
		return r
	case series.Type != Counter && series.Empty():
		r.Status, r.Reason = FailedStatus, noData
		if !final {
			r.Status = NotApplicable
		}
		return r
	}
	for _, name := range c.reads {
		if v, ok := series.Aggregate(name); ok {
			r.Observed[name] = v
		}
	}
	r.Status, r.Reason = c.verdict(&series)
	if !final && r.Status == FailedStatus && c.mayHold(&series) {
		r.Status = NotApplicable
	}
	if at, ok := t.aborted[i]; ok {
		r.Aborted = true
		if r.Status != FailedStatus {
			r.Status, r.Reason = FailedStatus, "it held again after it had stopped the run"
		}
		r.Reason = join(r.Reason, fmt.Sprintf("stopped the run at %.1fs", float64(at)/1e9))
	}
	return r
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

// verdict evaluates the condition.
func (c *condition) verdict(s *Series) (status, reason string) {
	held, err := c.test.Eval(func(name string) float64 {
		v, _ := s.Aggregate(name)
		return v
	})
	switch {
	case err != nil:
		return FailedStatus, err.Error()
	case !held:
		return FailedStatus, ""
	}
	return Passed, ""
}

// mayHold tells whether a condition on a counter that fails now can still hold in the end: a counter only grows, and
// count == 50 is no failure while there are 49. It tries the numbers that the condition names.
func (c *condition) mayHold(s *Series) bool {
	if s.Type != Counter || len(c.reads) != 1 || c.reads[0] != "count" {
		return false
	}
	now, _ := s.Aggregate("count")
	for _, text := range numbers.FindAllString(c.shown.Condition, -1) {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			continue
		}
		for _, later := range []float64{n, n + 1} {
			if held, err := c.test.Eval(func(string) float64 { return later }); later >= now && err == nil && held {
				return true
			}
		}
	}
	return false
}

var numbers = regexp.MustCompile(`[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?`)

// result is the condition's outcome before there is one.
func (c *condition) result() ThresholdResult {
	r := ThresholdResult{
		ID: c.shown.ID, Metric: c.shown.Metric, Selector: map[string]string{}, Stage: c.shown.Stage,
		Condition: c.shown.Condition, Observed: map[string]float64{}, Unit: c.shown.Unit, Default: c.shown.Default,
	}
	for _, w := range c.shown.Where {
		value := w.Value
		if w.Op != "=" {
			value = w.Op + value
		}
		if old, ok := r.Selector[w.Tag]; ok {
			value = old + "," + value
		}
		r.Selector[w.Tag] = value
	}
	return r
}

// skipped tells whether none of the condition's scenarios ran because their if: said no.
func (t *Totals) skipped(c *condition) bool {
	some := false
	for i, in := range c.scenarios {
		if in && !t.all.Times[i].Skipped {
			return false
		}
		some = some || in
	}
	return some
}
