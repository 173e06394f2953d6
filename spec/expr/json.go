package expr

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"runner/spec"
)

// AppendJSON appends the value as JSON, keys in the author's order. The error is an *Error.
func (t *Tree) AppendJSON(dst []byte, vm *VM) ([]byte, error) {
	if t.fixed != nil {
		return append(dst, t.fixed...), nil
	}
	return t.appendJSON(dst, vm)
}

func (t *Tree) appendJSON(dst []byte, vm *VM) ([]byte, error) {
	switch t.kind {
	case spec.Scalar:
		return t.scalarJSON(dst, vm)
	case spec.List:
		return t.itemsJSON(append(dst, '['), ']', vm)
	case spec.Object:
		return t.itemsJSON(append(dst, '{'), '}', vm)
	}
	return append(dst, "null"...), nil
}

func (t *Tree) itemsJSON(dst []byte, end byte, vm *VM) ([]byte, error) {
	var err error
	for i, item := range t.items {
		if i > 0 {
			dst = append(dst, ',')
		}
		if t.keys != nil {
			dst = append(appendQuoted(dst, t.keys[i]), ':')
		}
		if dst, err = item.AppendJSON(dst, vm); err != nil {
			return dst, err
		}
	}
	return append(dst, end), nil
}

func (t *Tree) scalarJSON(dst []byte, vm *VM) ([]byte, error) {
	switch {
	case t.literal != "":
		return append(dst, t.literal...), nil
	case t.text == nil:
		return appendJSON(dst, t.value, 0)
	case t.text.lone == nil:
		return t.text.appendQuoted(dst, vm)
	}
	v, err := t.text.lone.Eval(vm)
	if err != nil {
		return dst, err
	}
	dst, err = appendJSON(dst, v, 0)
	return dst, fail(t.text.lone.source, err)
}

// appendQuoted appends a mixed text as a JSON string, without a buffer of its own where nothing needs escaping.
func (t *Template) appendQuoted(dst []byte, vm *VM) ([]byte, error) {
	start := len(dst)
	dst, err := t.Append(append(dst, '"'), vm)
	if err != nil {
		return dst, err
	}
	text := dst[start+1:]
	if clean(text) {
		return append(dst, '"'), nil
	}
	return appendQuoted(dst[:start], string(text)), nil
}

// clean tells whether a text stands in JSON as it is.
func clean(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

const maxJSONDepth = 200

var errDeep = errors.New("the value is nested too deep for JSON")

// appendJSON appends any value of an expression as JSON. Maps without an order of their own come by key.
func appendJSON(dst []byte, v any, depth int) ([]byte, error) {
	if depth > maxJSONDepth {
		return dst, errDeep
	}
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case int64:
		return strconv.AppendInt(dst, v, 10), nil
	case float64:
		return appendFloat(dst, v)
	case string:
		return appendQuoted(dst, v), nil
	case []byte:
		return appendQuoted(dst, string(v)), nil
	case time.Time, time.Duration:
		text, err := Text(v)
		return appendQuoted(dst, text), err
	}
	switch kindOf(v) {
	case kindNil:
		return append(dst, "null"...), nil
	case kindInt, kindFloat:
		return appendText(dst, v)
	case kindList:
		list, _ := asList(v)
		return appendListJSON(dst, list, depth)
	case kindMap:
		m, _ := asMap(v)
		return appendMapJSON(dst, m, depth)
	}
	return dst, fmt.Errorf("%s has no JSON form", describe(v))
}

func appendListJSON(dst []byte, list []any, depth int) ([]byte, error) {
	dst = append(dst, '[')
	var err error
	for i, e := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendJSON(dst, e, depth+1); err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func appendMapJSON(dst []byte, m map[string]any, depth int) ([]byte, error) {
	dst = append(dst, '{')
	var err error
	for i, key := range sortedKeys(m) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendQuoted(dst, key), ':')
		if dst, err = appendJSON(dst, m[key], depth+1); err != nil {
			return dst, err
		}
	}
	return append(dst, '}'), nil
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

const hexDigits = "0123456789abcdef"

// appendQuoted appends a JSON string. <, > and & stay as they are: a body is no HTML. Bytes that are no UTF-8 become
// U+FFFD, because JSON has no other way.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[start:i]...), "\ufffd"...)
				start = i + 1
			}
			i += size
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, c)
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}
