package expr

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"strings"
	"unicode"
)

// literal is a number with a unit, as it stood in a source.
type literal struct {
	text  string
	value any // float64, or int64 for a size
	typ   Type
}

// parseLiteral reads a whole number or decimal with or without a unit.
func parseLiteral(text string) (literal, error) {
	s := []rune(text)
	end := endOfDigits(s, 0)
	if end == 0 || s[0] < '0' || s[0] > '9' {
		return literal{}, fmt.Errorf("%q is not a number", text)
	}
	value, ok := new(big.Rat).SetString(strings.ReplaceAll(string(s[:end]), "_", ""))
	if !ok || end > 40 {
		return literal{}, fmt.Errorf("%q is not a number", text)
	}
	rest := string(s[end:])
	switch {
	case rest == "":
		f, _ := value.Float64()
		return literal{text, f, Float}, nil
	case (rest[0] == 'e' || rest[0] == 'E') && exponent(s, end) == len(s) && len(rest) <= 5:
		value, ok = new(big.Rat).SetString(strings.ReplaceAll(text, "_", ""))
		if !ok {
			return literal{}, fmt.Errorf("%q is not a number", text)
		}
		f, _ := value.Float64()
		if math.IsInf(f, 0) {
			return literal{}, fmt.Errorf("%q is too large a number", text)
		}
		return literal{text, f, Float}, nil
	case rest == "%":
		return ratLiteral(text, value, big.NewRat(1, 100), Ratio), nil
	case rest == "/s":
		return ratLiteral(text, value, big.NewRat(1, 1), PerSecond), nil
	case rest == "/m":
		return ratLiteral(text, value, big.NewRat(1, 60), PerSecond), nil
	case rest == "/h":
		return ratLiteral(text, value, big.NewRat(1, 3600), PerSecond), nil
	}
	if unit := sizeUnit(rest); unit > 0 {
		value.Mul(value, new(big.Rat).SetInt64(unit))
		if !value.IsInt() || !value.Num().IsInt64() {
			return literal{}, fmt.Errorf("%q is not a whole number of bytes that fits", text)
		}
		return literal{text, value.Num().Int64(), Bytes}, nil
	}
	return durationLiteral(text)
}

// ratLiteral is value·unit, rounded once: 0.7% is the float64 nearest to 7/1000, the same that 7 of 1,000 gives.
func ratLiteral(text string, value, unit *big.Rat, t Type) literal {
	f, _ := value.Mul(value, unit).Float64()
	return literal{text, f, t}
}

func sizeUnit(unit string) int64 {
	switch unit {
	case "B":
		return 1
	case "kB", "KB":
		return 1e3
	case "MB":
		return 1e6
	case "GB":
		return 1e9
	case "TB":
		return 1e12
	case "KiB":
		return 1 << 10
	case "MiB":
		return 1 << 20
	case "GiB":
		return 1 << 30
	case "TiB":
		return 1 << 40
	}
	return 0
}

var errUnit = errors.New("unknown unit")

// durationLiteral reads 500ms or 1m30s: numbers with units, the units in falling order as people write them.
func durationLiteral(text string) (literal, error) {
	total := new(big.Rat)
	s := []rune(text)
	var last *big.Rat
	for len(s) > 0 {
		end := endOfDigits(s, 0)
		stop := end
		for stop < len(s) && unicode.IsLetter(s[stop]) {
			stop++
		}
		unit := milliseconds(string(s[end:stop]))
		if end == 0 || unit == nil {
			return literal{}, fmt.Errorf("%w in %q (have: ns, us, ms, s, m, h, d, %%, /s, /m, /h, B, KB, KiB, MB, MiB, …)", errUnit, text)
		}
		if last != nil && unit.Cmp(last) >= 0 {
			return literal{}, fmt.Errorf("%q is not a duration: write the longest unit first, each once, as in 1m30s", text)
		}
		value, ok := new(big.Rat).SetString(strings.ReplaceAll(string(s[:end]), "_", ""))
		if !ok || end > 40 {
			return literal{}, fmt.Errorf("%q is not a number", text)
		}
		last = unit
		total.Add(total, value.Mul(value, unit))
		s = s[stop:]
	}
	f, _ := total.Float64()
	return literal{text, f, Millis}, nil
}

// milliseconds is a unit of time in ms, nil if the word is none.
func milliseconds(unit string) *big.Rat {
	switch unit {
	case "ns":
		return big.NewRat(1, 1e6)
	case "us", "µs", "μs":
		return big.NewRat(1, 1e3)
	case "ms":
		return big.NewRat(1, 1)
	case "s":
		return big.NewRat(1e3, 1)
	case "m":
		return big.NewRat(60e3, 1)
	case "h":
		return big.NewRat(3600e3, 1)
	case "d":
		return big.NewRat(24*3600e3, 1)
	}
	return nil
}
