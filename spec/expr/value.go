package expr

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"
)

// kind is what a value is at run time. Whole numbers of any width are one kind, and so are texts and bytes.
type kind uint8

const (
	kindNil kind = iota
	kindBool
	kindInt
	kindFloat
	kindText
	kindTime
	kindDuration
	kindList
	kindMap
	kindOther
)

func kindOf(v any) kind {
	switch v.(type) {
	case nil:
		return kindNil
	case bool:
		return kindBool
	case int, int64, int8, int16, int32, uint8, uint16, uint32, uint, uint64:
		return kindInt
	case float64, float32:
		return kindFloat
	case string, []byte:
		return kindText
	case time.Time:
		return kindTime
	case time.Duration:
		return kindDuration
	case []any:
		return kindList
	case map[string]any:
		return kindMap
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Slice, reflect.Array:
		return kindList
	case reflect.Map:
		return kindMap
	case reflect.Pointer:
		if r.IsNil() {
			return kindNil
		}
	}
	return kindOther
}

func (k kind) numeric() bool { return k == kindInt || k == kindFloat }

// String is the kind as messages name it.
func (k kind) String() string {
	return [...]string{"nil", "true or false", "a number", "a number", "a text", "a time", "a duration", "a list", "a map", "something else"}[k]
}

// describe shows a value and its kind in a message: `"abc" (a text)`.
func describe(v any) string {
	switch k := kindOf(v); k {
	case kindNil:
		return "nil"
	case kindBool:
		return fmt.Sprint(v)
	case kindInt, kindFloat:
		text, _ := appendText(nil, v)
		return string(text) + " (a number)"
	case kindText:
		s, _ := asText(v)
		if runes := []rune(s); len(runes) > 40 {
			s = string(runes[:40]) + "…"
		}
		return strconv.Quote(s) + " (a text)"
	default:
		return k.String()
	}
}

// asInt is a whole number's value; false for other kinds and for what does not fit.
func asInt(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case int8:
		return int64(n), true
	case int16:
		return int64(n), true
	case int32:
		return int64(n), true
	case uint8:
		return int64(n), true
	case uint16:
		return int64(n), true
	case uint32:
		return int64(n), true
	case uint:
		return int64(n), uint64(n) <= math.MaxInt64
	case uint64:
		return int64(n), n <= math.MaxInt64
	}
	return 0, false
}

// asFloat is a number's value; false for other kinds.
func asFloat(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case float32:
		return float64(n), true
	case uint64:
		return float64(n), true
	case uint:
		return float64(n), true
	}
	n, ok := asInt(v)
	return float64(n), ok
}

func asText(v any) (string, bool) {
	switch s := v.(type) {
	case string:
		return s, true
	case []byte:
		return string(s), true
	}
	return "", false
}

// asList is a list's elements, whatever type they are kept in. The result may be the value itself: it is not to be
// changed.
func asList(v any) ([]any, bool) {
	switch l := v.(type) {
	case []any:
		return l, true
	case nil, string, []byte:
		return nil, false
	}
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array {
		return nil, false
	}
	all := make([]any, r.Len())
	for i := range all {
		all[i] = r.Index(i).Interface()
	}
	return all, true
}

// asMap is a map by text keys, whatever type it is kept in.
func asMap(v any) (map[string]any, bool) {
	if m, ok := v.(map[string]any); ok {
		return m, true
	}
	r := reflect.ValueOf(v)
	if r.Kind() != reflect.Map {
		return nil, false
	}
	all := make(map[string]any, r.Len())
	for i := r.MapRange(); i.Next(); {
		key, err := appendText(nil, i.Key().Interface())
		if err != nil {
			key = []byte("null")
		}
		all[string(key)] = i.Value().Interface()
	}
	return all, true
}

// boxes holds the numbers that expressions meet most (statuses, counters), so that turning one into a value costs no
// allocation.
var boxes = makeBoxes()

func makeBoxes() *[1024]any {
	var all [1024]any
	for i := range all {
		all[i] = int64(i)
	}
	return &all
}

func boxInt(n int64) any {
	if n >= 0 && n < int64(len(boxes)) {
		return boxes[n]
	}
	return n
}
