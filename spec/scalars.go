package spec

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// ScalarError is why a text is not the scalar that it should be. Each scalar of the language has a parser of its own, whose
// errors are for the plan's author: what is wrong with the text, and an example of a right one. They are exact: no float
// takes part.
type ScalarError struct {
	Message string // `the unit is missing`
	Hint    string // `write 30s`
}

// Error is the message alone; the hint is for those who show it apart.
func (e *ScalarError) Error() string { return e.Message }

func scalarError(hint, format string, args ...any) error {
	return &ScalarError{Message: fmt.Sprintf(format, args...), Hint: hint}
}

var integerText = regexp.MustCompile(`^[+-]?[0-9]+$`)

var decimalText = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

// ParseInt reads a whole number in decimal digits: no underscores, no exponent, no leading zero.
func ParseInt(s string) (int64, error) {
	switch {
	case strings.Contains(s, "_") && integerText.MatchString(strings.ReplaceAll(s, "_", "")):
		return 0, scalarError("write "+strings.ReplaceAll(s, "_", ""), "numbers are written without underscores")
	case !integerText.MatchString(s):
		return 0, scalarError("", "not a whole number")
	case leadingZero(s):
		return 0, scalarError("write "+stripZeros(s), "a whole number has no leading zero")
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, scalarError("", "the number is too large")
	}
	return n, err
}

// leadingZero tells whether a decimal number begins with a zero that says nothing: 007, -01, 00.5.
func leadingZero(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return len(s) > 1 && s[0] == '0' && s[1] >= '0' && s[1] <= '9'
}

func stripZeros(s string) string {
	digits := strings.TrimLeft(strings.TrimLeft(s, "+-"), "0")
	if digits == "" || digits[0] == '.' {
		digits = "0" + digits
	}
	if strings.HasPrefix(s, "-") {
		return "-" + digits
	}
	return digits
}

// ParseBool reads true or false, and nothing else: YAML's yes, no, on and off are errors with a hint.
func ParseBool(s string) (bool, error) {
	switch s {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	switch strings.ToLower(s) {
	case "yes", "on", "y", "true", "1":
		return false, scalarError("write true", "not true or false")
	case "no", "off", "n", "false", "0":
		return false, scalarError("write false", "not true or false")
	}
	return false, scalarError("", "not true or false")
}

// HasTemplate tells whether a text holds a template: a ${ that is not written $${.
func HasTemplate(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] != '$' {
			continue
		}
		if s[i+1] == '{' {
			return true
		}
		if s[i+1] == '$' && i+2 < len(s) && s[i+2] == '{' {
			i += 2
		}
	}
	return false
}
