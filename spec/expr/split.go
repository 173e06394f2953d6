package expr

import (
	"strings"
	"unicode/utf8"
)

// fragment is a part of a text: plain, or the source of an expression that begins at offset, in characters.
type fragment struct {
	expr   bool
	text   string
	offset int
}

// split finds the ${…} of a text. Inside one, brackets, strings and comments are respected.
func split(text string) ([]fragment, *flaw) {
	if text != "" && !strings.Contains(text, "${") && utf8.ValidString(text) { // most
		return []fragment{{text: text}}, nil
	}
	s := []rune(text)
	var parts []fragment
	var plain []rune
	flush := func() {
		if len(plain) > 0 {
			parts = append(parts, fragment{text: string(plain)})
			plain = nil
		}
	}
	for i := 0; i < len(s); {
		switch {
		case startsAt(s, i, "$${"):
			plain = append(plain, '$', '{')
			i += 3
		case startsAt(s, i, "${"):
			flush()
			end := endOfExpression(s, i+2)
			if end < 0 {
				return nil, &flaw{i, i + 2, "this ${ has no closing }", "a literal ${ is written $${"}
			}
			parts = append(parts, fragment{expr: true, text: string(s[i+2 : end]), offset: i + 2})
			i = end + 1
		default:
			plain = append(plain, s[i])
			i++
		}
	}
	flush()
	return parts, nil
}

func startsAt(s []rune, i int, prefix string) bool {
	for _, c := range prefix {
		if i >= len(s) || s[i] != c {
			return false
		}
		i++
	}
	return true
}

// endOfExpression is the } that closes the ${ before i, -1 if there is none.
func endOfExpression(s []rune, i int) int {
	depth := 0
	for i < len(s) {
		if end := skipQuiet(s, i); end > i {
			i = end
			continue
		}
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return i
			}
			depth--
		}
		i++
	}
	return -1
}
