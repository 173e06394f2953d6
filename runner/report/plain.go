package report

import (
	"fmt"
	"strings"
	"time"
)

// plain writes lines for a log: each says all by itself what it is about. It goes by the run's clock, so that the same
// run writes the same lines.
type plain struct {
	next       time.Duration
	phase      Phase
	states     map[string]State
	thresholds map[string]ThresholdState
	limited    bool
	paused     bool
	warned     bool            // of the generator
	failed     map[string]bool // thresholds that have been told of
}

// manyRunning is how many scenarios get a line of their own at a time.
const manyRunning = 5

func (p *plain) start(info Info) string {
	p.states = map[string]State{}
	p.thresholds = map[string]ThresholdState{}
	p.failed = map[string]bool{}
	return joinLines(introduction(info))
}

func (p *plain) show(live *Live, lines []string) string {
	if live != nil {
		lines = append(lines, p.lines(live)...)
	}
	return joinLines(lines)
}

func (p *plain) end() string { return "" }

// pause is how long to be quiet after a line: often at first, then ever rarer. An hour has fewer than 100 moments, a day
// fewer than 250.
func pause(elapsed time.Duration) time.Duration {
	switch {
	case elapsed < time.Minute:
		return 5 * time.Second
	case elapsed < 5*time.Minute:
		return 15 * time.Second
	case elapsed < 15*time.Minute:
		return 30 * time.Second
	case elapsed < time.Hour:
		return time.Minute
	case elapsed < 6*time.Hour:
		return 5 * time.Minute
	}
	return 15 * time.Minute
}

// following is the next moment to speak, on a round number.
func following(elapsed time.Duration) time.Duration {
	every := pause(elapsed)
	return elapsed.Truncate(every) + every
}

// lines is what there is to say now: a new phase, a scenario's end and whatever fails for the first time at once, all else
// when its time has come.
func (p *plain) lines(l *Live) []string {
	at := "[" + clock(l.Elapsed) + "] "
	var lines []string
	if l.Phase != p.phase {
		if l.Phase == PhaseRunning {
			p.next = following(l.Elapsed)
		}
		p.phase = l.Phase
		lines = append(lines, at+"phase: "+Clean(string(l.Phase)))
	}
	if l.Paused != p.paused {
		p.paused = l.Paused
		lines = append(lines, at+map[bool]string{true: "paused: nothing new is started", false: "resumed"}[l.Paused])
	}
	due := l.Elapsed >= p.next && (l.Phase == PhaseRunning || l.Phase == PhaseGraceful)
	lines = append(lines, p.scenarios(l, at, due)...)
	if due {
		p.next = following(l.Elapsed)
	}
	return append(lines, p.judged(l, at, due)...)
}

func (p *plain) scenarios(l *Live, at string, due bool) []string {
	var lines []string
	shown, more := 0, LiveScenario{}
	for _, s := range l.Scenarios {
		ended := s.State != p.states[s.Name] && s.State == StateDone
		p.states[s.Name] = s.State
		active := s.State == StateRunning || s.State == StateStopping
		switch {
		case ended:
			lines = append(lines, at+sentence(s))
		case due && active && shown < manyRunning:
			shown++
			lines = append(lines, at+sentence(s))
		case due && active:
			shown++
			more.VUs += s.VUs
			more.RequestsS += s.RequestsS
			more.Errors += s.Errors
		}
	}
	if rest := shown - manyRunning; rest > 0 {
		lines = append(lines, fmt.Sprintf("%sand %s: %s, %s, %s", at, plural(int64(rest), "more scenario"), plural(more.VUs, "VU"),
			quantity(more.RequestsS, "req/s", digits), plural(more.Errors, "error")))
	}
	return lines
}

// sentence is a scenario on one line.
func sentence(s LiveScenario) string {
	failed := plural(s.Errors, "error")
	if text := classes(s.Classes); text != "" {
		failed += " (" + cut(text, 60) + ")"
	}
	parts := []string{share(s.Progress), iterations(s), users(s), pace(s), quantity(s.RequestsS, "req/s", digits),
		latency("p50", s.P50Ms), latency("p95", s.P95Ms), latency("p99", s.P99Ms), failed}
	if s.Dropped > 0 {
		parts = append(parts, count(s.Dropped)+" dropped")
	}
	return fmt.Sprintf("%s: %s, %s", cut(Clean(s.Name), 60), s.State, strings.Join(parts, ", "))
}

// judged tells which thresholds began or ceased to fail, and the same of the generator.
func (p *plain) judged(l *Live, at string, due bool) []string {
	var lines []string
	if limited := l.Limited != ""; limited != p.limited && (due || !p.warned) {
		p.limited, p.warned = limited, true
		text := "generator healthy again"
		if limited {
			text = "generator limited: " + Clean(l.Limited)
		}
		lines = append(lines, at+text)
	}
	for _, t := range l.Thresholds {
		was, failing := p.thresholds[t.ID], t.State == ThresholdFailing
		if !due && (p.failed[t.ID] || !failing) {
			continue
		}
		p.thresholds[t.ID] = t.State
		if t.State == was || !failing && was != ThresholdFailing {
			continue
		}
		p.failed[t.ID] = true
		word := "threshold ok again: "
		if failing {
			word = "threshold FAILING: "
		} else if t.State == ThresholdNoData {
			word = "threshold without data: "
		}
		line := at + word + Clean(t.ID)
		if seen := observed(t.Observed, t.Unit, t.Condition); seen != "" {
			line += " (observed " + Clean(seen) + ")"
		}
		lines = append(lines, line)
	}
	return lines
}
