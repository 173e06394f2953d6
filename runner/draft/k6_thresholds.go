package draft

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

var (
	k6Condition = pattern(`^\s*(p\(\s*[\d.]+\s*\)|avg|min|max|med|count|rate|value)\s*(<=|>=|<|>|===?|!==?)\s*([\d.]+)\s*$`)
	k6Metric    = pattern(`^\s*([A-Za-z_][A-Za-z0-9_]*)\s*(?:\{(.*)\})?\s*$`)
	k6Tag       = pattern(`^\s*([A-Za-z_]+)\s*:\s*['"]?([^'"]*?)['"]?\s*$`)
)

// The metrics that k6 and we share, by what their values are.
var (
	k6Times    = []string{"http_req_duration", "http_req_blocked", "http_req_connecting", "http_req_tls_handshaking", "http_req_sending", "http_req_waiting", "http_req_receiving", "iteration_duration", "group_duration"}
	k6Rates    = []string{"checks", "http_req_failed"}
	k6Counters = []string{"http_reqs", "iterations", "dropped_iterations", "data_sent", "data_received"}
	k6Gauges   = []string{"vus", "vus_max"}
)

// thresholds translates options.thresholds.
func (k *k6) thresholds(all *tree) {
	if !all.is(object) {
		if len(k.plan.Thresholds) == 0 {
			k.plan.Thresholds = limits()
		}
		return
	}
	for i, key := range all.keys {
		k.threshold(key, all.items[i])
	}
}

func (k *k6) threshold(key string, conditions *tree) {
	metric, selector, ok := k.metric(key)
	if !ok {
		k.plan.lose(conditions.where(), "the threshold on "+shorten(key, 80))
		return
	}
	var simple, long []Value
	for _, c := range conditions.elements() {
		text := c.string()
		if c.is(object) {
			text = c.at("threshold").string()
		}
		that, ok := k6That(metric, text)
		switch {
		case !ok:
			k.plan.lose(c.where(), fmt.Sprintf("the threshold %s on %s", shorten(text, 60), shorten(key, 60)))
		case c.at("abortOnFail").string() == "true":
			words := []Pair{{Key: "that", Value: Template(that)}, {Key: "abort", Value: Word("true")}}
			if d, ok := k6Duration(c.at("delayAbortEval")); ok && d != "" {
				words = append(words, Pair{Key: "delay", Value: Word(d)})
			}
			long = append(long, Row(words...))
		default:
			simple = append(simple, Template(that))
		}
	}
	switch all := slices.Concat(simple, long); {
	case len(all) == 1:
		k.plan.Thresholds = append(k.plan.Thresholds, Pair{Key: metric + selector, Value: all[0]})
	case len(all) > 1 && !slices.ContainsFunc(k.plan.Thresholds, func(p Pair) bool { return p.Key == metric+selector }):
		k.plan.Thresholds = append(k.plan.Thresholds, Pair{Key: metric + selector, Value: List(all...)})
	}
}

// metric is a metric's name and selector, if the plan has them.
func (k *k6) metric(key string) (name, selector string, ok bool) {
	m := k6Metric().FindStringSubmatch(key)
	if m == nil || !slices.Contains(slices.Concat(k6Times, k6Rates, k6Counters, k6Gauges), m[1]) {
		return "", "", false
	}
	if strings.TrimSpace(m[2]) == "" {
		return m[1], "", true
	}
	var tags []string
	for _, t := range strings.Split(m[2], ",") {
		tag := k6Tag().FindStringSubmatch(t)
		if tag == nil {
			return "", "", false
		}
		switch name, value := tag[1], tag[2]; {
		case name == "scenario" && k.names[value] != "":
			tags = append(tags, "scenario="+k.names[value])
		case name == "expected_response" && slices.Contains(k6Times[:7], m[1]) && (value == "true" || value == "false"):
			tags = append(tags, "expected="+value)
		default:
			return "", "", false
		}
	}
	return m[1], "{" + strings.Join(tags, ",") + "}", true
}

// k6That is a condition with its unit: times are milliseconds, rates shares of one, data bytes.
func k6That(metric, text string) (string, bool) {
	m := k6Condition().FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	value, err := strconv.ParseFloat(m[3], 64)
	if err != nil || value > 1e12 {
		return "", false
	}
	aggregate := strings.ReplaceAll(m[1], " ", "")
	if n := strings.TrimSuffix(strings.TrimPrefix(aggregate, "p("), ")"); n != aggregate {
		p, err := strconv.ParseFloat(n, 64)
		if err != nil || p <= 0 || p > 100 {
			return "", false
		}
		if aggregate = "p(" + n + ")"; !strings.Contains(n, ".") && p < 100 {
			aggregate = "p" + n
		}
	}
	operator := strings.NewReplacer("===", "==", "!==", "!=").Replace(m[2])
	is := func(names ...string) bool {
		return slices.Contains(names, aggregate) || strings.HasPrefix(aggregate, "p") && slices.Contains(names, "p")
	}
	switch {
	case slices.Contains(k6Times, metric) && is("p", "avg", "min", "max", "med"):
		return fmt.Sprintf("%s %s %sms", aggregate, operator, fraction(value)), true
	case slices.Contains(k6Rates, metric) && is("rate") && value <= 1:
		return fmt.Sprintf("rate %s %s%%", operator, fraction(value*100)), true
	case slices.Contains(k6Counters, metric) && is("rate") && !strings.HasPrefix(metric, "data"):
		return fmt.Sprintf("rate %s %s/s", operator, fraction(value)), true
	case slices.Contains(k6Counters, metric) && is("count") && !strings.HasPrefix(metric, "data"):
		return fmt.Sprintf("count %s %s", operator, fraction(value)), true
	case slices.Contains(k6Gauges, metric) && is("value", "min", "max"):
		return fmt.Sprintf("%s %s %s", aggregate, operator, fraction(value)), true
	}
	return "", false
}
