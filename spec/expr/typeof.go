package expr

import "time"

// TypeOf is the type of a value that is known before the run, for a Scope. A list or map keeps only that much.
func TypeOf(v any) Type {
	switch v.(type) {
	case bool:
		return Bool
	case int, int64:
		return Int
	case float64:
		return Float
	case string:
		return String
	case []any:
		return List
	case map[string]any:
		return Map
	case time.Time:
		return Time
	}
	return Any
}
