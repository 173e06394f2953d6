package expr

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr/builtin"
)

// argText is an argument's text: of a text, or of a number or bool in its text form, so that sha256(42) needs no string().
func argText(v any) (string, error) {
	switch kindOf(v) {
	case kindText, kindBool, kindInt, kindFloat, kindTime, kindDuration:
		return Text(v)
	}
	return "", fmt.Errorf("a text is needed, not %s", describe(v))
}

// argOnlyText is an argument that must be a text itself.
func argOnlyText(v any) (string, error) {
	if s, ok := asText(v); ok {
		return s, nil
	}
	return "", fmt.Errorf("a text is needed, not %s", describe(v))
}

func argInt(v any) (int64, error) {
	if n, ok := asInt(v); ok {
		return n, nil
	}
	if f, ok := asFloat(v); ok {
		if n, ok := wholeFloat(f); ok {
			return n, nil
		}
	}
	return 0, fmt.Errorf("a whole number is needed, not %s", describe(v))
}

// argSize is a number of things to make.
func argSize(v any, most int64) (int, error) {
	n, err := argInt(v)
	if err == nil && (n < 0 || n > most) {
		err = fmt.Errorf("a number from 0 to %d is needed, not %d", most, n)
	}
	return int(n), err
}

func argFloat(v any) (float64, error) {
	if f, ok := ToFloat(v); ok {
		return f, nil
	}
	return 0, fmt.Errorf("a number is needed, not %s", describe(v))
}

// ToList is a list's elements; an error for everything else. It may be the value itself: it is not to be changed.
func ToList(v any) ([]any, error) {
	if l, ok := asList(v); ok {
		return l, nil
	}
	return nil, fmt.Errorf("a list is needed, not %s", describe(v))
}

func argMap(v any) (map[string]any, error) {
	if m, ok := asMap(v); ok {
		return m, nil
	}
	return nil, fmt.Errorf("a map is needed, not %s", describe(v))
}

// builtinNames lists expr's own functions in alphabetical order.
func builtinNames() []string {
	names := slices.Clone(builtin.Names)
	slices.Sort(names)
	return names
}

// textFunc is a function of texts, such as sha256.
func textFunc(category, signature, doc, example string, n int, f func(texts []string) (string, error)) *function {
	params := make([]Type, n)
	return pure(category, signature, doc, example, params, n, String, func(args []any) (any, error) {
		texts := make([]string, len(args))
		for i, a := range args {
			var err error
			if texts[i], err = argText(a); err != nil {
				return nil, err
			}
		}
		return box(f(texts))
	})
}
