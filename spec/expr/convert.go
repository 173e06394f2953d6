package expr

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ToInt is a number's whole value: of an integer, of a float without a fraction, and of a text of digits. false for
// everything else.
func ToInt(v any) (int64, bool) {
	if n, ok := asInt(v); ok {
		return n, true
	}
	if f, ok := asFloat(v); ok {
		return wholeFloat(f)
	}
	if s, ok := asText(v); ok {
		n, err := strconv.ParseInt(s, 10, 64)
		return n, err == nil
	}
	return 0, false
}

// ToFloat is a number's value. A duration counts in milliseconds. false for everything but numbers and durations.
func ToFloat(v any) (float64, bool) {
	if d, ok := v.(time.Duration); ok {
		return float64(d) / float64(time.Millisecond), true
	}
	return asFloat(v)
}

// Whole is a whole number as a value; small ones cost no allocation.
func Whole(n int64) any { return boxInt(n) }

// ParseNumber reads a number as authors write one: 12, 0.5, -1e3 or, with a unit, 500ms, 1%, 10/s, 64KiB. Durations come
// in milliseconds, percentages as ratios, rates per second, sizes in bytes.
func ParseNumber(text string) (float64, error) {
	text = strings.TrimSpace(text)
	negative := strings.HasPrefix(text, "-")
	lit, err := parseLiteral(strings.TrimPrefix(text, "-"))
	if err != nil {
		return 0, err
	}
	f, _ := asFloat(lit.value)
	if negative {
		f = -f
	}
	return f, nil
}

// wholeFloat is a float's value as an integer, if it is one that fits.
func wholeFloat(f float64) (int64, bool) {
	if f != math.Trunc(f) || f < -1<<63 || f >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}

// plainValue gives what leaves an expression one form per kind: int64, []any, map[string]any.
func plainValue(v any) any {
	switch n := v.(type) {
	case nil, bool, int64, float64, string, []any, map[string]any, time.Time, time.Duration:
		return v
	case int:
		return boxInt(int64(n))
	case []byte:
		return string(n)
	}
	if n, ok := asInt(v); ok {
		return boxInt(n)
	}
	if f, ok := asFloat(v); ok {
		return f
	}
	if l, ok := asList(v); ok {
		for i := range l {
			l[i] = plainValue(l[i])
		}
		return l
	}
	if m, ok := asMap(v); ok {
		for k := range m {
			m[k] = plainValue(m[k])
		}
		return m
	}
	if s, ok := v.(fmt.Stringer); ok {
		return s.String()
	}
	return v
}
