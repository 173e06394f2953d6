// Package compare tells from the results of several runs whether something has changed. Its unit of evidence is the run,
// not the request: requests of one run share a machine, a minute and a cache, so that tests over single requests find
// differences between identical systems most of the time. It knows results alone: no plan, no output, no clock.
package compare

import (
	"cmp"
	"fmt"
	"slices"

	"runner/runner/metrics"
)

// Version names the form of a comparison as JSON.
const Version = "comparison/v1"

// Alpha is the share of comparisons of identical systems that may be called changed, over all series together.
const Alpha = 0.05

// DefaultTolerance is how much slower, as a ratio, is no regression where neither the plan nor a flag says: machines of
// one kind differ by a few percent from day to day.
const DefaultTolerance = 0.05

// DefaultShare is the same for shares, such as that of failed requests: a difference of one in a thousand.
const DefaultShare = 0.001

// Run is the result of one run and the file it came from.
type Run struct {
	File   string
	Result *metrics.Result
}

// Options is how to compare.
type Options struct {
	// Tolerance is the change that is no regression: a ratio of times and rates, and the difference of shares. nil: the
	// plan's own, else DefaultTolerance for times and rates and DefaultShare for shares.
	Tolerance *float64
	// Force compares runs of different plans or profiles all the same, and marks that.
	Force bool
}

// The outcomes of a comparison, and of a series in it.
const (
	Regression  = "regression"   // worse by more than the tolerance, and not by chance
	Improvement = "improvement"  // better by more than the tolerance, and not by chance
	Same        = "same"         // any change is within the tolerance
	Unclear     = "unclear"      // no change is shown, and one beyond the tolerance is not excluded
	TooFew      = "too_few_runs" // so few runs that chance alone could look like any change
)

// Comparison is what two sides of runs show. It is written as JSON.
type Comparison struct {
	Schema    string   `json:"schema"`
	Plan      string   `json:"plan"`
	Base      []string `json:"base"` // files, oldest run first
	Head      []string `json:"head"`
	Verdict   string   `json:"verdict"`
	ExitCode  int      `json:"exit_code"`
	Alpha     float64  `json:"alpha"`
	Tolerance float64  `json:"tolerance"`
	Reasons   []string `json:"reasons"`
	Notes     []string `json:"notes"` // what makes the sides hard to compare
	Changes   []Change `json:"changes"`
}

// Change is one aggregate of one series on both sides.
type Change struct {
	Metric    string            `json:"metric"`
	Tags      map[string]string `json:"tags"` // {}: the total
	Aggregate string            `json:"aggregate"`
	Unit      string            `json:"unit"`
	Base      Spread            `json:"base"`
	Head      Spread            `json:"head"`
	// Change is head against base: a ratio less one of times and rates (0.1: 10 % more), the difference of shares.
	Change float64 `json:"change"`
	// Low and High hold the change in 95 of 100 resamplings of the runs.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// Effect is Cliff's delta: the share of pairs of runs in which head is larger, less that in which it is smaller: -1 to 1.
	Effect float64 `json:"effect"`
	// P is the chance that runs without a difference look at least as different, in any of the series compared.
	P       float64 `json:"p"`
	Verdict string  `json:"verdict"`
}

// Spread is one side's runs.
type Spread struct {
	Runs   int     `json:"runs"`
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// Compare judges head against base. The error says why they can't be compared: another plan, or a run whose numbers are
// not those of its whole load.
func Compare(base, head []Run, o Options) (*Comparison, error) {
	base, head = byStart(base), byStart(head)
	notes, err := fit(base, head, o.Force)
	if err != nil {
		return nil, err
	}
	limits := limitsOf(base, head, o.Tolerance)
	c := &Comparison{
		Schema: Version, Plan: base[0].Result.Plan.Name, Base: files(base), Head: files(head),
		Alpha: Alpha, Tolerance: limits.times, Reasons: []string{}, Notes: notes, Changes: []Change{},
	}
	series := collect(base, head)
	chance := permute(series, len(base), len(head))
	for i := range series {
		c.Changes = append(c.Changes, judge(&series[i], chance.p[i], chance.least, limits))
	}
	c.Notes = append(c.Notes, strays(series, base, head)...)
	c.conclude(chance.least, len(base), len(head))
	return c, nil
}

func byStart(runs []Run) []Run {
	runs = slices.Clone(runs)
	slices.SortStableFunc(runs, func(a, b Run) int { return a.Result.Run.Start.Compare(b.Result.Run.Start) })
	return runs
}

func files(runs []Run) []string {
	names := make([]string, len(runs))
	for i, r := range runs {
		names[i] = r.File
	}
	return names
}

// limits are the changes that are no regression.
type limits struct{ times, shares float64 }

func limitsOf(base, head []Run, flag *float64) limits {
	if flag != nil {
		return limits{*flag, *flag}
	}
	l := limits{DefaultTolerance, DefaultShare}
	for _, r := range slices.Concat(base, head) {
		if t := r.Result.Plan.Tolerance; t > 0 {
			l.times, l.shares = t, t
		}
	}
	return l
}

// judge says what a series shows. least is the smallest p that so few runs can have.
func judge(s *series, p, least float64, l limits) Change {
	tolerance := l.times
	if s.share {
		tolerance = l.shares
	}
	c := Change{
		Metric: s.metric, Tags: s.tags, Aggregate: s.aggregate, Unit: s.unit,
		Base: spread(s.base), Head: spread(s.head), Change: s.change(median(s.base), median(s.head)), Effect: cliff(s.base, s.head), P: p,
	}
	c.Low, c.High = interval(s)
	worse := c.Change
	if s.more {
		worse = -worse
	}
	shown := p <= Alpha
	switch {
	case least > Alpha:
		c.Verdict = TooFew
	case shown && worse > tolerance:
		c.Verdict = Regression
	case shown && worse < -tolerance:
		c.Verdict = Improvement
	case shown, c.Low >= -tolerance && c.High <= tolerance:
		c.Verdict = Same
	default:
		c.Verdict = Unclear
	}
	return c
}

func spread(values []float64) Spread {
	return Spread{Runs: len(values), Median: median(values), Min: slices.Min(values), Max: slices.Max(values)}
}

func median(values []float64) float64 { return middle(slices.Clone(values)) }

// middle is the median of values, which it sorts.
func middle(sorted []float64) float64 {
	slices.Sort(sorted)
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// cliff is Cliff's delta.
func cliff(base, head []float64) float64 {
	sum := 0
	for _, h := range head {
		for _, b := range base {
			sum += cmp.Compare(h, b)
		}
	}
	return float64(sum) / float64(len(base)*len(head))
}

// conclude is the verdict over all series.
func (c *Comparison) conclude(least float64, base, head int) {
	counts := map[string]int{}
	for i := range c.Changes {
		k := &c.Changes[i]
		counts[k.Verdict]++
		if k.Verdict == Regression {
			c.Reasons = append(c.Reasons, fmt.Sprintf("%s is worse by %+.1f%% (p = %.3f)", k.Name(), 100*k.Change, k.P))
		}
	}
	switch {
	case least > Alpha:
		c.Verdict = TooFew
		c.Reasons = append(c.Reasons, fmt.Sprintf(
			"%d against %d runs can't tell a change from chance: make at least 4 on each side, better 5 (runner plan.yaml --runs 5)", base, head))
	case counts[Regression] > 0:
		c.Verdict, c.ExitCode = Regression, metrics.ExitThresholds
	case counts[Improvement] > 0:
		c.Verdict = Improvement
	case counts[Unclear] > 0 || len(c.Changes) == 0:
		c.Verdict = Unclear
	default:
		c.Verdict = Same
	}
}
