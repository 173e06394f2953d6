package expr

import (
	"fmt"
	"strings"
	"unicode"
)

// masked is a source in which every literal with a unit is an identifier of the same length, so that positions in it are
// positions in what the author wrote.
type masked struct {
	source   string // as written
	runes    []rune // of source
	text     string
	literals map[string]literal // by identifier
}

// flaw is a mistake at a place of a source, in characters from its start.
type flaw struct {
	from, to int
	message  string
	hint     string
}

// Limits on one expression. They bound what a hostile plan can cost before anything of it runs.
const (
	maxSource = 16 << 10
	maxNested = 64
	maxNodes  = 2000
)

// mask finds the literals of a source. It knows strings, comments, names and numbers, and nothing of the grammar.
func mask(source string) (*masked, *flaw) {
	if len(source) > maxSource {
		return nil, &flaw{0, 1, fmt.Sprintf("the expression has %d bytes: at most %d are possible", len(source), maxSource), ""}
	}
	m := &masked{source: source, runes: []rune(source), literals: map[string]literal{}}
	out := append([]rune(nil), m.runes...)
	depth := 0
	for i := 0; i < len(m.runes); {
		c := m.runes[i]
		if end := skipQuiet(m.runes, i); end > i {
			i = end
			continue
		}
		switch {
		case c == '$':
			return nil, &flaw{i, i + 1, "unexpected $", "an expression needs no ${…}: write the name alone"}
		case nameStart(c):
			i = endOfName(m.runes, i)
			continue
		case c >= '0' && c <= '9' && !afterDot(m.runes, i):
			end, f := m.number(out, i)
			if f != nil {
				return nil, f
			}
			i = end
			continue
		case strings.ContainsRune("([{", c):
			if depth++; depth > maxNested {
				return nil, &flaw{i, i + 1, fmt.Sprintf("brackets are nested more than %d deep", maxNested), ""}
			}
		case strings.ContainsRune(")]}", c):
			depth--
		}
		i++
	}
	m.text = string(out)
	return m, nil
}

// skipQuiet is the end of a string or comment that begins at i; i if none does. An open one ends at the end.
func skipQuiet(s []rune, i int) int {
	switch c := s[i]; {
	case c == '"' || c == '\'':
		for i++; i < len(s); i++ {
			switch s[i] {
			case '\\':
				i++
			case c:
				return i + 1
			}
		}
		return len(s)
	case c == '`':
		for i++; i < len(s); i++ {
			if s[i] == '`' {
				return i + 1
			}
		}
		return len(s)
	case c == '/' && i+1 < len(s) && s[i+1] == '/':
		for i < len(s) && s[i] != '\n' {
			i++
		}
		return i
	case c == '/' && i+1 < len(s) && s[i+1] == '*':
		for i += 2; i < len(s); i++ {
			if s[i] == '/' && s[i-1] == '*' {
				return i + 1
			}
		}
		return len(s)
	}
	return i
}

func nameStart(c rune) bool { return c == '_' || c == '#' || unicode.IsLetter(c) }

func namePart(c rune) bool { return c == '_' || unicode.IsLetter(c) || unicode.IsDigit(c) }

func endOfName(s []rune, i int) int {
	for i++; i < len(s) && namePart(s[i]); i++ {
	}
	return i
}

// afterDot tells whether a digit follows a member's or a range's dot: x.5 is no number of its own, 1..5 has two.
func afterDot(s []rune, i int) bool {
	return i > 0 && s[i-1] == '.' && (i < 2 || s[i-2] != '.')
}

// number reads the number at i. One with a unit is replaced in out.
func (m *masked) number(out []rune, i int) (end int, f *flaw) {
	s := m.runes
	end = endOfDigits(s, i)
	if s[i] == '0' && end == i+1 && end < len(s) && strings.ContainsRune("xXoObB", s[end]) && end+1 < len(s) && namePart(s[end+1]) {
		return endOfName(s, i), nil
	}
	if end < len(s) && (s[end] == 'e' || s[end] == 'E') && exponent(s, end) > end {
		return exponent(s, end), nil
	}
	stop := endOfUnit(s, end)
	if stop == end {
		return end, nil
	}
	lit, err := parseLiteral(string(s[i:stop]))
	if err != nil {
		return 0, &flaw{i, stop, err.Error(), ""}
	}
	name := placeholder(len(m.literals), stop-i)
	copy(out[i:stop], name)
	m.literals[string(name)] = lit
	return stop, nil
}

// placeholder is an identifier of a given length that no author can write: $ is refused in sources. The second character
// tells the literals of one source apart.
func placeholder(n, length int) []rune {
	name := make([]rune, length)
	for i := range name {
		name[i] = '_'
	}
	name[0], name[1] = '$', rune(0x4e00+n)
	return name
}

func endOfDigits(s []rune, i int) int {
	digits := func() {
		for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '_') {
			i++
		}
	}
	digits()
	if i+1 < len(s) && s[i] == '.' && s[i+1] >= '0' && s[i+1] <= '9' {
		i++
		digits()
	}
	return i
}

// exponent is the end of an exponent at i; i if it is none.
func exponent(s []rune, i int) int {
	end := i + 1
	if end < len(s) && (s[end] == '+' || s[end] == '-') {
		end++
	}
	start := end
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	if end == start {
		return i
	}
	return end
}

// endOfUnit is the end of the unit that begins at i, right after digits; i if there is none. A percent sign is one only
// where no operand follows, else it is the operator modulo; /s is one only as a whole word.
func endOfUnit(s []rune, i int) int {
	if i >= len(s) {
		return i
	}
	switch c := s[i]; {
	case c == '%':
		if i+1 == len(s) || unicode.IsSpace(s[i+1]) || strings.ContainsRune("),]}", s[i+1]) {
			return i + 1
		}
	case c == '/':
		if i+1 < len(s) && strings.ContainsRune("smh", s[i+1]) && (i+2 == len(s) || !namePart(s[i+2]) && s[i+2] != '(' && s[i+2] != '.') {
			return i + 2
		}
	case unicode.IsLetter(c):
		for i < len(s) && (namePart(s[i]) || s[i] == '.' && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9') {
			i++
		}
	}
	return i
}
