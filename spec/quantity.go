package spec

import (
	"math/big"
	"regexp"
	"strings"
	"time"
)

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

var sizeText = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)$`)

var sizeUnits = map[string]int64{"B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}

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
