package metrics

import (
	"math/big"
	"strings"

	"runner/spec"
)

// defaults adds the conditions that guard what a plan does not mention. Each judges those series of its metric that no
// condition of the plan selects; where nothing is left, or the plan can't produce the metric, there is none.
func (c *compiler) defaults(tolerance spec.Ratio) {
	c.byDefault("checks", nil, "rate "+atLeast(tolerance))
	c.byDefault("http_req_failed", nil, "rate "+atMost(tolerance))
	c.byDefault("iterations_failed", []spec.Matcher{
		{Tag: "cause", Op: "!=", Value: CauseRequest.String()},
		{Tag: "cause", Op: "!=", Value: CauseCheck.String()},
	}, "rate == 0%")
	c.byDefault("dropped_iterations", nil, "count == 0")
}

func (c *compiler) byDefault(name string, where []spec.Matcher, that string) {
	m, _ := c.layout.metric(name)
	include, err := c.layout.compile(&m, where)
	if err != nil {
		c.problem(spec.Pos{}, name, "", "default threshold %s: %v", name, err)
		return
	}
	sel := &selection{metric: m, include: include}
	for i := range c.out.list {
		if s := c.out.list[i].selection; s.metric.name == name {
			sel.exclude = append(sel.exclude, s.include)
		}
	}
	sel.settle()
	if sel.count() == 0 {
		return
	}
	c.out.register(sel)
	c.condition(sel, spec.Expr{Source: that}, Threshold{Metric: name, Where: where, Condition: that, Default: true}, true)
}

// atMost and atLeast write a tolerated share as an exact percentage.
func atMost(r spec.Ratio) string {
	if r.Num == 0 {
		return "== 0%"
	}
	return "<= " + percent(big.NewRat(r.Num, r.Den))
}

func atLeast(r spec.Ratio) string {
	if r.Num == 0 {
		return "== 100%"
	}
	return ">= " + percent(new(big.Rat).Sub(big.NewRat(1, 1), big.NewRat(r.Num, r.Den)))
}

// percent is a ratio in percent, to as many of twelve decimals as it needs.
func percent(r *big.Rat) string {
	text := new(big.Rat).Mul(r, big.NewRat(100, 1)).FloatString(12)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + "%"
}
