package spec

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// thresholdsOf are a plan's judgements, each in one line.
func thresholdsOf(list []*Threshold) string {
	var lines []string
	for _, t := range list {
		s := t.Metric.Value
		for _, m := range t.Where {
			s += fmt.Sprintf(" [%s%s%s]", m.Tag, m.Op, m.Value)
		}
		for _, e := range t.That {
			s += " " + e.Source + ";"
		}
		if t.Abort.Value {
			s += " abort"
		}
		if !t.Explicit {
			s += " (default)"
		}
		lines = append(lines, s)
	}
	return strings.Join(lines, "\n")
}

func TestThresholdForms(t *testing.T) {
	for _, row := range []struct{ why, text, want string }{
		{"one condition", "checks: rate > 1%", "checks rate > 1%;"},
		{"a list is one judgement", "checks: [rate > 1%, rate < 2%]", "checks rate > 1%; rate < 2%;"},
		{"long forms are their own", "checks: [rate > 1%, { that: rate < 2%, abort: true }]", "checks rate > 1%;\nchecks rate < 2%; abort"},
		{"a selector", "checks{a=b, c!=d ,e =~ f.*}: rate > 1%", "checks [a=b] [c!=d] [e=~f.*] rate > 1%;"},
		{"values with spaces and quotes", `checks{step=deliver event, check='a, b}'}: rate > 1%`, "checks [step=deliver event] [check=a, b}] rate > 1%;"},
		{"spaces at the end of a value", "checks{step=a b , c=d }: rate > 1%", "checks [step=a b] [c=d] rate > 1%;"},
		{"where adds to a selector", "checks{a=b}: { where: { c: d }, that: rate > 1% }", "checks [a=b] [c=d] rate > 1%;"},
	} {
		plan := load(t, top("thresholds:\n  "+row.text), Options{})
		if got := thresholdsOf(plan.Thresholds); got != row.want {
			t.Errorf("%s: got\n%s\nwant\n%s", row.why, got, row.want)
		}
	}
	list := load(t, top("thresholds:\n  - metric: checks{a=b}\n    where: { c: d }\n    that: [rate > 1%]"), Options{})
	if got := thresholdsOf(list.Thresholds); got != "checks [a=b] [c=d] rate > 1%;" {
		t.Errorf("a list of long forms: %s", got)
	}
	inline := load(t, step("- get: /\n  thresholds: [p95 < 1s, { metric: http_reqs, that: count > 1 }]"), Options{})
	got := thresholdsOf(inline.Scenarios[0].Value.Steps[1].(*Request).Thresholds)
	if got != "http_req_latency p95 < 1s; (default)\nhttp_reqs count > 1;" {
		t.Errorf("on a step: %s", got)
	}
	where := plan0(t).Thresholds[0].Where
	if where[0].Pos.Col != 10 || where[1].Pos.Col != 15 || where[1].Pos.Line != 2 {
		t.Errorf("a matcher must know its place: %+v", where)
	}
}

func plan0(t *testing.T) *Plan {
	return load(t, top("thresholds:\n  checks{a=b, c=d}: rate > 1%"), Options{})
}

func TestStepForms(t *testing.T) {
	plan := load(t, step(strings.TrimSpace(`
- request: PURGE  /cache
  expect: [200, 3xx, 400..404]
  check: { ok: status == 200 }
  capture: { a: status, b: { from: body, secret: true, default: none } }
- think: 1s..3s
- think: ${vars.t}
- repeat: ${vars.n}
  steps: [{ get: / }]
- if: status == 200
  then: [{ stop: enough }]
  else: [{ abort: }]
- log: |
    two
    lines
- barrier: { vus: 2 }
  if: vu.id > 1`)), Options{})
	steps := plan.Scenarios[0].Value.Steps
	r := steps[1].(*Request)
	think, open, choose, log, barrier := steps[2].(*Think), steps[3].(*Think), steps[5].(*Choose), steps[6].(*Log), steps[7].(*Barrier)
	for what, ok := range map[string]bool{
		"method and URL":      r.Method == "PURGE" && r.URL.Value == "/cache",
		"the URL's place":     r.URL.Pos.Line == 8 && r.URL.Pos.Col == 25,
		"the verb's place":    r.Pos.Line == 8 && r.Pos.Col == 9 && r.Verb == "request",
		"statuses":            fmt.Sprint(r.Expect[0].From, r.Expect[1].To, r.Expect[2].From, r.Expect[2].To) == "200 399 400 404",
		"a named check":       r.Check[0].Name.Value == "ok" && r.Check[0].Expr.Source == "status == 200",
		"a long capture":      r.Capture[1].From.Source == "body" && r.Capture[1].Secret.Value && r.Capture[1].Default.Text.Value == "none",
		"no default":          r.Capture[0].Default.IsZero(),
		"a range of times":    think.Min == time.Second && think.Max == 3*time.Second,
		"an open time":        open.Max == 0 && open.Text.Value == "${vars.t}",
		"an open number":      steps[4].(*Repeat).Times.Value == "${vars.n}",
		"a choice":            choose.If.Source == "status == 200" && choose.Then[0].(*End).Message.Value == "enough" && choose.Else[0].Common().Verb == "abort",
		"a block":             log.Text.Value == "two\nlines\n" && log.Text.Block && log.Text.Pos.Line == 20 && log.Text.Pos.Col == 11,
		"a condition":         barrier.If.Source == "vu.id > 1" && barrier.VUs.Value == 2,
		"nothing is deferred": len(plan.Deferred()) == 0,
	} {
		if !ok {
			t.Errorf("%s: %+v %+v %+v", what, r, log, barrier)
		}
	}
	unnamed := load(t, step("- get: /\n  check: [status == 200]"), Options{}).Scenarios[0].Value.Steps[1].(*Request).Check[0]
	if unnamed.Name.Value != "status == 200" || unnamed.Name.Pos != unnamed.Expr.Pos {
		t.Errorf("a check without a name has its source's: %+v", unnamed)
	}
}

func TestMergeKeys(t *testing.T) {
	plan := load(t, top("x-a: &a { k: a, l: a }\nx-b: &b { k: b, m: b }\nvars: { <<: [*a, *b], l: own }"), Options{})
	var got []string
	for _, e := range plan.Vars {
		got = append(got, e.Key+"="+e.Value.Text.Value)
	}
	if s := strings.Join(got, " "); s != "l=own k=a m=b" {
		t.Errorf("the map's own keys win, then the first map: %s", s)
	}
}

func TestAQueryIsTextAsWritten(t *testing.T) {
	query := load(t, step("- get: /\n  query: { a: 007, b: [2.50, true], c: null, d: True }"), Options{}).Scenarios[0].Value.Steps[1].(*Request).Query
	a, _ := query.Get("a")
	b, _ := query.Get("b")
	c, _ := query.Get("c")
	if !a.Text.Quoted || a.Text.Value != "007" || !b.Items[0].Text.Quoted || b.Items[0].Text.Value != "2.50" || c.Kind != Null {
		t.Errorf("%+v", query)
	}
}

func TestValuesKeepTheirText(t *testing.T) {
	plan := load(t, top(`vars: { a: 1.10, b: "1", c: null, d: [true, { e: ~ }], f: 'it''s' }`), Options{})
	v := func(name string) Value { x, _ := plan.Vars.Get(name); return x }
	for what, ok := range map[string]bool{
		"source text":   v("a").Text.Value == "1.10" && !v("a").Text.Quoted,
		"quoted":        v("b").Text.Quoted && v("b").Text.Pos.Col == 22,
		"null":          v("c").Kind == Null && !v("c").IsZero(),
		"a list":        v("d").Kind == List && v("d").Items[0].Text.Value == "true",
		"a map":         v("d").Items[1].Entries[0].Value.Kind == Null,
		"single quotes": v("f").Text.Value == "it's",
	} {
		if !ok {
			t.Errorf("%s: %+v", what, plan.Vars)
		}
	}
}
