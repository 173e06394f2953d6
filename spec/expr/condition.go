package expr

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"

	"runner/spec"
)

// Condition is a compiled condition of a threshold: read-only.
type Condition struct {
	program    *Program
	aggregates []string
}

// metrics are the aggregates that a condition may read, and those that it does.
type metrics struct {
	have map[string]Type
	read []string
}

// CompileCondition compiles a threshold's condition. aggregates are the metric's, with the unit of each: count, rate,
// avg, p95, …; the key "p" allows every percentile, as p95 or p(99.9); the key "baseline" allows baseline.NAME of all.
func CompileCondition(src spec.Expr, aggregates map[string]Type) (*Condition, spec.Problems) {
	m := &metrics{have: aggregates}
	p, flaws := compile(src.Source, "", NewScope(), Bool, m, link)
	if len(flaws) == 0 && len(m.read) == 0 {
		flaws = []flaw{{0, runeCount(src.Source), "the condition reads nothing of the metric", have(m.names())}}
	}
	if len(flaws) > 0 {
		return nil, place(src.Source, src.Pos, 0, flaws)
	}
	return &Condition{program: p, aggregates: m.read}, nil
}

// Aggregates lists what the condition reads, in the order of the source and in one form: p95 also for p(95), p99.9,
// baseline.p95.
func (c *Condition) Aggregates() []string { return slices.Clone(c.aggregates) }

// Source is the condition as written.
func (c *Condition) Source() string { return c.program.source }

// Eval tells whether the condition holds. get gives an aggregate in its unit: ms, a ratio, events per second.
func (c *Condition) Eval(get func(name string) float64) (bool, error) {
	return c.program.Bool(&VM{aggregate: get})
}

// names lists the aggregates for hints.
func (m *metrics) names() []string {
	names := slices.Sorted(maps.Keys(m.have))
	names = slices.DeleteFunc(names, func(n string) bool { return n == "p" || n == "baseline" })
	if _, ok := m.have["p"]; ok {
		names = append(names, "p95", "p(99.9)")
	}
	return names
}

// find gives an aggregate's canonical name and unit.
func (m *metrics) find(name string) (string, Type, bool) {
	if t, ok := m.have[name]; ok && name != "p" && name != "baseline" {
		return name, t, true
	}
	t, ok := m.have["p"]
	digits, isPercentile := strings.CutPrefix(name, "p")
	if !ok || !isPercentile || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return "", Any, false
	}
	q, err := strconv.ParseFloat(digits, 64)
	if err != nil || q <= 0 || q > 100 {
		return "", Any, false
	}
	return percentileName(q), t, true
}

func percentileName(q float64) string { return "p" + strconv.FormatFloat(q, 'f', -1, 64) }

// aggregate resolves a bare name of a condition.
func (r *resolver) aggregate(n *ast.IdentifierNode) (ast.Node, Type) {
	name, t, ok := r.agg.find(n.Value)
	if !ok {
		names := r.agg.names()
		switch {
		case n.Value == "p" && slices.Contains(names, "p95"):
			r.flaw(n.Location(), "", "which percentile? write p95 or p(99.9)")
		case isBuiltin(n.Value) && !slices.Contains(names, n.Value):
			r.flaw(n.Location(), have(names), "this metric has no %q", n.Value)
		default:
			r.flaw(n.Location(), suggestion(n.Value, names, names), "this metric has no %q", n.Value)
		}
		return n, Any
	}
	return r.readAggregate(n, name), t
}

func (r *resolver) readAggregate(n ast.Node, name string) ast.Node {
	r.needs.live, r.needs.varies = true, true
	if !slices.Contains(r.agg.read, name) {
		r.agg.read = append(r.agg.read, name)
	}
	return call(n, "$agg", constant(n, name))
}

// percentile resolves p(99.9).
func (r *resolver) percentile(n *ast.CallNode) (ast.Node, Type) {
	t, ok := r.agg.have["p"]
	if !ok {
		r.flaw(n.Location(), have(r.agg.names()), "this metric has no percentiles")
		return n, Any
	}
	if len(n.Arguments) == 1 {
		v, written := constantOf(n.Arguments[0])
		if q, isNumber := asFloat(v); written && isNumber && q > 0 && q <= 100 {
			return r.readAggregate(n, percentileName(q)), t
		}
	}
	r.flaw(n.Location(), "", "p() takes one number above 0, up to 100, as in p(99.9)")
	return n, t
}

// baseline resolves baseline.p95. Nothing else of a condition has members.
func (r *resolver) baseline(n *ast.MemberNode, base *ast.IdentifierNode) (ast.Node, Type, bool) {
	name, ok := n.Property.(*ast.StringNode)
	_, allowed := r.agg.have["baseline"]
	if base.Value != "baseline" || !ok || !allowed {
		r.flaw(n.Location(), suggestion(base.Value, []string{"baseline"}, nil), "a condition reads aggregates: they have no members")
		return n, Any, true
	}
	if canonical, t, ok := r.agg.find(name.Value); ok {
		return r.readAggregate(n, fmt.Sprintf("baseline.%s", canonical)), t, true
	}
	names := r.agg.names()
	r.flaw(name.Location(), suggestion(name.Value, names, names), "this metric has no %q", name.Value)
	return n, Any, true
}
