package expr

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// Text is the text form of a value, as templates insert it. The error says why a value has none.
func Text(v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	b, err := appendText(nil, v)
	return string(b), err
}

// appendText appends the text form of a value: integers in digits, floats as short as they can be told apart, times as
// RFC 3339, durations as 1m30s. Nothing, lists and maps have no text form, so that no request carries "<nil>".
func appendText(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return append(dst, v...), nil
	case []byte:
		return append(dst, v...), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case int64:
		return strconv.AppendInt(dst, v, 10), nil
	case int:
		return strconv.AppendInt(dst, int64(v), 10), nil
	case uint64:
		return strconv.AppendUint(dst, v, 10), nil
	case float64:
		return appendFloat(dst, v)
	case time.Time:
		return v.AppendFormat(dst, time.RFC3339Nano), nil
	case time.Duration:
		return append(dst, durationText(v)...), nil
	case nil:
		return dst, errNilText
	}
	if n, ok := asInt(v); ok {
		return strconv.AppendInt(dst, n, 10), nil
	}
	if f, ok := asFloat(v); ok {
		return appendFloat(dst, f)
	}
	switch kindOf(v) {
	case kindList:
		return dst, errors.New("a list has no text form: join(list, \",\") or to_json(list) makes one")
	case kindMap:
		return dst, errors.New("a map has no text form: to_json(map) makes one")
	case kindNil:
		return dst, errNilText
	}
	return dst, errors.New("this value has no text form")
}

var errNilText = errors.New(`nil has no text form: or_else(…, "") says what to write instead`)

// appendFloat writes the shortest digits that give the same number; an exponent only where digits would run long, with
// the bounds of JSON and JavaScript.
func appendFloat(dst []byte, f float64) ([]byte, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return dst, errors.New("the number has no value: it is infinite or undefined")
	}
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
		if n := len(dst); dst[n-4] == 'e' && dst[n-2] == '0' { // 1e-07 is shorter as 1e-7
			dst = append(dst[:n-2], dst[n-1])
		}
		return dst, nil
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64), nil
}

// durationText is Go's form without zero units at its end: 1m30s, 2h, 500ms.
func durationText(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
