// Package body reads values out of JSON bodies by gjson paths: it is the one place that knows gjson. It does not know
// where a body came from, what expressions are, or what a missing value means for whoever asks.
package body

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unsafe"

	"github.com/tidwall/gjson"
)

// ErrInvalid is the error for a body that is not JSON.
var ErrInvalid = errors.New("the body is not valid JSON")

// Document is a body with the answer to whether it is valid JSON, found at the first question. The zero Document is an
// empty body. It keeps the bytes it was given: Reset it before they change.
type Document struct {
	data    []byte
	checked bool
	err     error
	recent  *recent
}

// Reset makes it a document of other bytes.
func (d *Document) Reset(data []byte) { *d = Document{data: data, recent: d.recent} }

// Find is the value at a path, and whether there is one. The error is ErrInvalid, with what was found instead.
func (d *Document) Find(path string) (v any, ok bool, err error) {
	if err := d.Err(); err != nil {
		return nil, false, err
	}
	r, ok := lookup(d.data, path)
	if !ok {
		return nil, false, nil
	}
	if d.recent == nil {
		d.recent = &recent{}
	}
	return d.recent.value(r), true, nil
}

// Err is nil if the document is valid JSON.
func (d *Document) Err() error {
	if !d.checked {
		d.checked = true
		d.err = check(d.data)
	}
	return d.err
}

// Get is the value at a path of a body, and whether there is one: nil, bool, int64 (integral numbers), float64 (other
// numbers, and integers beyond int64), string, []any or map[string]any. It checks the whole body each time: where there
// are several questions, ask a Document.
func Get(data []byte, path string) (v any, ok bool, err error) {
	d := Document{data: data}
	return d.Find(path)
}

// lookup asks gjson. The bytes are seen as a string without a copy: no part of it is kept, see value. gjson's modifiers
// (@reverse, @this, …) and JSON literals (!"…") make values that the body does not have, and a static value would answer
// for a missing one: a path that begins with either is an ordinary name here.
func lookup(data []byte, path string) (r gjson.Result, ok bool) {
	defer func() {
		if recover() != nil { // a path that gjson cannot take finds nothing
			r, ok = gjson.Result{}, false
		}
	}()
	if strings.HasPrefix(path, "@") || strings.HasPrefix(path, "!") {
		path = `\` + path
	}
	r = gjson.Get(unsafe.String(unsafe.SliceData(data), len(data)), path)
	return r, r.Exists()
}

// value copies a result out of the body.
func value(r gjson.Result) any {
	switch r.Type {
	case gjson.Null:
		return nil
	case gjson.True:
		return true
	case gjson.False:
		return false
	case gjson.Number:
		return number(r)
	case gjson.String:
		return strings.Clone(r.Str)
	}
	if r.IsArray() {
		list := []any{}
		r.ForEach(func(_, e gjson.Result) bool {
			list = append(list, value(e))
			return true
		})
		return list
	}
	m := map[string]any{}
	r.ForEach(func(key, e gjson.Result) bool {
		m[strings.Clone(key.Str)] = value(e)
		return true
	})
	return m
}

// number is int64 where the number is integral and fits, however it is written: 5, 5.0 and 5e0 are one number in JSON.
// Larger integers are float64, as in most JSON readers: a text would turn a number into something that compares with no
// number, and a sender that needs all digits of such an id sends it as a text.
func number(r gjson.Result) any {
	if n, ok := whole(r); ok {
		return n
	}
	return r.Num
}

func whole(r gjson.Result) (n int64, ok bool) {
	if n, err := strconv.ParseInt(r.Raw, 10, 64); err == nil {
		return n, true
	}
	if math.Trunc(r.Num) == r.Num && math.Abs(r.Num) < 1<<53 {
		return int64(r.Num), true
	}
	return 0, false
}

// maxDepth is how deep lists and objects may be nested. gjson recurses: without a bound a reply of nothing but brackets
// would end the whole process, not one check.
const maxDepth = 10_000

// check says whether data is JSON, and if not, what it begins with.
func check(data []byte) error {
	if depth(data) > maxDepth {
		return fmt.Errorf("%w: it is nested more than %d deep", ErrInvalid, maxDepth)
	}
	if gjson.ValidBytes(data) {
		return nil
	}
	text := strings.TrimSpace(string(data[:min(len(data), 200)]))
	if text == "" {
		return fmt.Errorf("%w: it is empty", ErrInvalid)
	}
	if runes := []rune(text); len(runes) > 40 {
		text = string(runes[:40]) + "…"
	}
	return fmt.Errorf("%w: it begins with %q", ErrInvalid, text)
}

// depth is how deep brackets are nested, at most. Few bodies have enough brackets to be worth a look.
func depth(data []byte) int {
	if n := bytes.Count(data, []byte{'['}) + bytes.Count(data, []byte{'{'}); n <= maxDepth {
		return n
	}
	most, now := 0, 0
	quoted := false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			now++
			most = max(most, now)
		case c == ']' || c == '}':
			now--
		}
	}
	return most
}
