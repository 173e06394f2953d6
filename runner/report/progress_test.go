package report

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"runner/runner/metrics"
)

func someInfo() Info {
	return Info{Plan: "webhook-burst", File: "plans/webhook-burst.yaml", Profile: "quick", Seed: 42, Planned: 12 * time.Second,
		Scenarios: []ScenarioInfo{
			{Name: "burst", Executor: "constant-arrival-rate, 5/s for 10s", VUs: 20, MaxVUs: 50},
			{Name: "idempotency", Executor: "per-vu-iterations, 1 each", VUs: 1, MaxVUs: 1},
			{Name: "background noise of all kinds", Executor: "constant-vus for 10s", VUs: 1000, MaxVUs: 1000}}}
}

func someLive() *Live {
	limit := 500.0
	return &Live{Phase: PhaseRunning, Elapsed: 5200 * time.Millisecond, Errors: []metrics.ClassCount{{Class: "timeout", Count: 1}, {Class: "status", Count: 1}},
		Generator: metrics.Generator{CPU: 0.031, StartLagP99Ms: 0.12, Seconds: 5},
		Scenarios: []LiveScenario{
			{Name: "burst", State: StateRunning, Progress: 0.52, Done: 25, Planned: 50, VUs: 3, MaxVUs: 50, IterationsS: 4.4, RequestsS: 5, P50Ms: 8.2, P95Ms: 12.34, P99Ms: 20.1, Errors: 2, Dropped: 1,
				Unit: "it/s", Target: 5, Factor: 1, Classes: []metrics.ClassCount{{Class: "timeout", Count: 1}, {Class: "status", Count: 1}},
				Curve: []float64{1, 2, 3, 4, 5, 5, 5, 5, 3, 1}, Reached: []float64{1, 2, 3, 4, 5, 4}},
			{Name: "idempotency", State: StateWaiting, Planned: 10, MaxVUs: 1},
			{Name: "background noise of all kinds", State: StateStopping, Progress: -1, Done: 1234567, Planned: -1, VUs: 1000, MaxVUs: 1000, IterationsS: 12345, RequestsS: 24690, P95Ms: 1500, Unit: "VUs", Target: 1200, Factor: 1.5,
				Curve: []float64{1000, 1000, 1200, 1200}, Reached: []float64{1000, 1000, 1200}}},
		Thresholds: []LiveThreshold{
			{ID: "http_req_latency{step=deliver event}: p95 < 500ms", Condition: "p95 < 500ms", Observed: map[string]float64{"p95": 12.34}, Unit: "ms", State: ThresholdOK, Limit: &limit},
			{ID: "http_req_failed: rate == 0%", Condition: "rate == 0%", Observed: map[string]float64{"rate": 0.04}, Unit: "%", State: ThresholdFailing},
			{ID: "checks: rate == 100%", Condition: "rate == 100%", Unit: "%", State: ThresholdNoData}}}
}

func TestFrames(t *testing.T) {
	paused := *someLive()
	paused.Paused = true
	limited := someLive()
	limited.Limited = "3 of the last 5 seconds were late"
	for _, c := range []struct {
		name   string
		live   *Live
		w, h   int
		colors bool
	}{
		{"40", someLive(), 40, 24, false}, {"80", someLive(), 80, 24, false}, {"120", someLive(), 120, 24, false}, {"160", someLive(), 160, 24, false},
		{"40-color", someLive(), 40, 24, true}, {"80-color", someLive(), 80, 24, true}, {"120-color", someLive(), 120, 24, true},
		{"low", someLive(), 120, 5, false}, {"lowest", someLive(), 120, 1, false}, {"limited", limited, 120, 24, false},
		{"paused", &paused, 100, 24, false},
		{"setup", &Live{Phase: PhaseSetup, Elapsed: 2 * time.Second}, 80, 24, false},
	} {
		golden(t, "frame-"+c.name+".txt", []byte(joinLines(frame(c.live, someInfo(), c.w, c.h, c.colors))))
	}
}

func anyLive(t *rapid.T) (*Live, Info) {
	text := hostileText()
	l := &Live{Phase: rapid.SampledFrom([]Phase{PhaseServices, PhaseSetup, PhaseRunning, PhaseGraceful, PhaseTeardown, hostile}).Draw(t, "phase"),
		Elapsed: time.Duration(rapid.Int64().Draw(t, "elapsed")), Limited: text.Draw(t, "limited"), Paused: rapid.Bool().Draw(t, "paused"),
		Errors: []metrics.ClassCount{{Class: text.Draw(t, "class"), Count: 3}}, Generator: metrics.Generator{CPU: rapid.Float64().Draw(t, "cpu"), Seconds: 1}}
	for range rapid.IntRange(0, 6).Draw(t, "scenarios") {
		l.Scenarios = append(l.Scenarios, LiveScenario{
			Name: text.Draw(t, "name"), State: rapid.SampledFrom([]State{StateWaiting, StateRunning, StateStopping, StateDone, hostile}).Draw(t, "state"),
			Progress: rapid.Float64().Draw(t, "progress"), Done: rapid.Int64().Draw(t, "done"), Planned: rapid.Int64().Draw(t, "planned"),
			VUs: rapid.Int64().Draw(t, "vus"), MaxVUs: rapid.Int64().Draw(t, "max"), IterationsS: rapid.Float64().Draw(t, "its"),
			RequestsS: rapid.Float64().Draw(t, "reqs"), P50Ms: rapid.Float64().Draw(t, "p50"), P95Ms: rapid.Float64().Draw(t, "p95"), P99Ms: rapid.Float64().Draw(t, "p99"),
			Unit: rapid.SampledFrom([]string{"it/s", "VUs", ""}).Draw(t, "unit"), Target: rapid.Float64().Draw(t, "target"), Factor: rapid.Float64().Draw(t, "factor"),
			Curve: rapid.SliceOfN(rapid.Float64(), 0, 70).Draw(t, "curve"), Reached: rapid.SliceOfN(rapid.Float64(), 0, 70).Draw(t, "reached"),
			Classes: []metrics.ClassCount{{Class: text.Draw(t, "class"), Count: 3}}, Errors: rapid.Int64().Draw(t, "errors"), Dropped: rapid.Int64().Draw(t, "dropped")})
	}
	for range rapid.IntRange(0, 6).Draw(t, "thresholds") {
		limit := rapid.Float64().Draw(t, "limit")
		l.Thresholds = append(l.Thresholds, LiveThreshold{ID: text.Draw(t, "id"), Condition: text.Draw(t, "condition"), Unit: text.Draw(t, "unit"),
			Observed: map[string]float64{text.Draw(t, "aggregate"): rapid.Float64().Draw(t, "observed")},
			State:    rapid.SampledFrom([]ThresholdState{ThresholdOK, ThresholdFailing, ThresholdNoData, hostile}).Draw(t, "state"), Limit: &limit})
	}
	return l, Info{Plan: text.Draw(t, "plan"), Planned: time.Duration(rapid.Int64().Draw(t, "planned"))}
}

func TestNoFrameIsLargerThanTheTerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		live, info := anyLive(t)
		w, h := rapid.IntRange(-1, 200).Draw(t, "w"), rapid.IntRange(-1, 20).Draw(t, "h")
		lines := frame(live, info, w, h, false)
		if len(lines) > max(1, h) {
			t.Errorf("%d lines on %d rows", len(lines), h)
		}
		for i, line := range frame(live, info, w, h, true) {
			text := ansiCodes.ReplaceAllString(line, "")
			if width(text) > max(1, w) {
				t.Errorf("%d wide, not %d: %q", width(text), w, text)
			}
			if strings.TrimRight(text, " ") != strings.TrimRight(lines[i], " ") {
				t.Errorf("with colours %q, without %q", text, lines[i])
			}
			if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("not clean: %q", text)
			}
		}
	})
}

// hour is a simulated hour with a frame each second: a long scenario, one that ends, and a threshold that fails for a
// while.
func hour(show func(*Live)) {
	show(&Live{Phase: PhaseServices})
	show(&Live{Phase: PhaseSetup, Elapsed: 2 * time.Second})
	for s := range 3600 {
		l := &Live{Phase: PhaseRunning, Elapsed: time.Duration(s) * time.Second}
		l.Scenarios = []LiveScenario{
			{Name: "steady", State: StateRunning, Progress: float64(s) / 3600, Done: int64(s) * 10, Planned: 36000, VUs: 4, MaxVUs: 10, IterationsS: 10, RequestsS: 20, P95Ms: 45.6},
			{Name: "short", State: StateRunning, Progress: float64(s) / 90, Done: int64(s), Planned: -1, VUs: 1, MaxVUs: 1, IterationsS: 1, RequestsS: 1, P95Ms: 5}}
		if s >= 90 {
			l.Scenarios[1].State, l.Scenarios[1].Progress, l.Scenarios[1].Done, l.Scenarios[1].VUs = StateDone, 1, 90, 0
		}
		th := LiveThreshold{ID: "http_req_latency: p95 < 100ms", Condition: "p95 < 100ms", Unit: "ms", State: ThresholdOK, Observed: map[string]float64{"p95": 45.6}}
		if s >= 400 && s < 800 {
			th.State, th.Observed, l.Limited = ThresholdFailing, map[string]float64{"p95": 131}, "late"
		}
		l.Thresholds = []LiveThreshold{th}
		show(l)
	}
	show(&Live{Phase: PhaseGraceful, Elapsed: time.Hour, Scenarios: []LiveScenario{{Name: "steady", State: StateDone, Progress: 1, Done: 36000, Planned: 36000, MaxVUs: 10, P95Ms: 45}}})
	show(&Live{Phase: PhaseTeardown, Elapsed: time.Hour + time.Second})
}

func TestPlainLinesOverAnHour(t *testing.T) {
	p := &plain{}
	var b strings.Builder
	b.WriteString(p.start(someInfo()))
	hour(func(l *Live) { b.WriteString(p.show(l, nil)) })
	golden(t, "plain-hour.txt", []byte(b.String()))
	if n := strings.Count(b.String(), "steady: "); n > 100 {
		t.Errorf("%d lines in an hour", n)
	}
}

func TestPlainLinesOfManyScenariosStayFew(t *testing.T) {
	p := &plain{}
	p.start(Info{})
	l := &Live{Phase: PhaseRunning}
	p.lines(l)
	l.Elapsed = 5 * time.Second
	for i := range 40 {
		l.Scenarios = append(l.Scenarios, LiveScenario{Name: fmt.Sprint("s", i), State: StateRunning, VUs: 2, RequestsS: 1.5, Errors: 1})
	}
	lines := p.lines(l)
	if len(lines) != manyRunning+1 || lines[manyRunning] != "[0:05] and 35 more scenarios: 70 VUs, 52.5 req/s, 35 errors" {
		t.Errorf("lines: %s", strings.Join(lines, "\n"))
	}
}

func TestPlainDayFitsALog(t *testing.T) {
	n := 0
	for at := following(0); at <= 24*time.Hour; at = following(at) {
		n++
	}
	if n > 250 {
		t.Errorf("%d moments in a day", n)
	}
}

// terminal is as much of a terminal as the screen needs: rows of text, a cursor, and the sequences that the screen uses.
type terminal struct {
	mu   sync.Mutex
	rows []string
	row  int
	bad  []string
}

func (m *terminal) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for text := string(p); text != ""; {
		var n int
		switch {
		case strings.HasPrefix(text, "\n"):
			m.row++
			text = text[1:]
		case strings.HasPrefix(text, "\r"):
			text = text[1:]
		case strings.HasPrefix(text, "\x1b[J"):
			m.rows = m.rows[:min(m.row, len(m.rows))]
			text = text[3:]
		case strings.HasPrefix(text, "\x1b[K"):
			text = text[3:]
		case scan(text, &n):
			m.row -= n
			if m.row < 0 {
				m.bad = append(m.bad, "cursor above the top")
				m.row = 0
			}
			text = text[strings.Index(text, "A")+1:]
		default:
			end := strings.IndexAny(text, "\n\r\x1b")
			if end == 0 {
				m.bad = append(m.bad, fmt.Sprintf("unknown sequence %q", text[:min(8, len(text))]))
				end = 1
			} else if end < 0 {
				end = len(text)
			}
			for len(m.rows) <= m.row {
				m.rows = append(m.rows, "")
			}
			m.rows[m.row] = text[:end]
			text = text[end:]
		}
	}
	return len(p), nil
}

func scan(text string, n *int) bool {
	k, err := fmt.Sscanf(text, "\x1b[%dA", n)
	return k == 1 && err == nil && strings.Contains(text, "A")
}

func (m *terminal) String() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return strings.Join(append(append([]string(nil), m.rows...), m.bad...), "\n") + "\n"
}

func TestLiveScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := &terminal{}
		p := NewProgress(screen, ProgressOptions{Size: func() (int, int) { return 121, 40 }})
		p.Print("from a service, before the start")
		if err := p.Start(someInfo()); err != nil {
			t.Fatal(err)
		}
		p.Interval(&Live{Phase: PhaseSetup})
		synctest.Wait()
		p.Interval(someLive())
		synctest.Wait()
		p.Print("event evt_1 " + hostile)
		synctest.Wait()
		later := someLive()
		later.Elapsed += time.Second
		later.Thresholds = later.Thresholds[:1]
		p.Interval(later)
		synctest.Wait()
		golden(t, "screen.txt", []byte(screen.String()))
		p.Print("the last words")
		if err := p.Finish(passing()); err != nil {
			t.Fatal(err)
		}
		p.Close()
		p.Print("too late")
		if len(p.lines) > 0 {
			t.Error("a line waits that nobody will show")
		}
		golden(t, "screen-end.txt", []byte(screen.String()))
	})
}

func TestAScreenThatBecomesNarrowerIsRedrawnFromItsFirstRow(t *testing.T) {
	columns := 121
	s := &screen{size: func() (int, int) { return columns, 40 }}
	s.start(someInfo())
	s.show(someLive(), nil)
	drawn := 0
	for _, w := range s.drawn {
		drawn += (w + 49) / 50
	}
	columns = 50
	if got, want := s.show(someLive(), nil), fmt.Sprintf("\r\x1b[%dA", drawn); !strings.HasPrefix(got, want) {
		t.Errorf("begins %q, want %q: the rows into which the terminal has broken the old lines", got[:8], want)
	}
}

func TestALogLineDoesNotMixWithTheOldFrame(t *testing.T) {
	s := &screen{size: func() (int, int) { return 121, 40 }}
	s.show(someLive(), nil)
	if got, want := s.show(nil, []string{"line"}), s.up(121)+"\x1b[Jline\n"; !strings.HasPrefix(got, want) {
		t.Errorf("begins %q, want %q: a long line would run into rows of the frame", got[:16], want)
	}
}

func TestAFrameLeavesTheLastRowToTheCursor(t *testing.T) {
	s := &screen{size: func() (int, int) { return 80, 4 }}
	if text := s.show(someLive(), nil); strings.Count(text, "\n") > 3 {
		t.Errorf("it scrolls a terminal of four rows: %q", text)
	}
}

// slow is a terminal that someone has stopped with Ctrl-S.
type slow struct {
	release chan struct{}
	writes  int
	buf     bytes.Buffer
}

func (s *slow) Write(p []byte) (int, error) {
	<-s.release
	s.writes++
	return s.buf.Write(p)
}

func TestASlowTerminalHoldsUpNothing(t *testing.T) {
	for name, size := range map[string]func() (int, int){"screen": func() (int, int) { return 100, 30 }, "plain": nil} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &slow{release: make(chan struct{})}
				p := NewProgress(w, ProgressOptions{Size: size})
				_ = p.Start(someInfo())
				for i := range 5000 {
					p.Print(fmt.Sprint("line ", i))
					p.Interval(someLive())
				}
				synctest.Wait()
				close(w.release)
				p.Close()
				text := w.buf.String()
				if !strings.Contains(text, "line 0\n") || !strings.Contains(text, "4,000 log lines left out") {
					t.Errorf("lost lines are not told: …%s", text[max(0, len(text)-300):])
				}
				if w.writes > 6 {
					t.Errorf("%d writes: frames were queued", w.writes)
				}
			})
		})
	}
}

func TestProgressWithoutAStartOrAWriter(t *testing.T) {
	p := NewProgress(&bytes.Buffer{}, ProgressOptions{})
	p.Print("x")
	p.Interval(someLive())
	p.Close()
	p.Close()
	if err := p.Start(Info{}); err != nil {
		t.Error(err)
	}

	gone := &vanished{}
	p = NewProgress(gone, ProgressOptions{Size: func() (int, int) { return 80, 24 }})
	_ = p.Start(someInfo())
	p.Interval(someLive())
	p.Print("x")
	if err := p.Finish(nil); err != nil {
		t.Errorf("a terminal that went away ended the run: %v", err)
	}
	if gone.writes != 1 {
		t.Errorf("%d writes to a terminal that is gone", gone.writes)
	}
}

// vanished is a terminal whose window was closed.
type vanished struct{ writes int }

func (v *vanished) Write([]byte) (int, error) {
	v.writes++
	return 0, errors.New("input/output error")
}

func TestLostLinesAreToldOnce(t *testing.T) {
	p := NewProgress(nil, ProgressOptions{})
	for range maxLines + 2 {
		p.Print("x")
	}
	if _, lines, _ := p.take(); len(lines) != maxLines+1 || !strings.HasPrefix(lines[maxLines], "(2 log lines left out") {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
	if live, lines, last := p.take(); live != nil || len(lines) > 0 || last {
		t.Errorf("taken twice: %v %v %v", live, lines, last)
	}
}

func TestAFlappingThresholdIsToldAtOnceAndThenRarely(t *testing.T) {
	p := &plain{}
	p.start(Info{})
	var told []string
	for s := range 20 {
		th := LiveThreshold{ID: "x", State: []ThresholdState{ThresholdOK, ThresholdFailing}[s%2]}
		told = append(told, p.lines(&Live{Phase: PhaseRunning, Elapsed: time.Duration(s) * time.Second, Thresholds: []LiveThreshold{th}})...)
	}
	want := "[0:00] phase: running|[0:01] threshold FAILING: x|[0:10] threshold ok again: x|[0:15] threshold FAILING: x"
	if got := strings.Join(told, "|"); got != want {
		t.Errorf("told %s\nwant %s", got, want)
	}
}

// outcome is an output that fails as it is told.
type outcome struct {
	start, finish error
	calls         []string
}

func (o *outcome) Start(Info) error             { o.calls = append(o.calls, "start"); return o.start }
func (o *outcome) Interval(*Live)               { o.calls = append(o.calls, "interval") }
func (o *outcome) Finish(*metrics.Result) error { o.calls = append(o.calls, "finish"); return o.finish }

func TestOutputsFinishAll(t *testing.T) {
	a, b := &outcome{finish: errors.New("disk full")}, &outcome{start: errors.New("no route")}
	c := &outcome{}
	all := Outputs{a, b, c}
	if err := all.Start(Info{}); err == nil || err.Error() != "no route" {
		t.Errorf("start: %v", err)
	}
	all.Interval(&Live{})
	if err := all.Finish(nil); err == nil || err.Error() != "disk full" {
		t.Errorf("finish: %v", err)
	}
	for i, want := range []string{"start interval finish", "start interval finish", "interval finish"} {
		if got := strings.Join(all[i].(*outcome).calls, " "); got != want {
			t.Errorf("output %d: %s, want %s", i, got, want)
		}
	}
}
