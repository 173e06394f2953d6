package report

import (
	"fmt"
	"maps"
	"strings"

	"runner/runner/metrics"
)

// lookAt names what to look at first after a threshold failed: the most frequent error, the check that failed most, the
// slowest step with the part that takes its time, or the scenario that dropped most. "": nothing stands out.
func lookAt(r *metrics.Result, t metrics.ThresholdResult) string {
	var hint string
	switch {
	case t.Metric == "checks":
		hint = worstCheck(r)
	case t.Metric == "dropped_iterations":
		hint = mostDropped(r)
	case strings.HasPrefix(t.Metric, "http_req_") && t.Metric != "http_req_failed" && len(t.Observed) > 0:
		hint = slowestStep(r, t)
	}
	if hint == "" {
		hint = topError(r)
	}
	return hint
}

// remedies say for a class of errors where its cause is usually found.
var remedies = map[string]string{
	"dns":            "does the name resolve from here?",
	"dial":           "is the target up and reachable?",
	"tls":            "are certificate and TLS version right?",
	"timeout":        "the target did not answer in time",
	"reset":          "the target closed the connection",
	"protocol":       "the target's bytes are not the HTTP they claim to be",
	"goaway":         "the target closes connections while requests are under way on them",
	"refused_stream": "the target takes no more streams: its log or its limit says why",
	"stream_reset":   "the target gave the request up: its log says why",
	"flow_control":   "the target stopped taking the request's body",
	"body_too_large": "the body is larger than the plan allows to keep",
	"status":         "its log says why",
	"local":          "this machine ran out of descriptors, ports or memory",
	"data":           "the plan's data ran out",
	"value":          "a capture or an expression found nothing",
}

func topError(r *metrics.Result) string {
	if len(r.Errors) == 0 {
		return ""
	}
	e := byCount(r.Errors)[0]
	text := fmt.Sprintf("error %q", e.Class)
	if e.Step != "" {
		text += fmt.Sprintf(" at step %q", e.Step)
	}
	text += fmt.Sprintf(" (%s×", count(e.Count))
	if len(e.Samples) > 0 && e.Samples[0].Message != "" {
		text += ", " + cut(Clean(e.Samples[0].Message), 60)
	}
	text += ")"
	if remedy := remedies[e.Class]; remedy != "" {
		text += ": " + remedy
	}
	return text
}

func worstCheck(r *metrics.Result) string {
	var worst metrics.CheckResult
	for _, k := range r.Checks {
		if k.Fails > worst.Fails {
			worst = k
		}
	}
	if worst.Fails == 0 {
		return ""
	}
	return fmt.Sprintf("check %q of step %q, which failed %s of %s", worst.Name, worst.Step, count(worst.Fails),
		plural(worst.Passes+worst.Fails, "time"))
}

func mostDropped(r *metrics.Result) string {
	var worst metrics.ScenarioResult
	for _, s := range r.Scenarios {
		if s.Dropped > worst.Dropped {
			worst = s
		}
	}
	if worst.Dropped == 0 {
		return ""
	}
	if strings.HasSuffix(worst.Executor, "-iterations") {
		return fmt.Sprintf("scenario %q, which had not started %s when its max_duration was over: raise it, or find what takes so long",
			worst.Name, plural(worst.Dropped, "iteration"))
	}
	return fmt.Sprintf("scenario %q, which dropped %s because all of its %s were busy: raise max_vus, or find what holds them",
		worst.Name, plural(worst.Dropped, "iteration"), plural(worst.VUsMax, "VU"))
}

// slowestStep names the step with the highest p95 among those a threshold selects.
func slowestStep(r *metrics.Result, t metrics.ThresholdResult) string {
	c := newCatalog(r)
	var tags map[string]string
	worst := -1.0
	for _, s := range stepSeries(r) {
		if !selected(t.Selector, s) {
			continue
		}
		if m := c.find(t.Metric, s); m.Values["count"] > 0 && m.Values["p95"] > worst {
			tags, worst = s, m.Values["p95"]
		}
	}
	if tags == nil {
		return ""
	}
	return fmt.Sprintf("step %q, whose p95 is %s%s", tags["step"], milliseconds(worst, digits), slowestPart(c, tags))
}

// selected says whether a step's tags may belong to a selector; tags that a step has not are open.
func selected(selector, tags map[string]string) bool {
	for _, tag := range []string{"scenario", "step"} {
		want, have := selector[tag], tags[tag]
		if want == "" || have == "" || strings.HasPrefix(want, "!=") || strings.HasPrefix(want, "=~") {
			continue
		}
		if want != have {
			return false
		}
	}
	return true
}

// slowestPart says which part of a request takes most of its time, over the step or, failing that, over all requests.
func slowestPart(c catalog, tags map[string]string) string {
	parts := []struct{ metric, words string }{
		{"http_req_blocked", "getting a connection"}, {"http_req_sending", "sending"},
		{"http_req_waiting", "waiting for the first byte"}, {"http_req_receiving", "receiving"},
	}
	for _, where := range []map[string]string{maps.Clone(tags), nil} {
		sum, most, words := 0.0, 0.0, ""
		for _, part := range parts {
			avg := c.find(part.metric, where).Values["avg"]
			if sum += avg; avg > most {
				most, words = avg, part.words
			}
		}
		if most > 0.6*sum && sum > 0 {
			return fmt.Sprintf(", %s of it %s", percent(most/sum, 2), words)
		}
	}
	return ""
}
