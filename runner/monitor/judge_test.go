package monitor

import (
	"slices"
	"strings"
	"testing"
	"time"

	"runner/runner/metrics"
)

func TestBadSeconds(t *testing.T) {
	for _, row := range []struct {
		why string
		s   Second
		bad bool
	}{
		{"a quiet second", Second{Arrivals: 1000, Ticks: 100}, false},
		{"two late starts are chance, whatever their share", Second{Arrivals: 2, LateStarts: 2, Ticks: 100}, false},
		{"three of three are not", Second{Arrivals: 3, LateStarts: 3, Ticks: 100}, true},
		{"three of 60 are 5 %, not over", Second{Arrivals: 60, LateStarts: 3, Ticks: 100}, false},
		{"three of 59 are over", Second{Arrivals: 59, LateStarts: 3, Ticks: 100}, true},
		{"50 of 1,000 are 5 %", Second{Arrivals: 1000, LateStarts: 50}, false},
		{"51 are over", Second{Arrivals: 1000, LateStarts: 51}, true},
		{"5 of 100 ticks", Second{Ticks: 100, LateTicks: 5}, false},
		{"6 of 100 ticks", Second{Ticks: 100, LateTicks: 6}, true},
		{"a second of which the run saw three ticks is measured by 100", Second{Ticks: 3, LateTicks: 3}, false},
		{"nothing was seen", Second{}, false},
	} {
		if got := row.s.Bad(); got != row.bad {
			t.Errorf("%s: bad is %v", row.why, got)
		}
	}
}

// run is so many good and bad seconds.
func run(good, bad int, what Second) []Second {
	var list []Second
	for range good {
		list = append(list, Second{Arrivals: 100, Ticks: 100})
	}
	for range bad {
		list = append(list, what)
	}
	return list
}

func TestJudge(t *testing.T) {
	starts, ticks := Second{Arrivals: 100, LateStarts: 40, Ticks: 100}, Second{Arrivals: 100, Ticks: 100, LateTicks: 30}
	busy, idle := Machine{CPU: 0.98, Cores: 2}, Machine{CPU: 0.2, Cores: 2}
	for _, row := range []struct {
		why     string
		seconds []Second
		local   int64
		machine Machine
		limited bool
		bad     int
		says    []string // parts of the evidence
	}{
		{"all went well", run(10, 0, starts), 0, idle, false, 0, nil},
		{"CPU alone convicts nobody", run(10, 0, starts), 0, busy, false, 0, nil},
		{"one bad second is none, in a run of any length", run(1, 1, starts), 0, busy, false, 1, nil},
		{"two in ten", run(8, 2, starts), 0, busy, true, 2, []string{"in 2 of 10 seconds iterations started late: 80 of their 200", "98% of 2 cores: give it more cores"}},
		{"two in 40 are 5 %, not over", run(38, 2, starts), 0, busy, false, 2, nil},
		{"two in 39 are over", run(37, 2, starts), 0, busy, true, 2, []string{"in 2 of 39 seconds"}},
		{"late ticks, on an idle process: another one is busy", run(5, 5, ticks), 0, idle, true, 5, []string{"was not woken in time: 150 ticks", "something else keeps the machine busy"}},
		{"garbage collection is told", run(5, 5, ticks), 0, Machine{CPU: 0.9, Cores: 2, LongestPause: 80 * time.Millisecond}, true, 5, []string{"paused for up to 80ms"}},
		{"one local error is enough", run(10, 0, starts), 1, idle, true, 0, []string{"1 requests failed through this host's fault"}},
		{"with descriptors at the limit", run(10, 0, starts), 5, Machine{Descriptors: 1000, DescriptorLimit: 1024}, true, 0, []string{"1000 of 1024 descriptors were open; raise the limit"}},
		{"a run without a second", nil, 0, idle, false, 0, nil},
	} {
		g := Judge(row.seconds, row.local, row.machine)
		if g.Limited != row.limited || g.BadSeconds != row.bad || g.Seconds != len(row.seconds) || g.CPU != row.machine.CPU {
			t.Errorf("%s: %+v", row.why, g)
		}
		text := strings.Join(g.Evidence, "\n")
		for _, part := range row.says {
			if !strings.Contains(text, part) {
				t.Errorf("%s: %q lacks %q", row.why, text, part)
			}
		}
		if !row.limited && text != "" {
			t.Errorf("%s: evidence of nothing: %q", row.why, text)
		}
	}
}

func TestMergeOfStartsAndTicks(t *testing.T) {
	got := Merge([][]metrics.StartSecond{{{Arrivals: 5, Late: 1}, {Arrivals: 2}}, {{Arrivals: 1, Late: 1, Dropped: 9}}}, []Second{{Ticks: 100, LateTicks: 2}})
	want := []Second{{Arrivals: 6, LateStarts: 2, Ticks: 100, LateTicks: 2}, {Arrivals: 2}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
