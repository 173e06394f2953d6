package expr

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// twoTexts are the operands of contains and its like.
func twoTexts(op string, a, b any) (x, y string, err error) {
	x, okX := asText(a)
	y, okY := asText(b)
	switch {
	case !okX:
		return "", "", fmt.Errorf("%s looks into a text, not %s", op, describe(a))
	case !okY:
		return "", "", fmt.Errorf("%s looks for a text, not %s", op, describe(b))
	}
	return x, y, nil
}

func contains(a, b any) (bool, error) {
	x, y, err := twoTexts("contains", a, b)
	return err == nil && strings.Contains(x, y), err
}

func startsWith(a, b any) (bool, error) {
	x, y, err := twoTexts("startsWith", a, b)
	return err == nil && strings.HasPrefix(x, y), err
}

func endsWith(a, b any) (bool, error) {
	x, y, err := twoTexts("endsWith", a, b)
	return err == nil && strings.HasSuffix(x, y), err
}

// matches is the operator of that name. The pattern is compiled once where it is written out.
func matches(a, pattern any) (bool, error) {
	if re, ok := pattern.(*regexp.Regexp); ok {
		s, ok := asText(a)
		if !ok {
			return false, fmt.Errorf("matches looks into a text, not %s", describe(a))
		}
		return re.MatchString(s), nil
	}
	x, y, err := twoTexts("matches", a, pattern)
	if err != nil {
		return false, err
	}
	re, err := regexp.Compile(y)
	if err != nil {
		return false, patternError(err)
	}
	return re.MatchString(x), nil
}

func patternError(err error) error {
	return fmt.Errorf("the pattern is not a regular expression: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
}

// slice is v[from:to] of a list or a text; negative bounds count from the end, and bounds outside are drawn in.
func slice(v, from, to any) (any, error) {
	size := 0
	text, isText := asText(v)
	list, isList := asList(v)
	switch {
	case isText:
		size = utf8.RuneCountInString(text)
	case isList:
		size = len(list)
	default:
		return nil, fmt.Errorf("%s has no parts to slice", describe(v))
	}
	a, err := bound(from, 0, size)
	if err != nil {
		return nil, err
	}
	b, err := bound(to, size, size)
	if err != nil {
		return nil, err
	}
	a = min(a, b)
	if isText {
		return string([]rune(text)[a:b]), nil
	}
	return list[a:b:b], nil
}

func bound(v any, def, size int) (int, error) {
	if v == nil {
		return def, nil
	}
	n, ok := asInt(v)
	if !ok {
		return 0, fmt.Errorf("%s cannot be the bound of a slice", describe(v))
	}
	if n < 0 {
		n += int64(size)
	}
	return int(max(0, min(n, int64(size)))), nil
}
