package executor

import (
	"testing"
	"time"
)

// Who finds that others want its core sleeps for a while, and for longer where that did not help.
func TestSpinGivesWay(t *testing.T) {
	const us, ms = int64(time.Microsecond), int64(time.Millisecond)
	type given struct{ from, to int64 }
	for _, c := range []struct {
		why   string
		gave  []given
		until int64 // it sleeps
	}{
		{"a short time is none", []given{{1000 * ms, 1000*ms + 30*us}}, 0},
		{"a slice of another process", []given{{1000 * ms, 1003 * ms}}, 1103 * ms},
		{"short times that are a tenth of the last 10 ms", []given{
			{1000 * ms, 1000*ms + 400*us}, {1003 * ms, 1003*ms + 400*us}, {1006 * ms, 1006*ms + 200*us},
		}, 1106*ms + 200*us},
		{"the same, far apart", []given{
			{1000 * ms, 1000*ms + 400*us}, {1011 * ms, 1011*ms + 400*us}, {1022 * ms, 1022*ms + 400*us},
		}, 0},
		{"again as soon as it spins again: longer", []given{{1000 * ms, 1003 * ms}, {1104 * ms, 1105 * ms}}, 1305 * ms},
		{"again, long after it", []given{{1000 * ms, 1003 * ms}, {1500 * ms, 1501 * ms}}, 1601 * ms},
	} {
		s := new(Spin)
		for _, g := range c.gave {
			s.gave(g.from, g.to)
		}
		if until := s.asleep.Load(); until != c.until || s.rests(c.until) || until > 0 && !s.rests(until-1) {
			t.Errorf("%s: sleeps until %v, not %v", c.why, time.Duration(until), time.Duration(c.until))
		}
	}
}

// However often it happens, it tries again at last.
func TestSpinTriesAgain(t *testing.T) {
	s, now := new(Spin), int64(time.Second)
	for range 100 {
		s.gave(now, now+grudge)
		if nap := s.asleep.Load() - now - grudge; nap < firstNap || nap > lastNap {
			t.Fatalf("a nap of %v", time.Duration(nap))
		}
		now = s.asleep.Load()
	}
}

// Without leave to spin there is no idle time to ask for.
func TestNoSpin(t *testing.T) {
	var s *Spin
	if s.Idle() != 0 {
		t.Error("idle time of nobody")
	}
}
