// Package mask keeps secrets out of everything that a run shows. It knows values, not where they come from.
package mask

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Mark stands where a secret was.
const Mark = "***"

// shortest is the length from which a value is masked: shorter ones are parts of ordinary words, and masking them would
// blot out the report without hiding anything that can't be guessed.
const shortest = 4

// most bounds how many values are remembered: captured tokens can be as many as requests.
const most = 10_000

// Mask replaces secrets, raw and in the encodings in which they travel. The zero Mask is ready, and safe for use by many
// goroutines.
type Mask struct {
	mu       sync.Mutex
	values   []string
	known    map[string]bool
	replacer atomic.Pointer[strings.Replacer]
	stale    atomic.Bool
}

// Add makes values secret from now on.
func (m *Mask) Add(values ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v := range values {
		v = strings.TrimSpace(v)
		if len(v) < shortest || m.known[v] || len(m.values) >= most {
			continue
		}
		if m.known == nil {
			m.known = map[string]bool{}
		}
		m.known[v] = true
		m.values = append(m.values, v)
		m.stale.Store(true)
	}
}

// String gives text without secrets.
func (m *Mask) String(text string) string {
	if m.stale.Load() {
		m.rebuild()
	}
	if r := m.replacer.Load(); r != nil {
		return r.Replace(text)
	}
	return text
}

// rebuild makes the replacer: longer forms first, so that no secret is cut by a shorter one inside it.
func (m *Mask) rebuild() {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []string
	for _, v := range m.values {
		all = append(all, forms(v)...)
	}
	slices.SortStableFunc(all, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(all))
	for _, f := range slices.Compact(all) {
		pairs = append(pairs, f, Mark)
	}
	m.replacer.Store(strings.NewReplacer(pairs...))
	m.stale.Store(false)
}

// forms are the ways in which a value travels. Base64 of a value inside a longer text differs by its offset, so the part
// that does not depend on neighbours is looked for at each of the three.
func forms(v string) []string {
	quoted, _ := json.Marshal(v) // a string always marshals
	all := []string{v, strings.Trim(string(quoted), `"`), url.QueryEscape(v), url.PathEscape(v), hex.EncodeToString([]byte(v))}
	for offset := range 3 {
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := e.EncodeToString([]byte(strings.Repeat("\x00", offset) + v))
			from, to := []int{0, 2, 3}[offset], len(text)
			if (offset+len(v))%3 != 0 {
				to-- // the last character also holds bits of what follows
			}
			if to-from >= 2*shortest {
				all = append(all, text[from:to])
			}
		}
	}
	return all
}

// Value masks every string inside v, which must be a pointer: fields, elements, map values. Map keys stay.
func (m *Mask) Value(v any) { m.walk(reflect.ValueOf(v)) }

func (m *Mask) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			m.walk(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				m.walk(v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			m.walk(v.Index(i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			v.SetMapIndex(key, m.copied(v.MapIndex(key)))
		}
	case reflect.Interface:
		if !v.IsNil() && v.CanSet() {
			v.Set(m.copied(v.Elem()))
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString(m.String(v.String()))
		}
	}
}

// copied is a masked copy: values in maps and interfaces can't be changed in place.
func (m *Mask) copied(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	m.walk(c)
	return c
}
