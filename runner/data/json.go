package data

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"runner/runner/body"
)

// listJSON reads the list that select finds, or the file's top level if it is empty.
func listJSON(text []byte, path string) (*table, error) {
	if path != "" {
		return choose(text, path)
	}
	v, err := decode(text, 1)
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if !ok {
		return nil, &fault{text: "holds " + kind(v) + ", not a list", hint: suggest(v)}
	}
	return fill(list)
}

// choose reads the list that a feeder's select finds.
func choose(text []byte, path string) (*table, error) {
	found, ok, err := body.Get(text, path)
	if err != nil || !ok {
		whole, err := decode(text, 1) // says which line is wrong, or else what is there
		if err != nil {
			return nil, err
		}
		return nil, &fault{choose: true, text: fmt.Sprintf("select %q finds nothing", path), hint: "the file holds " + kind(whole)}
	}
	list, ok := found.([]any)
	if !ok {
		return nil, &fault{choose: true, text: fmt.Sprintf("select %q finds %s, not a list", path, kind(found)), hint: suggest(found)}
	}
	return fill(list)
}

// fill makes rows of the items of a list.
func fill(list []any) (*table, error) {
	t := &table{list: make([]map[string]any, len(list))}
	var s shape
	for i, item := range list {
		row, err := s.row(item, 0)
		if err != nil {
			return nil, err
		}
		t.list[i] = row
	}
	return t, t.named()
}

// decode reads one JSON value. line is where the text begins.
func decode(text []byte, line int) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	if err == nil {
		_, err = d.Token()
		if errors.Is(err, io.EOF) {
			return number(v), nil
		}
		return nil, &fault{line: lineAt(text, d.InputOffset(), line), text: "something follows the JSON value"}
	}
	if errors.Is(err, io.EOF) {
		return nil, &fault{text: "the file is empty"}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the text ends before the value does")
	}
	at := int64(len(bytes.TrimSpace(text)))
	if bad := (*json.SyntaxError)(nil); errors.As(err, &bad) {
		at = bad.Offset
	}
	return nil, &fault{line: lineAt(text, at, line), text: "not valid JSON: " + strings.TrimPrefix(err.Error(), "json: ")}
}

func lineAt(text []byte, offset int64, first int) int {
	return first + bytes.Count(text[:min(offset, int64(len(text)))], []byte{'\n'})
}

// number turns the numbers in a value into int64 where they are integral, however they are written, else into float64:
// the same as package body does, so that a row compares equal with what a response holds.
func number(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return n
		}
		f, _ := v.Float64()
		if math.Trunc(f) == f && math.Abs(f) < 1<<53 {
			return int64(f)
		}
		return f
	case []any:
		for i := range v {
			v[i] = number(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = number(v[key])
		}
	}
	return v
}

// kind names a value's type for people; of an object it also says what is in it.
func kind(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case bool:
		return "a bool"
	case []any:
		return "a list of " + plural(int64(len(v)), "item")
	case map[string]any:
		if len(v) == 0 {
			return "an empty object"
		}
		return "an object with " + some(slices.Sorted(maps.Keys(v)))
	}
	return "a number"
}

// some joins the first names of a list that may be long.
func some(names []string) string {
	const shown = 8
	if len(names) > shown {
		return strings.Join(names[:shown], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// suggest names the lists in an object, which select could have meant.
func suggest(v any) string {
	object, _ := v.(map[string]any)
	var lists []string
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if _, ok := object[key].([]any); ok {
			lists = append(lists, key)
		}
	}
	if len(lists) == 0 {
		return "a feeder needs a list of rows"
	}
	return "lists in it: " + some(lists)
}
