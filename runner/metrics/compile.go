package metrics

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"runner/spec"
	"runner/spec/expr"
)

// Source is a threshold as a plan has it, with the selector that its place implies: {scenario=…} in a scenario,
// {scenario=…, step=…} in a step.
type Source struct {
	Threshold *spec.Threshold
	Where     []spec.Matcher
}

// inlineMetric is what a threshold of a scenario or a step is about if it names no metric.
const inlineMetric = "http_req_latency"

// CompileThresholds compiles the plan's thresholds, adds the default ones, and lists them all in l.Thresholds. The
// layout's other lists must be complete. tolerance relaxes the defaults; the zero Ratio does not. The problems are every
// mistake that was found: unknown metrics, tags and values, selectors that select nothing, conditions that do not compile.
func CompileThresholds(l *Layout, sources []Source, tolerance spec.Ratio) (*Conditions, spec.Problems) {
	c := &compiler{layout: l, out: &Conditions{}, ids: map[string]int{}}
	for _, s := range sources {
		c.source(s)
	}
	c.defaults(tolerance)
	l.Thresholds = nil
	for i := range c.out.list {
		l.Thresholds = append(l.Thresholds, c.out.list[i].shown)
	}
	return c.out, c.problems
}

type compiler struct {
	layout   *Layout
	out      *Conditions
	ids      map[string]int
	problems spec.Problems
}

func (c *compiler) problem(pos spec.Pos, underlined, hint, format string, args ...any) {
	p := spec.Problemf(pos, utf8.RuneCountInString(underlined), format, args...)
	p.Hint = hint
	c.problems = append(c.problems, p)
}

// hint says what a word was probably meant to be, or what there is.
func hint(word string, have []string) string {
	if near := spec.Suggest(word, have); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(have) == 0 {
		return "there is none"
	}
	return "have: " + strings.Join(have, ", ")
}

// source compiles one threshold: a selection, and as many conditions over it as were written.
func (c *compiler) source(s Source) {
	t := s.Threshold
	name := t.Metric.Value
	if name == "" {
		name = inlineMetric
	}
	m, ok := c.layout.metric(name)
	if !ok {
		c.problem(t.Metric.Pos, name, hint(name, c.layout.MetricNames()), "threshold: unknown metric %q", name)
		return
	}
	where := slices.Concat(s.Where, t.Where)
	before := len(c.problems)
	for _, w := range t.Where {
		c.matcher(&m, w)
	}
	sel := &selection{metric: m}
	if len(c.problems) == before {
		sel = c.selection(t, m, where)
	}
	for _, src := range t.That {
		c.condition(sel, src, Threshold{
			Metric: name, Where: where, Condition: src.Source, Pos: src.Pos, Abort: t.Abort.Value, Stage: stageOf(where),
			Delay: t.Delay.Value, Window: t.Window.Value, Warmup: t.ExcludeWarmup.Value, MinSamples: t.MinSamples.Value,
		}, len(c.problems) == before)
	}
}

// matcher finds the mistakes in one condition of a selector.
func (c *compiler) matcher(m *metric, w spec.Matcher) {
	l, d := c.layout, m.domain
	written := w.String()
	if l.tagKind(d, w.Tag) == tagNone {
		c.problem(w.Pos, w.Tag, hint(w.Tag, l.tagsOf(d)), "threshold: metric %s has no tag %q", m.name, w.Tag)
		return
	}
	if w.Op == "=~" {
		if _, err := regexp.Compile(w.Value); err != nil {
			c.problem(w.Pos, written, "", "threshold: %s: %v", written, err)
		}
		return
	}
	if w.Tag == "status" {
		c.status(w)
	}
	if !slices.Contains(closedTags, w.Tag) {
		return
	}
	have := l.values(m, w.Tag)
	for _, value := range w.Values() {
		if !slices.Contains(have, value) {
			c.problem(w.Pos, written, hint(value, have), "threshold: the plan has no %s %q", w.Tag, value)
		}
	}
}

// status finds values that no response can have.
func (c *compiler) status(w spec.Matcher) {
	for _, value := range w.Values() {
		if n, err := strconv.Atoi(value); err != nil || n < 0 || n > 999 {
			c.problem(w.Pos, w.String(), `for a class of them write status=~"5.."`, "threshold: %q is no status", value)
		}
	}
}

// selection compiles a selector without mistakes.
func (c *compiler) selection(t *spec.Threshold, m metric, where []spec.Matcher) *selection {
	sel := &selection{metric: m, warmup: int64(t.ExcludeWarmup.Value)}
	if sel.warmup > 0 && m.domain == perVUs {
		c.problem(t.ExcludeWarmup.Pos, "", "", "threshold: %s has no warm-up: it counts VUs, whatever iterations they run", m.name)
		return sel
	}
	include, err := c.layout.compile(&m, where)
	if err != nil {
		c.problem(t.Pos, m.name, "", "threshold: %v", err)
		return sel
	}
	sel.include = include
	if len(where) > 0 && sel.count() == 0 {
		c.problem(t.Pos, m.name, "", "threshold: no %s of the plan has %s", m.name, selector(where))
		return sel
	}
	c.out.register(sel)
	return sel
}

// condition compiles one expression. It is looked at even if the selector is wrong, but then not kept.
func (c *compiler) condition(sel *selection, src spec.Expr, shown Threshold, keep bool) {
	test, problems := expr.CompileCondition(src, aggregates(&sel.metric))
	c.problems = append(c.problems, problems...)
	if len(problems) > 0 || !keep {
		return
	}
	reads := test.Aggregates()
	for _, name := range reads {
		if _, ok := (&Series{Type: sel.metric.typ}).Aggregate(strings.TrimPrefix(name, ofBaseline)); !ok {
			c.problem(src.Pos, src.Source, "at most sixteen decimals", "threshold: %s can't be computed", name)
			return
		}
	}
	shown.ID = c.id(&shown)
	shown.Unit = sel.metric.unitOf(reads)
	one := condition{shown: shown, selection: sel, scenarios: sel.scenarios(c.layout), test: test, reads: reads}
	one.upper = one.bounded()
	c.out.list = append(c.out.list, one)
}

// id is metric{selector}: condition; what a plan says twice is numbered.
func (c *compiler) id(t *Threshold) string {
	id := t.Metric
	if len(t.Where) > 0 {
		id += "{" + selector(t.Where) + "}"
	}
	id += ": " + strings.Join(strings.Fields(t.Condition), " ") + t.limits()
	c.ids[id]++
	if n := c.ids[id]; n > 1 {
		return fmt.Sprintf("%s (%d)", id, n)
	}
	return id
}

// selector writes a selector as plans do.
func selector(where []spec.Matcher) string {
	parts := make([]string, len(where))
	for i, w := range where {
		parts[i] = w.String()
	}
	return strings.Join(parts, ",")
}

func stageOf(where []spec.Matcher) string {
	for _, w := range where {
		if w.Tag == "stage" && w.Op == "=" {
			return w.Text()
		}
	}
	return ""
}

// limits says what a condition leaves out, for people: " (window 30s, after 10s)".
func (t *Threshold) limits() string {
	var parts []string
	if t.Window > 0 {
		parts = append(parts, "window "+spec.FormatDuration(t.Window))
	}
	if t.Warmup > 0 {
		parts = append(parts, "after "+spec.FormatDuration(t.Warmup))
	}
	if t.MinSamples > 0 {
		parts = append(parts, fmt.Sprintf("at least %d samples", t.MinSamples))
	}
	if parts == nil {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
