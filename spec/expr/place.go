package expr

import (
	"strings"
	"unicode/utf8"

	"runner/spec"
)

// place turns flaws into problems of the plan. source is the whole scalar, pos its first character, offset where in it
// the expression begins.
func place(source string, pos spec.Pos, offset int, flaws []flaw) spec.Problems {
	runes := []rune(source)
	var all spec.Problems
	for _, f := range flaws {
		from := min(offset+f.from, max(len(runes)-1, 0))
		to := min(max(offset+f.to, from+1), max(len(runes), 1))
		all = append(all, spec.Problem{
			Pos: at(runes, pos, from), Width: width(runes, from, to), Message: f.message, Hint: f.hint,
		})
	}
	return all
}

// at is the place of a character of a scalar. After a line break in it, the column counts from the scalar's own: that is
// exact in a block scalar, whose lines share one indentation.
func at(runes []rune, pos spec.Pos, i int) spec.Pos {
	if pos.IsZero() {
		return pos
	}
	start := 0
	for k := 0; k < i && k < len(runes); k++ {
		if runes[k] == '\n' {
			pos.Line++
			start = k + 1
		}
	}
	pos.Col += i - start
	return pos
}

// width is how much to underline: up to the end of the line.
func width(runes []rune, from, to int) int {
	for k := from; k < to && k < len(runes); k++ {
		if runes[k] == '\n' {
			to = k
		}
	}
	return max(to-from, 1)
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func runeCount(s string) int { return utf8.RuneCountInString(s) }
