package expr

import (
	"errors"
	"regexp"
	"strings"

	"github.com/expr-lang/expr/file"
)

// Error is an expression that gave no value in the run. Err is the cause, in the author's words.
type Error struct {
	Source string // the expression as written
	Err    error
}

// Error is the expression and the cause.
func (e *Error) Error() string { return shorten(e.Source) + ": " + e.Err.Error() }

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// fail names the expression that an error came from.
func fail(source string, err error) error {
	if err == nil {
		return nil
	}
	if inner, ok := errors.AsType[*Error](err); ok && errors.Is(err, errEndless) {
		return inner // every generator of the circle once would be a long message
	}
	return &Error{Source: source, Err: err}
}

// shorten keeps an expression on one line of a report.
func shorten(source string) string {
	source = strings.Join(strings.Fields(source), " ")
	const most = 120
	if runes := []rune(source); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return source
}

// goTypes are names of Go types as they occur in expr-lang's messages, and what authors call them.
var goTypes = map[string]string{
	"int": "a whole number", "int64": "a whole number", "float64": "a number", "string": "a text", "bool": "true or false",
	"[]interface {}": "a list", "[]any": "a list", "[]int": "a list", "[]string": "a list", "[]float64": "a list", "array": "a list", "slice": "a list",
	"map[string]interface {}": "a map", "map[string]any": "a map", "map[interface {}]interface {}": "a map", "map": "a map",
	"time.Time": "a time", "nil": "nil", "<nil>": "nil", "unknown": "a value", "interface {}": "a value", "invalid": "nil", "struct": "a time", "interface": "nil", "ptr": "nil",
}

// rewrites turn expr-lang's messages into the author's words. The order matters: the first that matches wins.
var rewrites = []struct {
	pattern *regexp.Regexp
	words   func(m []string) string
}{
	{regexp.MustCompile(`interface conversion: interface (?:\{\} )?is (.+), not (.+)$`), func(m []string) string {
		return "got " + plain(m[1]) + " where " + plain(m[2]) + " is needed"
	}},
	{regexp.MustCompile(`^cannot use (.+) as argument \(type (.+)\) to call (\w+) ?$`), func(m []string) string {
		return m[3] + "() got " + plain(m[1]) + " where " + plain(m[2]) + " is needed"
	}},
	{regexp.MustCompile(`^invalid argument for (\w+) \(type (.+)\)$`), func(m []string) string {
		return m[1] + "() cannot take " + plain(m[2])
	}},
	{regexp.MustCompile(`^invalid operation: (.+) (\S+) (.+)$`), func(m []string) string {
		return plain(m[1]) + " " + m[2] + " " + plain(m[3]) + " is not possible"
	}},
	{regexp.MustCompile(`^invalid operation: (\w+)\((.+)\)$`), func(m []string) string {
		return m[1] + "() cannot take " + plain(m[2])
	}},
	{regexp.MustCompile(`^builtin (\w+) takes only array \(got (.+)\)$`), func(m []string) string {
		return m[1] + "() takes a list, not " + plain(m[2])
	}},
	{regexp.MustCompile(`^(not enough|too many) arguments to call (\w+)$`), func(m []string) string {
		return m[2] + "() has " + m[1] + " values in its brackets"
	}},
	{regexp.MustCompile(`^invalid number of arguments (?:for (\w+) )?\(expected (.+), got (\d+)\)$`), func(m []string) string {
		return strings.TrimSpace(m[1]+" wants "+m[2]) + " values in its brackets, not " + m[3]
	}},
	{regexp.MustCompile(`^index out of range: (\S+) \(array length is (\d+)\)$`), func(m []string) string {
		return "there is no element " + m[1] + ": the list has " + m[2]
	}},
	{regexp.MustCompile(`^(cannot (?:reverse|uniq|concat|flatten|take from|slice|get \w+(?: element)? from|fetch \S+ from)) (.+)$`), func(m []string) string {
		return m[1] + " " + plain(m[2])
	}},
	{regexp.MustCompile(`^reflect: call of reflect\.Value\.\w+ on (\S+) Value$`), func(m []string) string {
		return "a list is needed, not " + plain(m[1])
	}},
	{regexp.MustCompile(`^runtime error: hash of unhashable type (.+)$`), func(m []string) string {
		return "cannot group by " + plain(m[1])
	}},
	{regexp.MustCompile(`^runtime error: .*$`), func([]string) string { return "the values do not fit together" }},
	{regexp.MustCompile(`^reflect.*$`), func([]string) string { return "the values do not fit together" }},
	{regexp.MustCompile(`^(?:invalid \w+ literal|\w+ literal is too large).*$`), func([]string) string { return "this number is too large" }},
	{regexp.MustCompile(`^memory budget exceeded$`), func([]string) string { return "it makes too much data at once" }},
	{regexp.MustCompile(`^unknown order, use asc or desc$`), func([]string) string { return `the order is "asc" or "desc"` }},
}

// plain is a Go type's name in the author's words.
func plain(name string) string {
	name = strings.TrimPrefix(strings.TrimSpace(name), "type ")
	if words, ok := goTypes[name]; ok {
		return words
	}
	if strings.HasPrefix(name, "[]") || strings.HasPrefix(name, "[2]") {
		return "a list"
	}
	if strings.HasPrefix(name, "map[") {
		return "a map"
	}
	if strings.HasPrefix(name, "func") {
		return "a function"
	}
	return name
}

// inWords takes expr-lang's wrapping and Go's own words off an error. Our own errors pass as they are.
func inWords(err error) error {
	if ours, ok := errors.AsType[*passing](err); ok {
		return ours.err
	}
	if wrapped, ok := errors.AsType[*file.Error](err); ok {
		return errors.New(wording(wrapped.Message))
	}
	return errors.New(wording(err.Error()))
}

// wording is a message of expr-lang in the author's words.
func wording(text string) string {
	text = firstLine(text)
	for _, r := range rewrites {
		if m := r.pattern.FindStringSubmatch(text); m != nil {
			return r.words(m)
		}
	}
	return text
}

func firstLine(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	return strings.TrimSpace(text)
}
