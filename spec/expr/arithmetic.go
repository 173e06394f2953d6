package expr

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"time"
)

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
