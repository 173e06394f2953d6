package report

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"runner/runner/metrics"
)

func TestMarkdown(t *testing.T) {
	compared := shop()
	compared.Baseline = &metrics.BaselineResult{File: "base.json", Start: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Changes: []metrics.BaselineChange{
		{Metric: "http_req_latency", Tags: tags{"step": "scan"}, Aggregate: "p95", Unit: "ms", Base: 280, Head: 310.4},
		{Metric: "http_reqs", Aggregate: "rate", Base: 1000, Head: 2057.6},
		{Metric: "http_req_latency", Tags: tags{"step": "GET /"}, Aggregate: "p99", Unit: "ms", Base: 0.9, Head: 0.85, Weak: true},
		{Metric: "http_req_failed", Aggregate: "rate", Base: 0.1, Head: 0.1},
	}}
	compared.Outputs = []metrics.OutputResult{{Name: "prometheus=http://10.0.0.1/", Unit: "seconds", Delivered: 590, Missed: 10, Error: "connection refused"}, {Name: "samples=s.csv", Unit: "requests", Delivered: 5}}
	for name, r := range map[string]*metrics.Result{"pass": passing(), "fail": compared, "hostile": poisoned(), "empty": {}} {
		t.Run(name, func(t *testing.T) {
			text, err := Markdown(r)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "markdown-"+name+".md", text)
		})
	}
}

// A page fits where GitHub shows it, however much there is to tell, and says what it leaves out.
func TestMarkdownFits(t *testing.T) {
	r := shop()
	for i := range 3000 {
		r.Errors = append(r.Errors, metrics.ErrorResult{Class: "status", Step: fmt.Sprint("step ", i), Count: int64(i), Samples: []metrics.ErrorSample{{Message: strings.Repeat("|*", 300)}}})
		r.Checks = append(r.Checks, metrics.CheckResult{Name: fmt.Sprint("check ", i), Fails: 1})
		r.Thresholds = append(r.Thresholds, threshold("http_reqs", "", fmt.Sprint("count > ", i), "fail", nil, ""))
	}
	text, err := Markdown(r)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > CommentLimit {
		t.Errorf("%d bytes", len(text))
	}
	for _, want := range []string{"❌", "more thresholds left out", "more errors left out", "more checks left out", "on linux/amd64"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("it does not say %q:\n%s", want, text[len(text)-1500:])
		}
	}
}

// hostileMarks is what text from a target could do to a page on GitHub.
var hostileMarks = []string{
	"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a | b", `a \| b`, "`code` | `", "```\n# head\n```", "@octocat", "#1", "[x](javascript:alert(1))",
	"![i](http://evil/i.png)", "http://evil.example/", "www.evil.example", "$x^2$", ":rocket:", "**bold**", "~~gone~~", "<!-- hidden", "</code>", "</sub><h1>", `ends with \`,
	"::error::forged", "\n::set-output name=x::y", "##[error]x", "&lt;b&gt;",
}

func TestHostileTextDoesNothingInMarkdown(t *testing.T) {
	for _, h := range hostileMarks {
		r := shop()
		r.Verdict.Reasons = append([]string{h}, r.Verdict.Reasons...)
		r.Errors = []metrics.ErrorResult{{Class: "status", Step: h, Count: 1, Samples: []metrics.ErrorSample{{Message: h}}}}
		r.Checks = []metrics.CheckResult{{Name: h, Step: h, Fails: 1}}
		text, err := Markdown(r)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") {
				t.Errorf("%q: a workflow command: %s", h, line)
			}
			shown := regexp.MustCompile("`[^`|]*`").ReplaceAllString(line, "") // what is in a code span is text
			for _, bad := range []string{"<script", "<img", "<h1", "<!--", "](", "@octocat", "://", "www.", "$x", ":rocket", "**bold", "~~"} {
				if strings.Contains(shown, bad) {
					t.Errorf("%q: %q stands in %s", h, bad, line)
				}
			}
			if strings.HasPrefix(line, "| `status`") && strings.Count(shown, "|") != 5 {
				t.Errorf("%q breaks the table: %s", h, line)
			}
		}
	}
}

func TestStepSummary(t *testing.T) {
	path := filepath.Join(t.TempDir(), "summary.md")
	var warnings strings.Builder
	for range 2 {
		if err := NewStepSummary(path, &warnings).Finish(passing()); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Count(string(text), "### ✅ PASS") != 2 || warnings.Len() > 0 {
		t.Errorf("%v %s\n%s", err, warnings.String(), text)
	}
	if err := os.WriteFile(path, make([]byte, summaryLimit-100), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := NewStepSummary(path, &warnings).Finish(passing()); err != nil || !strings.Contains(warnings.String(), "the summary is full") {
		t.Errorf("a full summary: %v, %q", err, warnings.String())
	}
	if err := NewStepSummary(filepath.Join(path, "no"), &warnings).Finish(passing()); err != nil {
		t.Errorf("a summary that cannot be written is only told: %v", err)
	}
}
