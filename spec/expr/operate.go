package expr

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"
)

// equal compares two values. Numbers compare by value whatever their width, nil with anything. Values of different kinds
// are an error: false would hide that a check compares a text with a number and can never hold.
func equal(a, b any) (bool, error) {
	switch x := a.(type) {
	case bool:
		if y, ok := b.(bool); ok {
			return x == y, nil
		}
	case string:
		if y, ok := b.(string); ok {
			return x == y, nil
		}
	case int64:
		if y, ok := b.(int64); ok {
			return x == y, nil
		}
	}
	ka, kb := kindOf(a), kindOf(b)
	switch {
	case ka == kindNil || kb == kindNil:
		return ka == kb, nil
	case ka.numeric() && kb.numeric():
		order, ordered := compareNumbers(a, b)
		return ordered && order == 0, nil
	case ka != kb:
		return false, fmt.Errorf("cannot compare %s with %s", describe(a), describe(b))
	case ka == kindText:
		x, _ := asText(a)
		y, _ := asText(b)
		return x == y, nil
	case ka == kindTime:
		return a.(time.Time).Equal(b.(time.Time)), nil
	}
	return same(a, b), nil
}

// same compares inside lists and maps, where different kinds are just different.
func same(a, b any) bool {
	ka, kb := kindOf(a), kindOf(b)
	switch {
	case ka.numeric() && kb.numeric():
		order, ordered := compareNumbers(a, b)
		return ordered && order == 0
	case ka != kb:
		return false
	case ka == kindNil:
		return true
	case ka == kindList:
		x, _ := asList(a)
		y, _ := asList(b)
		return sameList(x, y)
	case ka == kindMap:
		x, _ := asMap(a)
		y, _ := asMap(b)
		return sameMap(x, y)
	case ka == kindOther:
		return reflect.DeepEqual(a, b)
	}
	is, err := equal(a, b)
	return is && err == nil
}

func sameList(x, y []any) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !same(x[i], y[i]) {
			return false
		}
	}
	return true
}

func sameMap(x, y map[string]any) bool {
	if len(x) != len(y) {
		return false
	}
	for k, v := range x {
		if w, ok := y[k]; !ok || !same(v, w) {
			return false
		}
	}
	return true
}

// compareNumbers orders two numbers exactly: an integer beyond 2^53 is not rounded to meet a float. ordered is false for
// NaN.
func compareNumbers(a, b any) (order int, ordered bool) {
	x, xInt := asInt(a)
	y, yInt := asInt(b)
	switch {
	case xInt && yInt:
		return sign(x < y, x > y), true
	case xInt:
		f, _ := asFloat(b)
		order, ordered = compareIntFloat(x, f)
		return order, ordered
	case yInt:
		f, _ := asFloat(a)
		order, ordered = compareIntFloat(y, f)
		return -order, ordered
	}
	f, _ := asFloat(a)
	g, _ := asFloat(b)
	return sign(f < g, f > g), f == f && g == g
}

func compareIntFloat(n int64, f float64) (order int, ordered bool) {
	switch {
	case f != f:
		return 0, false
	case f >= 1<<63:
		return -1, true
	case f < -1<<63:
		return 1, true
	}
	whole := math.Floor(f)
	if m := int64(whole); n != m {
		return sign(n < m, n > m), true
	}
	return sign(whole < f, false), true
}

func sign(less, more bool) int {
	switch {
	case less:
		return -1
	case more:
		return 1
	}
	return 0
}

// compare orders two values of one kind: numbers, texts, times, durations.
func compare(a, b any) (int, bool, error) {
	ka, kb := kindOf(a), kindOf(b)
	switch {
	case ka.numeric() && kb.numeric():
		order, ordered := compareNumbers(a, b)
		return order, ordered, nil
	case ka == kindText && kb == kindText:
		x, _ := asText(a)
		y, _ := asText(b)
		return strings.Compare(x, y), true, nil
	case ka == kindTime && kb == kindTime:
		return a.(time.Time).Compare(b.(time.Time)), true, nil
	case ka == kindDuration && kb == kindDuration:
		return sign(a.(time.Duration) < b.(time.Duration), a.(time.Duration) > b.(time.Duration)), true, nil
	}
	return 0, false, fmt.Errorf("cannot order %s and %s", describe(a), describe(b))
}

func less(a, b any) (bool, error) {
	order, ok, err := compare(a, b)
	return ok && order < 0, err
}

func more(a, b any) (bool, error) {
	order, ok, err := compare(a, b)
	return ok && order > 0, err
}

func lessOrEqual(a, b any) (bool, error) {
	order, ok, err := compare(a, b)
	return ok && order <= 0, err
}

func moreOrEqual(a, b any) (bool, error) {
	order, ok, err := compare(a, b)
	return ok && order >= 0, err
}
