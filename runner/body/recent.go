package body

import (
	"strings"

	"github.com/tidwall/gjson"
)

// recent holds the last scalars that a Document's owner was given, as values that can be handed out again. What a target
// answers repeats itself (a state, the id that one request captures and the next one checks), and putting a text or a
// number into a value is otherwise the only memory that a steady iteration takes. Values are never changed or reused, so
// whoever got one may keep it.
type recent struct {
	values [8]any
	next   int
}

// longestRecent is the longest text that is worth remembering, in bytes: all of them together stay below 2 KiB a VU.
const longestRecent = 200

// value copies a result out of the body.
func (m *recent) value(r gjson.Result) any {
	switch r.Type {
	case gjson.String:
		if v := recall(m, r.Str); v != nil {
			return v
		}
		return m.note(strings.Clone(r.Str), len(r.Str))
	case gjson.Number:
		if n, ok := whole(r); ok {
			return remember(m, n)
		}
		return remember(m, r.Num)
	}
	return value(r)
}

// recall is the value that holds want, nil if there is none.
func recall[T comparable](m *recent, want T) any {
	for _, v := range m.values {
		if have, ok := v.(T); ok && have == want {
			return v
		}
	}
	return nil
}

func remember[T int64 | float64](m *recent, n T) any {
	if v := recall(m, n); v != nil {
		return v
	}
	return m.note(n, 0)
}

func (m *recent) note(v any, length int) any {
	if length <= longestRecent {
		m.values[m.next] = v
		m.next = (m.next + 1) % len(m.values)
	}
	return v
}
