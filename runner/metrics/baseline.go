package metrics

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// ofBaseline begins the names of the baseline's aggregates in conditions.
const ofBaseline = "baseline."

// Baseline is the result of an earlier run of the same plan, which conditions may compare with: baseline.p95.
type Baseline struct {
	File   string
	Result *Result
}

// ReadResult reads a result file. The error says what is wrong with it: not JSON, no result, or one of another version.
func ReadResult(r io.Reader) (*Result, error) {
	var result Result
	if err := json.NewDecoder(r).Decode(&result); err != nil {
		return nil, fmt.Errorf("not a result file: %w", err)
	}
	switch {
	case result.Schema == "":
		return nil, fmt.Errorf("not a result file: it has no schema, as --out json=FILE writes it")
	case result.Schema != SchemaVersion:
		return nil, fmt.Errorf("its form is %q, and this version reads %q", result.Schema, SchemaVersion)
	}
	return &result, nil
}

// Fits tells why a run of a plan can't be compared with the baseline: another plan, another profile, or a run whose
// numbers are not those of its whole load.
func (b *Baseline) Fits(p PlanInfo) error {
	have := b.Result.Plan
	switch status := b.Result.Verdict.Status; {
	case have.Name != p.Name:
		return fmt.Errorf("it is of the plan %q, and this one is %q", have.Name, p.Name)
	case have.Profile != p.Profile:
		return fmt.Errorf("it was made with the profile %q, and this run has %q", have.Profile, p.Profile)
	case len(b.Result.Interventions) > 0:
		return errors.New("its load was changed by hand while it ran: it is not what the plan says")
	case status != "pass" && status != "fail":
		return fmt.Errorf("its run ended as %s: take one that made its whole load", status)
	}
	return nil
}

func (b *Baseline) result(p PlanInfo) *BaselineResult {
	if b == nil {
		return nil
	}
	r := b.Result
	return &BaselineResult{
		File: b.File, RunID: r.Run.ID, Start: r.Run.Start, Tool: r.Tool, Digest: r.Plan.Digest, SamePlan: r.Plan.Digest == p.Digest,
		Changes: []BaselineChange{},
	}
}

// Compare gives conditions the baseline that they compare with. nil: there is none, and those that want one are skipped.
// It comes before the first Add.
func (t *Totals) Compare(b *Baseline) {
	for i := range t.conditions.list {
		c, trial := &t.conditions.list[i], &t.trials[i]
		trial.base, trial.skip = b.read(c)
		if trial.window != nil {
			trial.window.base = trial.base
		}
	}
}

// Missing lists the conditions that compare with a baseline and find nothing in this one, each with the reason.
func (c *Conditions) Missing(b *Baseline) []string {
	var list []string
	for i := range c.list {
		if _, why := b.read(&c.list[i]); why != "" {
			list = append(list, c.list[i].shown.ID+": "+why)
		}
	}
	return list
}

// read looks up what a condition reads of the baseline; why says what it does not find.
func (b *Baseline) read(c *condition) (values map[string]float64, why string) {
	for _, name := range c.reads {
		aggregate, ok := strings.CutPrefix(name, ofBaseline)
		if !ok {
			continue
		}
		if b == nil {
			return nil, "there is no --baseline to compare with"
		}
		v, why := b.value(c, aggregate)
		if why != "" {
			return nil, why
		}
		if values == nil {
			values = map[string]float64{}
		}
		values[name] = v
	}
	return values, ""
}

// value is an aggregate of what the condition measures: as the same threshold observed it, or of the same series.
func (b *Baseline) value(c *condition, aggregate string) (v float64, why string) {
	want := c.result()
	for i := range b.Result.Thresholds {
		t := &b.Result.Thresholds[i]
		if v, ok := t.Observed[aggregate]; ok && t.sameMeasure(&want) {
			return b.firm(v, t.Weak, aggregate)
		}
	}
	if want.WindowS == 0 && want.WarmupS == 0 {
		for i := range b.Result.Metrics {
			m := &b.Result.Metrics[i]
			if v, ok := m.Values[resultName(aggregate)]; ok && m.Name == want.Metric && maps.Equal(m.Tags, want.Selector) {
				return b.firm(v, m.Weak, resultName(aggregate))
			}
		}
	}
	return 0, fmt.Sprintf("the baseline has no %s of it", aggregate)
}

// firm is a value that is not a percentile with too few samples beyond it.
func (b *Baseline) firm(v float64, weak []string, name string) (float64, string) {
	if slices.Contains(weak, name) {
		return 0, fmt.Sprintf("the baseline has too few samples for its %s to be compared with", name)
	}
	return v, ""
}

// resultName is an aggregate as results name it.
func resultName(aggregate string) string {
	if aggregate == "p50" {
		return "med"
	}
	return aggregate
}

// sameMeasure tells whether two conditions are about the same samples.
func (r *ThresholdResult) sameMeasure(o *ThresholdResult) bool {
	return r.Metric == o.Metric && r.WindowS == o.WindowS && r.WarmupS == o.WarmupS && maps.Equal(r.Selector, o.Selector)
}
