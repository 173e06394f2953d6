package metrics

import (
	"fmt"
	"maps"
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

// trial is how one condition fares in a run. Only Totals touches it.
type trial struct {
	window  *window            // nil: it is about the whole run
	base    map[string]float64 // what it reads of the baseline
	skip    string             // why it can't be compared with the baseline; "": it can, or need not
	aborted int64              // when it failed and stopped the run; 0: it did not
}

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
		c, trial := &t.conditions.list[i], &t.trials[i]
		if !c.shown.Abort || trial.aborted == 0 && !t.stops(i) {
			continue
		}
		if trial.aborted == 0 {
			trial.aborted = t.all.To
		}
		return c.shown.ID, true
	}
	return "", false
}

// stops tells whether condition i, which may, stops the run now.
func (t *Totals) stops(i int) bool {
	c := &t.conditions.list[i]
	if start, _ := t.all.start(c.scenarios); c.shown.Delay > 0 && t.all.To-start < int64(c.shown.Delay) {
		return false
	}
	if w := t.trials[i].window; w != nil {
		return t.trials[i].skip == "" && w.breached != nil && w.breached.solid
	}
	series := t.all.series(t.layout, c.selection)
	return !c.weak(&series) && t.judge(i, false).Status == FailedStatus
}

// judge is the outcome of condition i.
func (t *Totals) judge(i int, final bool) ThresholdResult {
	c, trial := &t.conditions.list[i], &t.trials[i]
	r := c.result()
	switch {
	case t.skipped(c):
		r.Status, r.Reason = NotApplicable, "its scenario did not run"
		return r
	case trial.skip != "":
		r.Status, r.Reason = Skipped, trial.skip
		return r
	case trial.window != nil:
		trial.window.result(&r, c, final)
	default:
		t.whole(c, trial, &r, final)
	}
	if trial.aborted > 0 {
		r.Aborted = true
		if r.Status != FailedStatus {
			r.Status, r.Reason = FailedStatus, "it held again after it had stopped the run"
		}
		r.Reason = join(r.Reason, fmt.Sprintf("stopped the run at %.1fs", float64(trial.aborted)/1e9))
	}
	return r
}

// whole judges a condition over the whole run.
func (t *Totals) whole(c *condition, trial *trial, r *ThresholdResult, final bool) {
	series := t.all.series(t.layout, c.selection)
	least := c.shown.MinSamples
	switch n := series.samples(); {
	case series.Type != Counter && series.Empty():
		r.Status, r.Reason, r.lacking = FailedStatus, noData, true
	case n < least:
		r.Observed = c.observe(&series, nil)
		r.Status, r.Reason, r.lacking = FailedStatus, fmt.Sprintf("%d of the %d samples that it wants", n, least), true
	case trial.base != nil && c.weak(&series):
		r.Status, r.Reason = Skipped, "too few samples for a percentile to be compared with the baseline"
		return
	default:
		r.Observed, r.Weak = c.observe(&series, trial.base), c.weakOnes(&series)
		r.Status, r.Reason = c.verdict(r.Observed)
	}
	if !final && r.Status == FailedStatus && (r.lacking || c.mayHold(&series)) {
		r.Status = NotApplicable
	}
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

// observe reads what the condition reads, of the series and of the baseline.
func (c *condition) observe(s *Series, base map[string]float64) map[string]float64 {
	observed := maps.Clone(base)
	if observed == nil {
		observed = map[string]float64{}
	}
	for _, name := range c.reads {
		if v, ok := s.Aggregate(name); ok {
			observed[name] = v
		}
	}
	return observed
}

// weak tells whether the condition reads a percentile with too few samples beyond it.
func (c *condition) weak(s *Series) bool { return slices.ContainsFunc(c.reads, s.Weak) }

// weakOnes lists these percentiles.
func (c *condition) weakOnes(s *Series) []string {
	var names []string
	for _, name := range c.reads {
		if s.Weak(name) {
			names = append(names, name)
		}
	}
	return names
}

// verdict evaluates the condition.
func (c *condition) verdict(observed map[string]float64) (status, reason string) {
	held, err := c.test.Eval(func(name string) float64 { return observed[name] })
	switch {
	case err != nil:
		return FailedStatus, err.Error()
	case !held:
		return FailedStatus, ""
	}
	return Passed, ""
}

// nearer tells whether a is nearer to a breach than b, by the first aggregate that the condition reads.
func (c *condition) nearer(a, b map[string]float64) bool {
	name := c.reads[0]
	return c.upper && a[name] > b[name] || !c.upper && a[name] < b[name]
}

// bounded tells whether a condition is an upper limit: whether a very large value fails it.
func (c *condition) bounded() bool {
	held, err := c.test.Eval(func(name string) float64 {
		if name == c.reads[0] {
			return 1e15
		}
		return 1
	})
	return err == nil && !held
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
		WindowS: c.shown.Window.Seconds(), WarmupS: c.shown.Warmup.Seconds(), MinSamples: c.shown.MinSamples,
	}
	for _, w := range c.shown.Where {
		value := w.Text()
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
