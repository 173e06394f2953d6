package spec

import (
	"math"
	"math/big"
	"regexp"
	"strings"
	"time"
)

var digitsFirst = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)\s*(.*)$`)

// units of a duration, longest names first where one begins another.
var durationUnits = []struct {
	name string
	size time.Duration
}{{"us", time.Microsecond}, {"µs", time.Microsecond}, {"ms", time.Millisecond}, {"s", time.Second}, {"m", time.Minute}, {"h", time.Hour}, {"d", 24 * time.Hour}}

var durationPart = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)(\p{L}+)`)

// ParseDuration reads 500ms, 1m30s, 0.5s or 1d: numbers with units from d to us, largest first, each at most once. It is
// exact; what is finer than a nanosecond or longer than 292 years is an error.
func ParseDuration(s string) (time.Duration, error) {
	switch {
	case s == "":
		return 0, scalarError("write 30s", "the duration is empty")
	case strings.HasPrefix(s, "-"):
		return 0, scalarError("", "a duration can't be negative")
	case decimalText.MatchString(s):
		return 0, scalarError("write "+s+"s", "the unit is missing")
	}
	total, last := new(big.Rat), time.Duration(math.MaxInt64)
	for rest := s; rest != ""; {
		m := durationPart.FindStringSubmatch(rest)
		if m == nil {
			return 0, badDuration(s, rest)
		}
		unit := unitSize(m[2])
		if unit == 0 {
			return 0, badDuration(s, rest)
		}
		if unit >= last {
			return 0, scalarError("write 1m30s", "units go from large to small, each once")
		}
		part, ok := exact(m[1])
		if !ok {
			return 0, scalarError("", "the number has too many digits")
		}
		total.Add(total, part.Mul(part, new(big.Rat).SetInt64(int64(unit))))
		rest, last = rest[len(m[0]):], unit
	}
	if !total.IsInt() {
		return 0, scalarError("", "a duration is not finer than a nanosecond")
	}
	if !total.Num().IsInt64() {
		return 0, scalarError("", "the duration is too long")
	}
	return time.Duration(total.Num().Int64()), nil
}

func badDuration(s, rest string) error {
	m := digitsFirst.FindStringSubmatch(rest)
	if m == nil {
		return scalarError("write 30s, 500ms or 1m30s", "not a duration")
	}
	word := strings.TrimSpace(m[2])
	switch {
	case word == "":
		return scalarError("write "+s+"s", "the unit of %s is missing", m[1])
	case word == "ns":
		return scalarError("the finest unit is us", "ns is not a unit of a plan")
	case strings.Contains(rest, " "):
		return scalarError("write "+strings.ReplaceAll(s, " ", ""), "a duration has no spaces")
	}
	word = strings.TrimRight(word, "0123456789.")
	return scalarError("units are us, ms, s, m, h, d", "%s is not a unit of time", quoteShort(word))
}

func unitSize(name string) time.Duration {
	for _, u := range durationUnits {
		if u.name == name {
			return u.size
		}
	}
	return 0
}

// ParseThink reads what think waits: a duration (2s), or two with .. between them (1s..3s), the smaller first.
func ParseThink(s string) (least, most time.Duration, err error) {
	from, to, isRange := strings.Cut(s, "..")
	if least, err = ParseDuration(strings.TrimSpace(from)); err != nil || !isRange {
		return least, least, err
	}
	if most, err = ParseDuration(strings.TrimSpace(to)); err != nil {
		return 0, 0, err
	}
	if most < least {
		return 0, 0, scalarError("write "+strings.TrimSpace(to)+".."+strings.TrimSpace(from), "the range goes from the smaller to the larger time")
	}
	return least, most, nil
}
