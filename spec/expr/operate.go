package expr

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
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

var errTooBig = errors.New("the result is too large")

// add adds numbers, joins texts, and moves a time by a duration or by milliseconds.
func add(a, b any) (any, error) {
	ka, kb := kindOf(a), kindOf(b)
	switch {
	case ka == kindInt && kb == kindInt:
		x, y, err := twoInts(a, b)
		if sum := x + y; err == nil && (sum > x) == (y > 0) {
			return boxInt(sum), nil
		}
		return nil, errTooBig
	case ka.numeric() && kb.numeric():
		x, _ := asFloat(a)
		y, _ := asFloat(b)
		return finite(x + y)
	case ka == kindText && kb == kindText:
		x, _ := asText(a)
		y, _ := asText(b)
		return x + y, nil
	case ka == kindTime && (kb.numeric() || kb == kindDuration):
		return moveTime(a.(time.Time), b, 1)
	case kb == kindTime && (ka.numeric() || ka == kindDuration):
		return moveTime(b.(time.Time), a, 1)
	}
	hint := ""
	if ka == kindText || kb == kindText {
		hint = "; string(…) makes a text of a number, int(…) or float(…) a number of a text"
	}
	return nil, fmt.Errorf("cannot add %s and %s%s", describe(a), describe(b), hint)
}

// subtract subtracts numbers, moves a time back, and measures between two times in milliseconds.
func subtract(a, b any) (any, error) {
	ka, kb := kindOf(a), kindOf(b)
	switch {
	case ka == kindInt && kb == kindInt:
		x, y, err := twoInts(a, b)
		if diff := x - y; err == nil && (diff < x) == (y > 0) {
			return boxInt(diff), nil
		}
		return nil, errTooBig
	case ka.numeric() && kb.numeric():
		x, _ := asFloat(a)
		y, _ := asFloat(b)
		return finite(x - y)
	case ka == kindTime && kb == kindTime:
		return float64(a.(time.Time).Sub(b.(time.Time))) / 1e6, nil
	case ka == kindTime && (kb.numeric() || kb == kindDuration):
		return moveTime(a.(time.Time), b, -1)
	}
	return nil, fmt.Errorf("cannot subtract %s from %s", describe(b), describe(a))
}

func moveTime(t time.Time, by any, sign float64) (any, error) {
	ms, _ := ToFloat(by)
	if math.Abs(ms) > 9e12 {
		return nil, errTooBig
	}
	return t.Add(time.Duration(sign * ms * 1e6)), nil
}

func multiply(a, b any) (any, error) {
	ka, kb := kindOf(a), kindOf(b)
	switch {
	case ka == kindInt && kb == kindInt:
		x, y, err := twoInts(a, b)
		if err != nil {
			return nil, err
		}
		return multiplyInts(x, y)
	case ka.numeric() && kb.numeric():
		x, _ := asFloat(a)
		y, _ := asFloat(b)
		return finite(x * y)
	}
	return nil, fmt.Errorf("cannot multiply %s by %s", describe(a), describe(b))
}

func multiplyInts(x, y int64) (any, error) {
	hi, lo := bits.Mul64(magnitude(x), magnitude(y))
	negative := (x < 0) != (y < 0)
	switch {
	case hi != 0, !negative && lo > math.MaxInt64, negative && lo > 1<<63:
		return nil, errTooBig
	case negative:
		return boxInt(-int64(lo)), nil
	}
	return boxInt(int64(lo)), nil
}

func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

var errZero = errors.New("division by zero")

func divide(a, b any) (any, error) {
	x, okX := asFloat(a)
	y, okY := asFloat(b)
	switch {
	case !okX || !okY:
		return nil, fmt.Errorf("cannot divide %s by %s", describe(a), describe(b))
	case y == 0:
		return nil, errZero
	}
	return finite(x / y)
}

func modulo(a, b any) (any, error) {
	x, okX := asInt(a)
	y, okY := asInt(b)
	switch {
	case !okX || !okY:
		return nil, fmt.Errorf("%% needs two whole numbers, not %s and %s", describe(a), describe(b))
	case y == 0:
		return nil, errZero
	case y == -1:
		return boxInt(0), nil
	}
	return boxInt(x % y), nil
}

func power(a, b any) (any, error) {
	x, okX := asFloat(a)
	y, okY := asFloat(b)
	if !okX || !okY {
		return nil, fmt.Errorf("cannot raise %s to the power of %s", describe(a), describe(b))
	}
	return finite(math.Pow(x, y))
}

func negate(a any) (any, error) {
	switch kindOf(a) {
	case kindInt:
		n, ok := asInt(a)
		if !ok || n == math.MinInt64 {
			return nil, errTooBig
		}
		return boxInt(-n), nil
	case kindFloat:
		f, _ := asFloat(a)
		return -f, nil
	}
	return nil, fmt.Errorf("- needs a number, not %s", describe(a))
}

func twoInts(a, b any) (x, y int64, err error) {
	x, okX := asInt(a)
	y, okY := asInt(b)
	if !okX || !okY {
		return 0, 0, errTooBig
	}
	return x, y, nil
}

func finite(f float64) (any, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return nil, errTooBig
	}
	return f, nil
}
