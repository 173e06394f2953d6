package monitor

import (
	"slices"
	"testing"

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

func TestMergeOfStartsAndTicks(t *testing.T) {
	got := Merge([][]metrics.StartSecond{{{Arrivals: 5, Late: 1}, {Arrivals: 2}}, {{Arrivals: 1, Late: 1, Dropped: 9}}}, []Second{{Ticks: 100, LateTicks: 2}})
	want := []Second{{Arrivals: 6, LateStarts: 2, Dropped: 9, Ticks: 100, LateTicks: 2}, {Arrivals: 2}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
