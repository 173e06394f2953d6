package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// none stands where there is no number.
const none = "–"

// digits is how many significant digits people get; the integer part is never rounded away.
const digits = 3

// count writes a whole number with separators: 1,234,567.
func count(n int64) string { return group(strconv.FormatInt(n, 10)) }

// group puts separators into the integer part of a decimal number.
func group(s string) string {
	sign, body := "", s
	if strings.HasPrefix(body, "-") {
		sign, body = "-", body[1:]
	}
	whole, fraction, _ := strings.Cut(body, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	return sign + whole
}

// number writes v with n significant digits, or more if its integer part has more.
func number(v float64, n int) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return none
	case v == 0:
		return "0"
	case math.Abs(v) >= 1e15 || math.Abs(v) < 1e-9:
		return strconv.FormatFloat(v, 'g', n, 64)
	}
	v = round(v, n)
	decimals := n - 1 - int(math.Floor(math.Log10(math.Abs(v))))
	return group(strconv.FormatFloat(v, 'f', max(0, decimals), 64))
}

// round rounds v to n significant digits, for comparing it with the bounds of a unit.
func round(v float64, n int) float64 {
	if math.Abs(v) >= math.Pow10(n) {
		return math.Round(v)
	}
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', n-1, 64), 64)
	if err != nil {
		return v
	}
	return r
}

// milliseconds writes a duration given in ms with the unit that reads best: 850 µs, 12.3 ms, 4.56 s, 16m40s, 1h05m.
func milliseconds(ms float64, n int) string {
	abs := round(math.Abs(ms), n)
	switch {
	case math.IsNaN(ms) || math.IsInf(ms, 0):
		return none
	case ms == 0:
		return "0 ms"
	case abs < 1:
		return number(ms*1000, n) + " µs"
	case abs < 1000:
		return number(ms, n) + " ms"
	case abs < 119.5e3 || n > digits || abs > 1e12:
		return number(ms/1000, n) + " s"
	}
	d := time.Duration(ms * 1e6).Round(time.Second)
	if d >= time.Hour {
		return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%dm%02ds", d/time.Minute, d%time.Minute/time.Second)
}

// seconds is milliseconds for a duration in seconds.
func seconds(s float64) string { return milliseconds(s*1000, digits) }

// size writes bytes in binary units.
func size(b float64, n int) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for ; i < len(units)-1 && math.Abs(round(b, n)) >= 1024; i++ {
		b /= 1024
	}
	if i == 0 && b == math.Trunc(b) {
		return count(int64(b)) + " B"
	}
	return number(b, n) + " " + units[i]
}

// percent writes a ratio 0..1. What is not all is never written as 100%, because a person would not see why
// "rate == 100%" failed.
func percent(ratio float64, n int) string {
	p := ratio * 100
	switch {
	case math.IsNaN(p) || math.IsInf(p, 0):
		return none
	case p == 0 || p == 100:
		return strconv.Itoa(int(p)) + "%"
	}
	s := number(p, n)
	for ; p < 100 && strings.HasPrefix(s, "100") && n < 15; n++ {
		s = number(p, n+1)
	}
	return s + "%"
}

// quantity writes a value of a metric with its unit: ms, bytes, bytes/s, %, /s; another unit follows the number.
func quantity(v float64, unit string, n int) string {
	switch unit {
	case "ms":
		return milliseconds(v, n)
	case "bytes":
		return size(v, n)
	case "bytes/s":
		return size(v, n) + "/s"
	case "%":
		return percent(v, n)
	case "/s":
		return number(v, n) + "/s"
	}
	s := number(v, n)
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		s = count(int64(v))
	}
	if unit == "" {
		return s
	}
	return s + " " + cut(Clean(unit), 12)
}

// clock writes how long a run has gone: 0:05, 12:34, 1:02:03.
func clock(d time.Duration) string {
	s := int64(max(0, d) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
