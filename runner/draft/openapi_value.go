package draft

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"
)

// value is an example of the document as the plan writes it: a literal, whatever is in it.
func (a *api) value(v any) Value {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			if isText(k) {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		out := Map()
		for _, k := range keys {
			out.pairs = append(out.pairs, Pair{Key: k, Value: a.value(v[k])})
		}
		return out
	case []any:
		out := List()
		for _, item := range v {
			out.items = append(out.items, a.value(item))
		}
		return out
	}
	return scalar(v)
}

// scalar is a text, a number, true, false or null.
func scalar(v any) Value {
	switch v := v.(type) {
	case nil:
		return Word("null")
	case bool:
		return Word(strconv.FormatBool(v))
	case string:
		if !isText(v) {
			return Literal("binary")
		}
		return Literal(v)
	case time.Time:
		return Literal(v.Format(time.RFC3339))
	case json.Number:
		if jsonNumber().MatchString(v.String()) {
			return Word(v.String())
		}
	case float64:
		if text := strconv.FormatFloat(v, 'f', -1, 64); !math.IsNaN(v) && jsonNumber().MatchString(text) {
			return Word(text)
		}
	}
	text := fmt.Sprint(v)
	if jsonNumber().MatchString(text) {
		return Word(text)
	}
	return Literal(text)
}

// scalarText is a scalar as it stands in a URL.
func scalarText(v any) (string, bool) {
	s := scalar(v)
	switch v := v.(type) {
	case map[string]any, []any, nil:
		return "", false
	case string:
		return v, isText(v)
	}
	return s.text, s.text != ""
}
