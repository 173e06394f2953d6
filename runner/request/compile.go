package request

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"runner/runner/metrics"
	"runner/runner/vu"
	"runner/spec"
	"runner/spec/expr"
)

// The defaults of a request, where neither step, scenario nor plan says otherwise.
const (
	DefaultTimeout   = 30 * time.Second
	DefaultRedirects = 10
	DefaultMaxBody   = 10 << 20
)

// defaultExpect is what is not a failure: 2xx, and 3xx that were not followed.
var defaultExpect = []spec.Status{{From: 200, To: 399}}

// UserAgent is what requests call themselves unless the plan says otherwise.
const UserAgent = "runner"

// Compile turns a request step of the plan into a Step and adds it, its checks and its names to the compiler's layout.
func Compile(c *vu.Compiler, s *spec.Request) vu.Step {
	above := c.HTTP
	c.HTTP = above.With(s.HTTP)
	defer func() { c.HTTP = above }()
	h := &c.HTTP
	step := &Step{
		method: s.Method, peer: peerOf(c, s), later: c.Later,
		timeout:   s.Timeout.Or(h.Timeout.Or(DefaultTimeout)),
		redirects: int(s.Redirects.Or(h.Redirects.Or(DefaultRedirects))),
		decode:    h.Decode.Or(true), maxBody: h.MaxBody.Or(DefaultMaxBody),
		expect:    firstOf(s.Expect, h.Expect, defaultExpect),
		onFailure: endings[s.OnFailure.Value],
	}
	step.url = compileAddress(c, s.URL)
	reach(c, s.URL, step.peer)
	step.name = seriesName(c, s, step.url.text)
	c.Called(step.name)
	for _, q := range s.Query {
		step.query = append(step.query, parameter{name: url.QueryEscape(q.Key), value: c.Value(q.Value)})
	}
	step.cookies = compileCookies(c, s)
	outer := c.Scope
	c.Scope = outer.Child()
	compileBody(c, s, step)
	compileHeaders(c, s, step)
	step.cookies.header, step.ownTrace = step.has("Cookie"), step.has(traceparent)
	step.auth = compileAuth(c, s)
	c.Scope = outer
	step.id = stepID(c, s, step)
	c.After = step.name
	compileResponse(c, s, step)
	step.use = expr.NewStepUse(step.name, &c.Counts.Replies)
	c.Scope.DefineStep(step.use)
	where := []spec.Matcher{{Tag: "scenario", Op: "=", Value: c.Layout.Scenarios[c.Scenario].Name}, {Tag: "step", Op: "=", Value: step.name}}
	for _, t := range s.Thresholds {
		c.Judge(metrics.Source{Threshold: t, Where: where})
	}
	return step
}

// peerOf is the way to connect: the scenario's own, unless the step has settings of its own.
func peerOf(c *vu.Compiler, s *spec.Request) int {
	if c.Peer == nil || s.HTTP.Pos.IsZero() {
		return 0
	}
	return c.Peer(c.HTTP)
}

var endings = map[string]ending{"": goOn, "continue": goOn, "next_iteration": nextIteration, "stop": stopVU, "abort": abortRun}

func firstOf(lists ...[]spec.Status) []spec.Status {
	for _, l := range lists {
		if len(l) > 0 {
			return l
		}
	}
	return nil
}

// compileAddress decides whether base_url applies.
func compileAddress(c *vu.Compiler, t spec.Text) address {
	a := address{slot: -1, text: c.Text(t)}
	if relative(t) {
		if c.HTTP.BaseURL.IsZero() {
			p := spec.Problemf(t.Pos, len(t.Value), "%q has no host, and the plan has no http.base_url", t.Value)
			c.Add(spec.Problems{p.WithHint("write http: { base_url: \"https://…\" }, or the whole URL")})
			return a
		}
		if a.base = c.Text(c.HTTP.BaseURL); a.base != nil && a.base.Constant() {
			a.slot = c.NewConst()
			checkAddress(c, a.base, c.HTTP.BaseURL)
		}
		return a
	}
	if strings.HasPrefix(t.Value, "${") && !c.HTTP.BaseURL.IsZero() {
		a.home = c.Text(c.HTTP.BaseURL)
	}
	if a.text != nil && a.text.Constant() {
		a.slot = c.NewConst()
		checkAddress(c, a.text, t)
	}
	return a
}

// checkAddress judges a URL that is written out.
func checkAddress(c *vu.Compiler, compiled *expr.Template, t spec.Text) {
	text, ok := compiled.Const()
	if !ok {
		return
	}
	if _, err := parse(text); err != nil {
		c.Addf(t.Pos, len(t.Value), "%v", err)
	}
}

// compileBody compiles the body and, after it, lets headers read request.body.
func compileBody(c *vu.Compiler, s *spec.Request, step *Step) {
	switch {
	case s.GraphQL != nil:
		step.body.json, step.body.contentType = c.Value(graphqlBody(s.GraphQL)), "application/json"
		step.answers, step.needsBody = leniency[s.GraphQL.Errors.Value], true
	case !s.JSON.IsZero():
		step.body.json, step.body.contentType = c.Value(s.JSON), "application/json"
	case len(s.Form) > 0:
		step.body.contentType = "application/x-www-form-urlencoded"
		for _, f := range s.Form {
			step.body.form = append(step.body.form, field{name: url.QueryEscape(f.Key), value: c.Text(f.Value)})
		}
	case len(s.Multipart) > 0:
		step.body.multipart, step.body.contentType = compileMultipart(c, s.Multipart), "multipart/form-data"
		step.body.multipart.step = step.name
	case !s.Body.IsZero():
		step.body.text = c.Text(s.Body)
	}
	if step.body.multipart != nil && step.body.multipart.files {
		c.Scope.StreamRequestBody()
		return
	}
	c.Scope.AllowRequestBody()
}

// compileHeaders merges the plan's, the scenario's and the step's headers; names ignore case, the nearest wins, and null
// takes a header away.
func compileHeaders(c *vu.Compiler, s *spec.Request, step *Step) {
	merged := mergeHeaders(c.HTTP.Headers, s.Headers)
	has := map[string]bool{}
	for _, h := range merged {
		if h.Value.Null || isAuthorization(h) && setsAuthorization(nearestAuth(c, s)) {
			continue
		}
		has[strings.ToLower(h.Key)] = true
		if step.body.multipart != nil && strings.EqualFold(h.Key, "Content-Type") {
			p := spec.Problemf(h.KeyPos, len(h.Key), "the Content-Type of a multipart body says where its parts end: it can't be set")
			c.Add(spec.Problems{p.WithHint("take it away with Content-Type: null, or give a part its content_type")})
		}
		t := c.Text(h.Value)
		if t == nil {
			continue
		}
		one := header{name: h.Key, value: t, slot: -1}
		if t.Constant() {
			one.slot = c.NewConst()
		}
		step.headers = append(step.headers, one)
	}
	if has["content-type"] {
		step.body.contentType = ""
	}
	step.body.contentTypeValue = []byte(step.body.contentType)
	if !has["user-agent"] {
		t, _ := expr.CompileText(spec.Text{Value: UserAgent}, c.Scope) // plain text has no mistakes
		step.headers = append(step.headers, header{name: "User-Agent", value: t, slot: c.NewConst()})
	}
}

// has tells whether the step writes a header.
func (s *Step) has(name string) bool {
	return slices.ContainsFunc(s.headers, func(h header) bool { return strings.EqualFold(h.name, name) })
}

// mergeHeaders lets later maps win over earlier ones, whatever the case of a name.
func mergeHeaders(all ...spec.Map[spec.Text]) spec.Map[spec.Text] {
	var merged spec.Map[spec.Text]
	for _, m := range all {
		for _, h := range m {
			merged = deleteHeader(merged, h.Key)
			merged = append(merged, h)
		}
	}
	return merged
}

func deleteHeader(m spec.Map[spec.Text], name string) spec.Map[spec.Text] {
	kept := m[:0:0]
	for _, h := range m {
		if !strings.EqualFold(h.Key, name) {
			kept = append(kept, h)
		}
	}
	return kept
}

// stepID finds or makes the step's series: two steps of one scenario and group with one name are one series.
func stepID(c *vu.Compiler, s *spec.Request, step *Step) metrics.StepID {
	tags := maps.Clone(c.Tags)
	if flow := c.Flow(); flow != "" {
		if tags == nil {
			tags = map[string]string{}
		}
		tags["flow"] = flow
	}
	for _, t := range s.Tags {
		if tags == nil {
			tags = map[string]string{}
		}
		tags[t.Key] = t.Value.Value
		if c.Fixed == nil {
			continue
		}
		value, problem := c.Fixed(t.Value)
		if problem != nil {
			c.Add(spec.Problems{*problem})
		}
		tags[t.Key] = value
	}
	for i := range c.Layout.Steps {
		have := &c.Layout.Steps[i]
		if have.Name == step.name && have.Scenario == c.Scenario && have.Group == c.Group() && have.Method == s.Method && maps.Equal(have.Tags, tags) {
			return metrics.StepID(i)
		}
	}
	c.Layout.Steps = append(c.Layout.Steps, metrics.Step{Name: step.name, Scenario: c.Scenario, Group: c.Group(), Method: s.Method, Tags: tags})
	return metrics.StepID(len(c.Layout.Steps) - 1)
}

func checkID(c *vu.Compiler, step metrics.StepID, name string) metrics.CheckID {
	for i := range c.Layout.Checks {
		if k := &c.Layout.Checks[i]; k.Step == step && k.Name == name {
			return metrics.CheckID(i)
		}
	}
	c.Layout.Checks = append(c.Layout.Checks, metrics.Check{Name: name, Scenario: c.Scenario, Step: step})
	return metrics.CheckID(len(c.Layout.Checks) - 1)
}
