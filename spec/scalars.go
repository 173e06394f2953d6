package spec

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The scalars of the language, each with its own parser. Their errors are for the plan's author: what is wrong with the
// text, and an example of a right one. They are exact: no float takes part.

// ScalarError is why a text is not the scalar that it should be.
type ScalarError struct {
	Message string // `the unit is missing`
	Hint    string // `write 30s`
}

// Error is the message alone; the hint is for those who show it apart.
func (e *ScalarError) Error() string { return e.Message }

func scalarError(hint, format string, args ...any) error {
	return &ScalarError{Message: fmt.Sprintf(format, args...), Hint: hint}
}

var (
	integerText = regexp.MustCompile(`^[+-]?[0-9]+$`)
	decimalText = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)
	digitsFirst = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)\s*(.*)$`)
)

// ParseInt reads a whole number in decimal digits: no underscores, no exponent, no leading zero.
func ParseInt(s string) (int64, error) {
	switch {
	case strings.Contains(s, "_") && integerText.MatchString(strings.ReplaceAll(s, "_", "")):
		return 0, scalarError("write "+strings.ReplaceAll(s, "_", ""), "numbers are written without underscores")
	case !integerText.MatchString(s):
		return 0, scalarError("", "not a whole number")
	case leadingZero(s):
		return 0, scalarError("write "+stripZeros(s), "a whole number has no leading zero")
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, scalarError("", "the number is too large")
	}
	return n, err
}

// leadingZero tells whether a decimal number begins with a zero that says nothing: 007, -01, 00.5.
func leadingZero(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return len(s) > 1 && s[0] == '0' && s[1] >= '0' && s[1] <= '9'
}

func stripZeros(s string) string {
	digits := strings.TrimLeft(strings.TrimLeft(s, "+-"), "0")
	if digits == "" || digits[0] == '.' {
		digits = "0" + digits
	}
	if strings.HasPrefix(s, "-") {
		return "-" + digits
	}
	return digits
}

// ParseBool reads true or false, and nothing else: YAML's yes, no, on and off are errors with a hint.
func ParseBool(s string) (bool, error) {
	switch s {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	switch strings.ToLower(s) {
	case "yes", "on", "y", "true", "1":
		return false, scalarError("write true", "not true or false")
	case "no", "off", "n", "false", "0":
		return false, scalarError("write false", "not true or false")
	}
	return false, scalarError("", "not true or false")
}

// units of a duration, longest names first where one begins another.
var durationUnits = []struct {
	name string
	size time.Duration
}{{"us", time.Microsecond}, {"µs", time.Microsecond}, {"ms", time.Millisecond}, {"s", time.Second}, {"m", time.Minute}, {"h", time.Hour}, {"d", 24 * time.Hour}}

var durationPart = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)(us|µs|ms|s|m|h|d)`)

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

// exact is a decimal number as a fraction; ok is false if it is longer than any sensible number.
func exact(s string) (*big.Rat, bool) {
	if len(s) > 30 {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// ParseRate reads 5/s, 300/m, 0.5/s or 1/h as an exact fraction for a unit of time.
func ParseRate(s string) (Rate, error) {
	number, unit, found := strings.Cut(s, "/")
	number, unit = strings.TrimSpace(number), strings.TrimSpace(unit)
	switch {
	case strings.HasPrefix(s, "-"):
		return Rate{}, scalarError("", "a rate can't be negative")
	case !found && decimalText.MatchString(s):
		return Rate{}, scalarError("write "+s+"/s", "the unit is missing")
	case !found || !decimalText.MatchString(number):
		return Rate{}, scalarError("write 5/s, 300/m or 1/h", "not a rate")
	}
	per, ok := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}[unit]
	if !ok {
		return Rate{}, scalarError("units are /s, /m, /h", "%s is not a unit of a rate", quoteShort("/"+unit))
	}
	r, err := fraction(number)
	return Rate{Num: r.Num, Den: r.Den, Per: per}, err
}

// fraction is a decimal number in lowest terms.
func fraction(s string) (Ratio, error) {
	r, ok := exact(s)
	if !ok || !r.Num().IsInt64() || !r.Denom().IsInt64() {
		return Ratio{Den: 1}, scalarError("", "the number is too large or too fine")
	}
	return Ratio{Num: r.Num().Int64(), Den: r.Denom().Int64()}, nil
}

// ParsePercent reads 1% or 0.7% as an exact fraction: 0.7% is 7/1000.
func ParsePercent(s string) (Ratio, error) {
	number, found := strings.CutSuffix(s, "%")
	number = strings.TrimSpace(number)
	switch {
	case strings.HasPrefix(s, "-"):
		return Ratio{}, scalarError("", "a percentage can't be negative")
	case !found && decimalText.MatchString(s):
		return Ratio{}, scalarError("write "+s+"%", "the percent sign is missing")
	case !found || !decimalText.MatchString(number):
		return Ratio{}, scalarError("write 1% or 0.7%", "not a percentage")
	}
	r, ok := exact(number)
	if !ok {
		return Ratio{}, scalarError("", "the number has too many digits")
	}
	r.Quo(r, big.NewRat(100, 1))
	if !r.Num().IsInt64() || !r.Denom().IsInt64() {
		return Ratio{}, scalarError("", "the number is too large or too fine")
	}
	return Ratio{Num: r.Num().Int64(), Den: r.Denom().Int64()}, nil
}

var (
	sizeText  = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)$`)
	sizeUnits = map[string]int64{"B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
)

// ParseSize reads 64KiB, 10MiB, 1KB or 512B as bytes.
func ParseSize(s string) (int64, error) {
	m := sizeText.FindStringSubmatch(s)
	if m == nil {
		return 0, scalarError("write 64KiB, 10MiB or 512B", "not a size")
	}
	if m[2] == "" {
		return 0, scalarError("write "+s+"B", "the unit is missing")
	}
	unit, ok := sizeUnits[m[2]]
	if !ok {
		hint := "units are B, KB, MB, GB, KiB, MiB, GiB"
		for name := range sizeUnits {
			if strings.EqualFold(name, m[2]) {
				hint = "write " + m[1] + name
			}
		}
		return 0, scalarError(hint, "%s is not a unit of size", quoteShort(m[2]))
	}
	r, ok := exact(m[1])
	if !ok {
		return 0, scalarError("", "the number has too many digits")
	}
	r.Mul(r, new(big.Rat).SetInt64(unit))
	if !r.IsInt() || !r.Num().IsInt64() {
		return 0, scalarError("", "a size is a whole number of bytes, below 8 EiB")
	}
	return r.Num().Int64(), nil
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

// HasTemplate tells whether a text holds a template: a ${ that is not written $${.
func HasTemplate(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] != '$' {
			continue
		}
		if s[i+1] == '{' {
			return true
		}
		if s[i+1] == '$' && i+2 < len(s) && s[i+2] == '{' {
			i += 2
		}
	}
	return false
}
