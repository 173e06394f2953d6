package report

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestQuantity(t *testing.T) {
	for _, c := range []struct {
		v    float64
		unit string
		want string
		why  string
	}{
		{0, "ms", "0 ms", "nothing has no digits"},
		{0.0001, "ms", "0.100 µs", "under a microsecond"},
		{0.85, "ms", "850 µs", "under a millisecond"},
		{0.9996, "ms", "1.00 ms", "rounding reaches the next unit"},
		{1.234, "ms", "1.23 ms", "three digits"},
		{99.96, "ms", "100 ms", "rounding adds a digit in front"},
		{999.4, "ms", "999 ms", "the last of its unit"},
		{999.6, "ms", "1.00 s", "and the first of the next"},
		{12345, "ms", "12.3 s", "seconds"},
		{119.9e3, "ms", "2m00s", "rounding reaches two minutes"},
		{125e3, "ms", "2m05s", "then as a clock"},
		{3.9e6, "ms", "1h05m", "hours"},
		{-5, "ms", "-5.00 ms", "a difference"},
		{math.NaN(), "ms", "–", "no number"},
		{math.Inf(1), "/s", "–/s", "no number either"},
		{0, "/s", "0/s", "nothing happened"},
		{0.0166, "/s", "0.0166/s", "one a minute"},
		{123456.7, "/s", "123,457/s", "an integer part is never rounded away"},
		{1, "%", "100%", "all"},
		{0, "%", "0%", "none"},
		{0.5, "%", "50.0%", "half"},
		{0.007, "%", "0.700%", "7 of 1,000"},
		{0.9999996, "%", "99.99996%", "not all is never 100%"},
		{1e-7, "%", "0.0000100%", "not none is never 0%"},
		{1023, "bytes", "1,023 B", "bytes are whole"},
		{1024, "bytes", "1.00 KiB", "binary units"},
		{1048575, "bytes", "1.00 MiB", "rounding reaches the next unit"},
		{5.4e6, "bytes/s", "5.15 MiB/s", "a rate of bytes"},
		{12, "", "12", "a whole number stays one"},
		{1234567, "", "1,234,567", "separators"},
		{3.456, "items", "3.46 items", "the author's unit"},
		{2, "a unit that never ends", "2 a unit… ends", "cut"},
		{1e18, "", "1e+18", "beyond what a person reads"},
	} {
		if got := quantity(c.v, c.unit, digits); got != c.want {
			t.Errorf("quantity(%v, %q) = %q, want %q: %s", c.v, c.unit, got, c.want, c.why)
		}
	}
}

func TestObservedIsNeverTheLimitByRounding(t *testing.T) {
	for _, c := range []struct {
		seen      map[string]float64
		unit      string
		condition string
		want      string
		why       string
	}{
		{map[string]float64{"p95": 310}, "ms", "p95 < 200ms", "310 ms", "far away: three digits"},
		{map[string]float64{"p95": 200.04}, "ms", "p95 < 200ms", "200.04 ms", "just above: as many as it takes"},
		{map[string]float64{"p95": 1000.4}, "ms", "p95 < 1s", "1.0004 s", "the same in another unit"},
		{map[string]float64{"p95": 1500}, "ms", "p95 < 1.5s", "1.50 s", "exactly the limit"},
		{map[string]float64{"p95": 200.04}, "ms", "p95  <  200 ms", "200.04 ms", "spaces do not matter"},
		{map[string]float64{"rate": 0.0070001}, "%", "rate <= 0.7%", "0.70001%", "per cent"},
		{map[string]float64{"rate": 1000.4}, "/s", "rate > 1000/s", "1,000.4/s", "separators do not matter"},
		{map[string]float64{"p95": 2, "avg": 1}, "ms", "avg < p95", "avg 1.00 ms, p95 2.00 ms", "several are named"},
		{map[string]float64{"rate": 0.5, "passes": 3}, "%", "rate > 1% && passes > 5", "passes 3, rate 50.0%", "each has its own unit"},
		{map[string]float64{"rate": 0.5, "passes": 3}, "", "passes > 5 && rate > 1%", "passes 3, rate 50.0%", "whichever comes first"},
		{map[string]float64{"count": 2048, "rate": 2048}, "bytes", "count > 1 && rate > 1", "count 2.00 KiB, rate 2.00 KiB/s", "bytes and their rate"},
		{nil, "ms", "p95 < 1s", "", "no data"},
	} {
		if got := observed(c.seen, c.unit, c.condition); got != c.want {
			t.Errorf("observed(%v, %q, %q) = %q, want %q: %s", c.seen, c.unit, c.condition, got, c.want, c.why)
		}
	}
}

func TestNumberKeepsThreeDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(1e-6, 1e12).Draw(t, "v")
		text := number(v, digits)
		back, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", ""), 64)
		if err != nil || math.Abs(back-v) > 0.005*v {
			t.Errorf("%v is shown as %s (%v)", v, text, err)
		}
	})
}

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0:00", 5900 * time.Millisecond: "0:05", 754 * time.Second: "12:34",
		3723 * time.Second: "1:02:03", 100 * time.Hour: "100:00:00", -time.Second: "0:00"} {
		if got := clock(d); got != want {
			t.Errorf("clock(%v) = %s, want %s", d, got, want)
		}
	}
}
