// Package spec is the plan language: text in, a Plan or Problems out.
//
// It reads YAML, merges includes and a profile, and decodes the result into plain Go types in which every value
// knows where it was written. It does not know how an expression is evaluated, what a request is on the wire, or
// what time it is: no network, no clock, no goroutine.
package spec

import (
	"fmt"
)

// Pos is a place in a plan. Line and Col count from 1; Col counts characters, not bytes. The zero Pos is "nowhere"
// (a default or a flag).
type Pos struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Col  int    `json:"col"`
}

// IsZero tells whether the position points nowhere.
func (p Pos) IsZero() bool { return p.Line == 0 }

// String is file:line:col, the form that editors and CI logs turn into a link.
func (p Pos) String() string {
	if p.IsZero() {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Opt is a typed scalar as the author wrote it, or its absence.
type Opt[T any] struct {
	Value T
	Pos   Pos
	Set   bool
}

// Or is the written value, or def where the author wrote none.
func (o Opt[T]) Or(def T) T {
	if o.Set {
		return o.Value
	}
	return def
}

// Entry is one key of a map, in the order of the file.
type Entry[T any] struct {
	Key    string
	KeyPos Pos
	Value  T
}

// Map is a map of the plan that keeps the author's order.
type Map[T any] []Entry[T]

// Get finds a key. It is linear: plans are small, and nothing on the hot path asks.
func (m Map[T]) Get(key string) (T, bool) {
	for i := range m {
		if m[i].Key == key {
			return m[i].Value, true
		}
	}
	var zero T
	return zero, false
}

// Keys lists the keys in the author's order.
func (m Map[T]) Keys() []string {
	keys := make([]string, len(m))
	for i := range m {
		keys[i] = m[i].Key
	}
	return keys
}
