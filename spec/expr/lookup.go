package expr

import (
	"fmt"
	"strings"

	"runner/spec"
)

// member is v.name or v[key]. What is not there is an error, never nothing: ?. and get(…) are the ways to ask.
func member(v, key any) (any, error) {
	if name, ok := key.(string); ok {
		if m, ok := v.(map[string]any); ok {
			if value, ok := m[name]; ok {
				return value, nil
			}
			return nil, noMember(m, name)
		}
		if m, ok := asMap(v); ok {
			if value, ok := m[name]; ok {
				return value, nil
			}
			return nil, noMember(m, name)
		}
		return nil, fmt.Errorf("%s has no member %q", describe(v), name)
	}
	i, ok := asInt(key)
	if f, isFloat := key.(float64); isFloat {
		i, ok = wholeFloat(f)
	}
	if !ok {
		return nil, fmt.Errorf("%s cannot be an index", describe(key))
	}
	if l, ok := asList(v); ok {
		return element(l, i)
	}
	if m, ok := asMap(v); ok {
		return nil, fmt.Errorf("a map is read by name, not by %d: its members are %s", i, names(m))
	}
	return nil, fmt.Errorf("%s has no elements", describe(v))
}

// maybe is v?.name: nil where v is nil or has no such member. A value that cannot have members is still an error.
func maybe(v, key any) (any, error) {
	if kindOf(v) == kindNil {
		return nil, nil
	}
	if m, ok := asMap(v); ok {
		if name, ok := asText(key); ok {
			return m[name], nil
		}
	}
	if l, ok := asList(v); ok {
		if i, ok := asInt(key); ok && (i >= int64(len(l)) || i < -int64(len(l))) {
			return nil, nil
		}
	}
	return member(v, key)
}

func element(l []any, i int64) (any, error) {
	at := i
	if at < 0 {
		at += int64(len(l))
	}
	if at < 0 || at >= int64(len(l)) {
		return nil, fmt.Errorf("there is no element %d: the list has %d", i, len(l))
	}
	return l[at], nil
}

func noMember(m map[string]any, name string) error {
	if near := spec.Suggest(name, sortedKeys(m)); near != "" {
		return fmt.Errorf("no member %q (did you mean %q?)", name, near)
	}
	return fmt.Errorf("no member %q (have: %s)", name, names(m))
}

// names lists a map's keys for a message, not all of a large one.
func names(m map[string]any) string {
	keys := sortedKeys(m)
	switch {
	case len(keys) == 0:
		return "none"
	case len(keys) > 12:
		return strings.Join(keys[:12], ", ") + ", …"
	}
	return strings.Join(keys, ", ")
}

// contained is the operator in: an element of a list, or a key of a map. A value that differs in kind from every element
// is an error, as it is for ==.
func contained(v, in any) (bool, error) {
	if l, ok := asList(in); ok {
		comparable := len(l) == 0
		for _, e := range l {
			if is, err := equal(v, e); err == nil {
				comparable = true
				if is {
					return true, nil
				}
			}
		}
		if !comparable {
			return false, fmt.Errorf("cannot compare %s with the elements of the list, such as %s", describe(v), describe(l[0]))
		}
		return false, nil
	}
	if m, ok := asMap(in); ok {
		key, ok := asText(v)
		if !ok {
			return false, fmt.Errorf("a map's keys are texts, not %s", describe(v))
		}
		_, ok = m[key]
		return ok, nil
	}
	if kindOf(in) == kindText {
		return false, fmt.Errorf("in looks into lists and maps; to look into a text write: text contains part")
	}
	return false, fmt.Errorf("in looks into a list or a map, not %s", describe(in))
}

// truth is a value where true or false is needed.
func truth(v any) (bool, error) {
	if b, ok := v.(bool); ok {
		return b, nil
	}
	return false, fmt.Errorf("%s is neither true nor false", describe(v))
}
