package expr

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

func valueFunctions() []*function {
	return []*function{
		pure("values", "or_else(value, default)", `The value, or the default if the value is "" or nil.`, `or_else("", "none")`, []Type{Any, Any}, 2, Any, orElse),
		pure("values", "string(value)", "The text form of a value.", `string(1.50)`, []Type{Any}, 1, String,
			func(args []any) (any, error) { return box(Text(args[0])) }),
		pure("values", "int(value)", "The whole number of a number or a text of digits; a fraction is cut off.", `int("42")`, []Type{Any}, 1, Int, toInt),
		pure("values", "float(value)", "The number of a text.", `float("1.5")`, []Type{Any}, 1, Float, toFloat),
		pure("values", "keys(map)", "The keys of a map, in alphabetical order.", `keys({b: 1, a: 2})`, []Type{Map}, 1, List, keys),
		pure("values", "values(map)", "The values of a map, in the order of its keys.", `values({b: 1, a: 2})`, []Type{Map}, 1, List, values),
		pure("values", "toPairs(map)", "The [key, value] pairs of a map, in the order of its keys.", `toPairs({b: 1, a: 2})`, []Type{Map}, 1, List, toPairs),
		pure("values", "sort(list, order)", `The list in rising order, or falling with "desc": numbers, texts or times.`, `sort([2, 1])`, []Type{List, String}, 1, List, sortList),
		variadic(pure("values", "concat(list, …)", "Lists in one.", `concat([1], [2, 3])`, []Type{List}, 1, List, concat)),
		pure("values", "join(list, separator)", "The text forms of a list's elements in one text.", `join([1, 2], ",")`, []Type{List, String}, 1, String, join),
	}
}

func orElse(args []any) (any, error) {
	if args[0] == nil || args[0] == "" || kindOf(args[0]) == kindNil {
		return args[1], nil
	}
	return args[0], nil
}

func toInt(args []any) (any, error) {
	if n, ok := asInt(args[0]); ok {
		return boxInt(n), nil
	}
	if f, ok := asFloat(args[0]); ok {
		if n, ok := wholeFloat(math.Trunc(f)); ok {
			return boxInt(n), nil
		}
		return nil, errTooBig
	}
	if s, ok := asText(args[0]); ok {
		if n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64); err == nil {
			return boxInt(n), nil
		}
	}
	return nil, fmt.Errorf("%s is not a whole number", describe(args[0]))
}

func toFloat(args []any) (any, error) {
	if f, ok := ToFloat(args[0]); ok {
		return f, nil
	}
	if s, ok := asText(args[0]); ok {
		if f, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			return f, nil
		}
	}
	return nil, fmt.Errorf("%s is not a number", describe(args[0]))
}

func keys(args []any) (any, error) {
	m, err := argMap(args[0])
	if err != nil {
		return nil, err
	}
	list := make([]any, 0, len(m))
	for _, key := range sortedKeys(m) {
		list = append(list, key)
	}
	return list, nil
}

func values(args []any) (any, error) {
	m, err := argMap(args[0])
	if err != nil {
		return nil, err
	}
	list := make([]any, 0, len(m))
	for _, key := range sortedKeys(m) {
		list = append(list, m[key])
	}
	return list, nil
}

func toPairs(args []any) (any, error) {
	m, err := argMap(args[0])
	if err != nil {
		return nil, err
	}
	list := make([]any, 0, len(m))
	for _, key := range sortedKeys(m) {
		list = append(list, []any{key, m[key]})
	}
	return list, nil
}

// sortList is expr's sort, which takes what is no list for an empty one and orders by its own rules.
func sortList(args []any) (any, error) {
	list, err := ToList(args[0])
	if err != nil {
		return nil, err
	}
	falling := false
	if len(args) == 2 {
		if falling = args[1] == "desc"; !falling && args[1] != "asc" {
			return nil, errors.New(`the order is "asc" or "desc"`)
		}
	}
	sorted := append([]any{}, list...)
	slices.SortStableFunc(sorted, func(a, b any) int {
		order, _, e := compare(a, b)
		if e != nil && err == nil {
			err = e
		}
		if falling {
			return -order
		}
		return order
	})
	return sorted, err
}

// concat is expr's concat, which makes nothing out of empty lists.
func concat(args []any) (any, error) {
	all := []any{}
	for _, a := range args {
		list, err := ToList(a)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

func join(args []any) (any, error) {
	list, err := ToList(args[0])
	if err != nil {
		return nil, err
	}
	separator := ""
	if len(args) == 2 {
		if separator, err = argOnlyText(args[1]); err != nil {
			return nil, err
		}
	}
	var text []byte
	for i, e := range list {
		if i > 0 {
			text = append(text, separator...)
		}
		if text, err = appendText(text, e); err != nil {
			return nil, err
		}
	}
	return string(text), nil
}

// fromJSON is from_json: integral numbers become int64, as in json(path).
func fromJSON(args []any) (any, error) {
	text, err := argOnlyText(args[0])
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("%s is not JSON", describe(text))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s is not one JSON value", describe(text))
	}
	return numbers(v)
}

// numbers gives decoded JSON the numbers of expressions.
func numbers(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.ParseInt(string(v), 10, 64); err == nil {
			return boxInt(n), nil
		}
		f, err := v.Float64()
		if err != nil {
			return nil, fmt.Errorf("the number %s is too large", v)
		}
		return f, nil
	case []any:
		for i := range v {
			if v[i], err = numbers(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for key := range v {
			if v[key], err = numbers(v[key]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}
