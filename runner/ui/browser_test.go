package ui_test

import (
	"context"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"runner/runner"
	"runner/runner/metrics"
	"runner/runner/report"
	"runner/runner/ui"
	"runner/spec"
)

var screens = flag.String("screens", "", "write screenshots to this folder")

// patience is how long a test waits for the browser; it is only spent where something is broken.
const patience = 2 * time.Minute

// browser is a headless Chromium with one page. Where there is none, the test is skipped: TestEvents and the others look at
// what the page is told without it.
func browser(t *testing.T, width, height int) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium here (apt-get install chromium): the page itself is not looked at")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WindowSize(width, height), chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(patience))
	ctx, stopBrowser := chromedp.NewExecAllocator(context.Background(), opts...)
	page, closePage := chromedp.NewContext(ctx)
	t.Cleanup(func() { _ = chromedp.Cancel(page); closePage(); stopBrowser() })
	act(t, page, chromedp.Navigate("about:blank"))
	return page
}

func act(t *testing.T, page context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(page, actions...); err != nil {
		t.Fatal(err)
	}
}

// read is the value of a JavaScript expression on the page.
func read[T any](t *testing.T, page context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(page, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits for a JavaScript condition on the page.
func until(t *testing.T, page context.Context, condition string) {
	t.Helper()
	expression := `new Promise((done) => { const look = () => { if (` + condition + `) done(true); else setTimeout(look, 20); }; look(); })`
	limited, stop := context.WithTimeout(page, patience)
	defer stop()
	if _, err := chromedp.Run(limited, chromedp.Evaluate[bool](expression, chromedp.EvalAwaitPromise)); err != nil {
		t.Fatalf("waiting for %s: %v", condition, err)
	}
}

// kept is an output that keeps the result.
type kept struct{ result *metrics.Result }

func (k *kept) Start(report.Info) error        { return nil }
func (k *kept) Interval(*report.Live)          {}
func (k *kept) Finish(r *metrics.Result) error { k.result = r; return nil }

// planned is a program for a server of its own.
func planned(t *testing.T, plan string) *runner.Program {
	t.Helper()
	var n atomic.Int64
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/sometimes" && n.Add(1)%4 == 0 {
			http.Error(w, "<img src=x onerror=document.title='owned'>", http.StatusInternalServerError)
		}
	}))
	t.Cleanup(target.Close)
	path := filepath.Join(t.TempDir(), "plan.yaml")
	if err := os.WriteFile(path, []byte("version: 1\nname: \"<i>shop</i>\"\nhttp: { base_url: \""+target.URL+"\" }\n"+plan), 0o600); err != nil {
		t.Fatal(err)
	}
	p, problems := runner.Compile(must(spec.Load(path, spec.Options{})))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return p
}

func must(p *spec.Plan, problems spec.Problems) (*spec.Plan, spec.Problems, runner.Options) {
	return p, problems, runner.Options{Seed: 1, Env: func(string) (string, bool) { return "", false }}
}

const shop = `
scenarios:
  buyers:
    executor: { type: constant-arrival-rate, rate: 20/s, duration: 6s, vus: 5 }
    steps:
      - get: /always
        check: { "<u>fine</u>": status == 200 }
      - get: /sometimes
  viewers:
    executor: { type: constant-vus, vus: 3, duration: 6s }
    steps: [ { get: /always }, { think: 50ms } ]
thresholds: { http_req_latency: p95 < 2s, http_reqs: rate > 1/s }
`

// The numbers on the page are those of the result file, also of what a target tried to smuggle in.
func TestThePageShowsTheResult(t *testing.T) {
	page := browser(t, 1400, 1600)
	s, err := ui.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k := &kept{}
	done := make(chan error, 1)
	p := planned(t, shop)
	act(t, page, chromedp.Navigate(s.URL()))
	go func() {
		_, err := p.Run(context.Background(), runner.RunOptions{Outputs: report.Outputs{k, s}, Control: true})
		done <- err
	}()
	const press = `document.getElementById("pause").click()`
	until(t, page, `!document.getElementById("pause").disabled`)
	read[any](t, page, press)
	until(t, page, `document.getElementById("state").textContent === "PAUSED"`)
	read[any](t, page, press)
	until(t, page, `document.querySelectorAll("#chart-latency canvas").length > 0`)
	shoot(t, page, "live")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	until(t, page, `state.result`)
	if err := s.Close(); err != nil { // what it showed last stays
		t.Error(err)
	}
	compare(t, page, k.result)
	shoot(t, page, "end")
	title, foreign := read[string](t, page, "document.title"), read[int](t, page, `document.querySelectorAll("main i, main u, main img, header i").length`)
	if title != "<i>shop</i> – runner" || foreign > 0 {
		t.Errorf("title %q, %d elements of others", title, foreign)
	}
	if n := len(k.result.Interventions); n != 2 || !strings.HasPrefix(k.result.Interventions[0].By, "page") {
		t.Errorf("interventions: %+v", k.result.Interventions)
	}
}

// compare compares the raw numbers behind the page's cells, and the verdict, with the result.
func compare(t *testing.T, page context.Context, r *metrics.Result) {
	t.Helper()
	rows := read[map[string]map[string]string](t, page, `Object.fromEntries([...document.querySelectorAll("#requests tbody tr")].map((tr) =>
		[tr.cells[0].textContent, Object.fromEntries([...tr.cells].slice(1).map((td) => [td.dataset.column, td.dataset.value]))]))`)
	seen := 0
	for name, cells := range rows {
		scenario, step, pair := strings.Cut(name, " › ")
		for column, from := range map[string][2]string{"count": {"http_reqs", "count"}, "rate": {"http_reqs", "rate"}, "failed": {"http_req_failed", "passes"},
			"med": {"http_req_latency", "med"}, "p95": {"http_req_latency", "p95"}, "p99": {"http_req_latency", "p99"}, "max": {"http_req_latency", "max"}} {
			want := map[string]string{}
			if pair {
				want = map[string]string{"scenario": scenario, "step": step}
			}
			got, err := strconv.ParseFloat(cells[column], 64)
			if v := value(r, from[0], from[1], want); err != nil || v != got {
				t.Errorf("%s, %s: %q on the page, %v in the result", name, column, cells[column], v)
			}
			seen++
		}
	}
	if len(rows) != 4 || seen != 28 {
		t.Errorf("%d rows: %v", len(rows), rows)
	}
	state := read[string](t, page, `document.getElementById("state").textContent`)
	observed := read[[]string](t, page, `[...document.querySelectorAll("#thresholds tbody tr")].map((tr) => tr.cells[3].dataset.value)`)
	if want := map[string]string{"pass": "PASS", "fail": "FAIL", "load_not_achieved": "LOAD NOT ACHIEVED"}[r.Verdict.Status]; state != want {
		t.Errorf("%q on the page, %q in the result", state, r.Verdict.Status)
	}
	for i, th := range r.Thresholds {
		for _, v := range th.Observed {
			if got, err := strconv.ParseFloat(observed[i], 64); err != nil || got != v {
				t.Errorf("%s: %q on the page, %v in the result", th.ID, observed[i], v)
			}
		}
	}
}

func value(r *metrics.Result, name, aggregate string, tags map[string]string) float64 {
	for _, m := range r.Metrics {
		if m.Name == name && len(m.Tags) == len(tags) && m.Tags["scenario"] == tags["scenario"] && m.Tags["step"] == tags["step"] {
			return m.Values[aggregate]
		}
	}
	return -1
}

// shoot writes a screenshot in light and dark, wide and narrow, if they are wanted.
func shoot(t *testing.T, page context.Context, name string) {
	t.Helper()
	if *screens == "" {
		return
	}
	for _, look := range []struct {
		name          string
		width, height int64
		click         bool
	}{{"light", 1400, 1700, false}, {"dark", 1400, 1700, true}, {"narrow-dark", 390, 1700, false}, {"narrow-light", 390, 1700, true}} {
		if look.click {
			read[any](t, page, `document.getElementById("theme").click()`)
		}
		act(t, page, chromedp.EmulateViewport(look.width, look.height), chromedp.Sleep(400*time.Millisecond))
		png, err := chromedp.Run(page, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*screens, name+"-"+look.name+".png"), png, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	act(t, page, chromedp.EmulateViewport(1400, 1600))
}
