package report

import (
	"context"
	"fmt"
	"html"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"runner/runner/metrics"
)

// overTime gives a result a timeline, a plan and an environment.
func overTime(r *metrics.Result, names string) *metrics.Result {
	r.Plan.Text, r.Plan.Env = "name: "+names+"\nversion: 1\n", map[string]string{"BASE": names}
	series := func(name, aggregate, scenario, step string) metrics.TimelineSeries {
		s := metrics.TimelineSeries{Name: name, Tags: tags{}, Values: []float64{5, 0, 7.25}}
		for k, v := range (tags{"aggregate": aggregate, "scenario": scenario, "step": step}) {
			if v != "" {
				s.Tags[k] = v
			}
		}
		return s
	}
	line := func(scenario, step string) []metrics.TimelineSeries {
		list := []metrics.TimelineSeries{series("http_reqs", "", scenario, step), series("http_req_failed", "", scenario, step), series("request_errors", "", scenario, step)}
		for _, p := range []string{"p50", "p95", "p99"} {
			list = append(list, series("http_req_latency", p, scenario, step))
		}
		if step == "" {
			list = append(list, series("vus", "", scenario, step), series("iterations", "", scenario, step), series("dropped_iterations", "", scenario, step))
		}
		return list
	}
	r.Timeline.IntervalS, r.Timeline.Series = 1, append(line("", ""), line(names, "")...)
	r.Timeline.Steps.IntervalS, r.Timeline.Steps.Series = 2, line(names, names)
	r.Timeline.Latencies = metrics.LatencyBands{IntervalS: 1, BoundsMs: []float64{1, 2, 4}, Maps: []metrics.LatencyMap{{Tags: tags{}, Counts: [][]int64{{0, 5}, {}, {0, 2, 1, 5}}}}}
	return r
}

// bareHTML is a page without the scripts and styles, which have files of their own.
func bareHTML(t *testing.T, r *metrics.Result) string {
	t.Helper()
	text, err := HTML(r)
	if err != nil {
		t.Fatal(err)
	}
	bare := regexp.MustCompile(`(?s)<(style|script)>.*?</(style|script)>`).ReplaceAllString(string(text), "<$1>…</$2>")
	return regexp.MustCompile(`sha256-[^']*`).ReplaceAllString(bare, "sha256-…")
}

func TestHTML(t *testing.T) {
	compared := overTime(shop(), "buy")
	compared.Baseline = &metrics.BaselineResult{File: "base.json", SamePlan: true, Changes: []metrics.BaselineChange{{Metric: "http_req_latency", Aggregate: "p95", Unit: "ms", Base: 280, Head: 310.4}}}
	for name, r := range map[string]*metrics.Result{"pass": passing(), "fail": compared, "hostile": overTime(poisoned(), hostile), "empty": {}} {
		t.Run(name, func(t *testing.T) { golden(t, "html-"+name+".html", []byte(bareHTML(t, r))) })
	}
}

// A page loads nothing, and lets nothing run that it did not bring.
func TestHTMLStandsAlone(t *testing.T) {
	text, err := HTML(overTime(shop(), "buy"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	if !strings.Contains(page, "default-src 'none'; script-src 'sha256-") || strings.Contains(page, "unsafe") {
		t.Error("its policy is not strict")
	}
	bare := bareHTML(t, overTime(shop(), "buy"))
	for _, bad := range []string{" src=", "<link", "url(", "@import", " style=", " onclick", " href=\"http"} {
		if strings.Contains(bare, bad) {
			t.Errorf("%q is in the page", bad)
		}
	}
	if strings.Contains(page, "ZgotmplZ") {
		t.Error("the template found something unsafe")
	}
}

// hostileHTML is text that could run in a page.
var hostileHTML = []string{
	`<script>document.title="owned"</script>`, `</script><script>document.title="owned"</script>`, `"><img src=x onerror=document.title="owned">`,
	`<!--<script>`, `' onmouseover='document.title="owned"`, `</style><script>document.title="owned"</script>`, `javascript:document.title="owned"`,
	"\u2028document.title='owned'", `{{.Plan}}`, `</pre></textarea></title><svg onload=document.title="owned">`, `]]><script>document.title="owned"</script>`,
}

func poisonedHTML() *metrics.Result {
	r := overTime(shop(), strings.Join(hostileHTML, " "))
	all := strings.Join(hostileHTML, " ")
	r.Plan.Name, r.Plan.File, r.Verdict.Reasons = all, all, append([]string{}, hostileHTML...)
	r.Errors = nil
	for _, h := range hostileHTML {
		r.Errors = append(r.Errors, metrics.ErrorResult{Class: "status", Step: h, Scenario: h, Count: 1, Samples: []metrics.ErrorSample{{Message: h, URL: h}}})
		r.Checks = append(r.Checks, metrics.CheckResult{Name: h, Step: h, Scenario: h, Fails: 1})
	}
	r.Outputs = []metrics.OutputResult{{Name: all, Error: all, Missed: 1}}
	return r
}

func TestHTMLShowsHostileTextAsText(t *testing.T) {
	bare := bareHTML(t, poisonedHTML())
	if n := strings.Count(bare, "<script"); n != 3 {
		t.Errorf("%d scripts, want those of the page: data, uPlot, the page's own", n)
	}
	for _, bad := range []string{"<img", "<svg", "</textarea", `" onmouseover`} {
		if strings.Contains(bare, bad) {
			t.Errorf("%q is in the page", bad)
		}
	}
}

// A browser draws the charts of every page, and nothing of a hostile one runs.
func TestHTMLInABrowser(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium here: ", err)
	}
	for name, c := range map[string]struct {
		r      *metrics.Result
		charts int
	}{"plain": {overTime(shop(), "buy"), 6}, "hostile": {poisonedHTML(), 6}} {
		t.Run(name, func(t *testing.T) {
			text, err := HTML(c.r)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "page.html")
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute) // only spent where something is broken
			defer stop()
			cmd := exec.CommandContext(ctx, chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(), "--enable-logging=stderr", "--virtual-time-budget=2000", "--dump-dom", "file://"+path)
			cmd.WaitDelay = 10 * time.Second // what it started may hold its output
			var dom, log strings.Builder
			cmd.Stdout, cmd.Stderr = &dom, &log
			if err := cmd.Run(); err != nil {
				t.Fatalf("%v: %s", err, log.String())
			}
			if strings.Contains(log.String(), "CONSOLE") || strings.Contains(log.String(), "Refused") {
				t.Errorf("the browser complains: %s", log.String())
			}
			if n := strings.Count(dom.String(), "<canvas"); n != c.charts {
				t.Errorf("%d charts, want %d", n, c.charts)
			}
			if !strings.Contains(dom.String(), "<title>FAIL – ") {
				t.Errorf("the title is another: %.300s", dom.String())
			}
		})
	}
}

// Whatever the numbers are, every report has the same ones: those of the result.
func TestReportsHaveTheResultsNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		made := rapid.Int64Range(1, 1e12).Draw(t, "requests")
		failed := rapid.Int64Range(0, made).Draw(t, "failed")
		p95 := math.Abs(rapid.Float64Range(1e-3, 1e6).Draw(t, "p95"))
		passes, fails := rapid.Int64Range(0, 1e9).Draw(t, "passes"), rapid.Int64Range(1, 1e9).Draw(t, "fails")
		r := passing()
		r.Verdict = metrics.Verdict{Status: "fail", ExitCode: 99}
		r.Metrics = append(step{n: float64(made), failed: float64(failed), p95: p95}.series(), step{tags: tags{"step": "scan"}, n: float64(made), failed: float64(failed), p95: p95}.series()...)
		r.Thresholds = []metrics.ThresholdResult{threshold("http_req_latency", "", "p95 < 1h", "fail", map[string]float64{"p95": p95}, "ms")}
		r.Checks = []metrics.CheckResult{{Name: "ok", Step: "scan", Passes: passes, Fails: fails}}
		r.Errors = []metrics.ErrorResult{{Class: "timeout", Step: "scan", Count: fails}}
		for kind, wanted := range map[string][]string{
			"markdown": {"| " + count(made) + " |", "| **" + count(failed) + "** |", " " + milliseconds(p95, digits) + " ", "| " + count(passes) + " | **" + count(fails) + "** |"},
			"html":     {">" + count(made) + "<", ">" + count(failed) + "<", ">" + milliseconds(p95, digits) + "<", ">" + count(passes) + "<", ">" + count(fails) + "<"},
			"junit":    {"observed " + milliseconds(p95, digits), "held " + plural(passes, "time") + ", failed " + plural(fails, "time")},
		} {
			for _, k := range Kinds() {
				if k.Name != kind {
					continue
				}
				text, err := k.Make(r)
				if err != nil {
					t.Fatal(err)
				}
				shown := html.UnescapeString(string(text))
				for _, want := range wanted {
					if failed == 0 {
						want = strings.ReplaceAll(want, "**0**", "0")
					}
					if !strings.Contains(shown, want) {
						t.Fatalf("%s does not say %q: %s", kind, want, fmt.Sprintf("%.4000s", shown))
					}
				}
			}
		}
	})
}
