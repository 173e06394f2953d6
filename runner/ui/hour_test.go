package ui_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"runner/runner/metrics"
	"runner/runner/report"
)

// anHour is what an hour of fifty steps in two scenarios left behind.
func anHour(t *testing.T) *metrics.Totals {
	t.Helper()
	l := &metrics.Layout{Scenarios: []metrics.Scenario{{Name: "buyers"}, {Name: "viewers"}}, Classes: []string{"", "timeout"}}
	for i := range 50 {
		l.Steps = append(l.Steps, metrics.Step{Name: fmt.Sprintf("GET /a/rather/long/path/{id}/of/step/%d", i), Scenario: metrics.ScenarioID(i % 2), Group: -1, Method: "GET"})
	}
	r, totals := metrics.NewRecorder(l, nil, func() int64 { return 0 }), metrics.NewTotals(l, nil)
	for second := range int64(3600) {
		for i := range 50 {
			for k := range int64(1) {
				end := second*int64(time.Second) + k*300e6 + 1
				waiting := int64(time.Millisecond) * (1 + (second*7+int64(i)*13+k*k*90)%400)
				r.Shard(0).Request(&metrics.Request{Step: metrics.StepID(i), Start: end - waiting, End: end, Waiting: waiting, Last: true, BytesOut: true, Status: 200})
			}
		}
		totals.Add(r.Cut(0))
	}
	return totals
}

// With fifty steps and an hour of data what goes over the wire stays bounded, and so does the work of drawing it.
func TestAnHourOfFiftyStepsStaysSmall(t *testing.T) {
	totals := anHour(t)
	s := serve(t, nil)
	info := report.Info{Plan: "hour", Scenarios: []report.ScenarioInfo{{Name: "buyers"}, {Name: "viewers"}}}
	if err := s.Start(info); err != nil {
		t.Fatal(err)
	}
	s.Interval(&report.Live{Phase: report.PhaseRunning, Elapsed: time.Hour, Totals: totals})
	for path, most := range map[string]int{"api/v1/status": 120 << 10, "api/v1/timeline?points=600": 160 << 10,
		"api/v1/timeline?scenario=buyers&points=600": 160 << 10, "api/v1/timeline?scenario=buyers&step=GET+%2Fa%2Frather%2Flong%2Fpath%2F%7Bid%7D%2Fof%2Fstep%2F0&points=600": 160 << 10} {
		begin := time.Now()
		r := ask(t, s, "GET", path, "", nil)
		t.Logf("%s: %d bytes in %v", path, len(r.body), time.Since(begin))
		if r.code != 200 || len(r.body) > most {
			t.Errorf("%s: %d with %d bytes, want at most %d", path, r.code, len(r.body), most)
		}
	}
	page := browser(t, 1400, 1600)
	act(t, page, chromedp.Navigate(s.URL()))
	until(t, page, `state.status && charts.data`)
	t.Logf("a state takes %.1f ms to draw", read[float64](t, page, `(() => { const t = performance.now(); render(); return performance.now() - t; })()`))
	t.Logf("the charts take %.1f ms", read[float64](t, page, `(() => { const t = performance.now(); charts.show(charts.data); return performance.now() - t; })()`))
	if rows := read[int](t, page, `document.querySelectorAll("#requests tbody tr").length`); rows != 51 {
		t.Errorf("%d rows", rows)
	}
	shoot(t, page, "hour")
}
