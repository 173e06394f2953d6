package draft

import (
	"slices"
	"strings"
	"unicode"

	"runner/spec"
)

// plainText is what needs no quotes in block style, and reads better without: a beginning that YAML gives no meaning to,
// and nothing in it that ends a scalar.
var plainText = pattern(`^[A-Za-z_/$][A-Za-z0-9_ ./()"'=<>!&|,%+*?:;@~^\[\]{}$#-]*$`)

// plainInFlow is what needs no quotes inside { } and [ ] either.
var plainInFlow = pattern(`^[A-Za-z_/][A-Za-z0-9_ ./()<=%+-]*$`)

// quoted is a scalar as it stands in the text. In a flow map or list, brackets and commas end plain text.
func quoted(s string, flow bool) string {
	if isPlain(s) && (!flow || plainInFlow().MatchString(s)) {
		return s
	}
	if strings.ContainsAny(s, `"\`) && !strings.Contains(s, "'") && strings.IndexFunc(s, func(r rune) bool { return !printable(r) }) < 0 {
		return "'" + s + "'"
	}
	return spec.DoubleQuoted(s)
}

func isPlain(s string) bool {
	switch {
	case !plainText().MatchString(s), strings.HasSuffix(s, " "), strings.HasSuffix(s, ":"):
		return false
	case strings.Contains(s, ": "), strings.Contains(s, " #"), len(s) > 200:
		return false
	case slices.Contains([]string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}, strings.ToLower(s)):
		return false
	}
	return balanced(s)
}

// balanced tells whether quotes and brackets of a text close, which the language asks of unquoted text.
func balanced(s string) bool {
	var open []rune
	var quote rune
	for _, r := range s {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case strings.ContainsRune("([{", r):
			open = append(open, r)
		case strings.ContainsRune(")]}", r):
			if len(open) == 0 || strings.IndexRune("([{", open[len(open)-1]) != strings.IndexRune(")]}", r) {
				return false
			}
			open = open[:len(open)-1]
		}
	}
	return quote == 0 && len(open) == 0
}

// printable leaves out controls, marks that turn the direction of text around, and everything else that hides.
func printable(r rune) bool { return unicode.IsPrint(r) }

// block tells whether a text reads best line by line. The last line is without a line feed, as YAML's |- has it.
func block(s string) bool {
	if !strings.Contains(s, "\n") || strings.HasSuffix(s, "\n") || strings.TrimSpace(s) == "" {
		return false
	}
	for _, r := range s {
		if r != '\n' && !printable(r) {
			return false
		}
	}
	return true
}
